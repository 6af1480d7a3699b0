// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.source;

/** Takes the frames of a source, in order. Called by the sensor thread only. */
@FunctionalInterface
public interface FrameSink {
    /**
     * One frame. The bytes are valid until the call returns.
     *
     * @param channel which stream the frame is of
     * @param type the stream's own type number: the audit record type, or 0
     * @param receivedNanos when it was read, nanoseconds since the epoch
     */
    void frame(Channel channel, int type, byte[] buffer, int offset, int length, long receivedNanos);
}
