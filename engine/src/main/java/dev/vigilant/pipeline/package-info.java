/**
 * The one ring between the sensor and the sinks, and the thread that feeds it.
 *
 * <pre>
 *  FrameReader --bytes--> decoder --events--> [ slot | slot | slot | ... ] one Disruptor ring
 *   audit netlink          sensor thread         |      |      |
 *   proc connector                               enrich detect deliver      one thread a stage: slot in, slot out
 *   log, recording
 * </pre>
 *
 * <p>Flows in: events. Flows out: alerts, on the slot of the event that completed them. Nothing downstream blocks the
 * sensor thread of a live run: a full ring drops, counts, and tells the rules with a SensorHealth event.
 */
@NullMarked
package dev.vigilant.pipeline;

import org.jspecify.annotations.NullMarked;
