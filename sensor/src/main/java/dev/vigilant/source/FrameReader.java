// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.source;

import java.io.Closeable;
import java.io.IOException;

/** A source of bytes: a netlink socket, a ring buffer, a log file or a recording. One thread uses it. */
public interface FrameReader extends Closeable {
    /**
     * Hands over what is there, at most one batch, without waiting.
     *
     * @return how many frames were handed over; 0 when nothing was there; -1 at the end of a file
     * @throws IOException when the source broke; the message says what and names the remedy
     */
    int read(FrameSink sink) throws IOException;

    /** Descriptor to poll for input, or -1 for a file that is always ready. */
    int fd();
}
