/**
 * Benchmarks and the load that they need: generated logs, JMH runs over the real decoders and sessions.
 *
 * <p>Flows in: nothing. Flows out: figures. Knows everything; nothing knows it.
 */
@NullMarked
package dev.vigilant.bench;

import org.jspecify.annotations.NullMarked;
