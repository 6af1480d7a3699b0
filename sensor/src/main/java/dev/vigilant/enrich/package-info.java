/**
 * The state that makes events meaningful: which process, started by whom, in which container. Kept in event time, so that
 * a replay gives the same answers as the live run.
 *
 * <p>Flows in: decoded events, among them snapshots of /proc and of containers. Flows out: the same events with process
 * and container set. One stage thread.
 */
@NullMarked
package dev.vigilant.enrich;

import org.jspecify.annotations.NullMarked;
