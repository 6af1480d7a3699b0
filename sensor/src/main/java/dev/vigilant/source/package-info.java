/**
 * The seams of the sensor: bytes in ({@link dev.vigilant.source.FrameReader}), events out ({@link
 * dev.vigilant.source.EventSink}), and what the rules want sensed ({@link dev.vigilant.source.Interest}).
 *
 * <p>Tests and benchmarks replay recorded frames through the real decoders at this seam. One sensor thread runs it.
 */
@NullMarked
package dev.vigilant.source;

import org.jspecify.annotations.NullMarked;
