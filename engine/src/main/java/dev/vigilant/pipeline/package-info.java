/**
 * The one ring between the sensor and the sinks, and the thread that feeds it.
 *
 * <pre>
 *  FrameReader --bytes--> decoder --events--> [ slot | slot | slot | ... ] one Disruptor ring
 *   audit netlink          sensor thread         |      |      |
 *   proc connector                               enrich detect deliver      the first two on one thread
 * </pre>
 *
 * <p>A log or a recording passes the same stages on the thread that decodes it, without a ring.
 *
 * <p>Flows in: events. Flows out: alerts, on the slot of the event that completed them. The
 * sensor thread waits for room: what the kernel tells meanwhile gathers in its own buffers, which lose by kind and count.
 */
@NullMarked
package dev.vigilant.pipeline;

import org.jspecify.annotations.NullMarked;
