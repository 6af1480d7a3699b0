/**
 * What the kernel tells of processes outside audit: the process connector's fork, exec and exit, and the files of /proc.
 *
 * <p>Flows in: netlink datagrams, /proc. Flows out: frames, and snapshots. The sensor thread runs it.
 */
@NullMarked
package dev.vigilant.proc;

import org.jspecify.annotations.NullMarked;
