// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.sink;

import java.io.IOException;

/** Takes encoded alerts. One thread, the ring's last stage, calls all methods but {@link #waiting}. */
public interface AlertSink extends AutoCloseable {
    /**
     * Takes one alert.
     *
     * @param key node and container, for what partitions by key
     * @param json one line of JSON without the line's end
     * @throws IOException when it could not be taken; the message names the destination and the remedy
     */
    void accept(byte[] key, byte[] json) throws IOException;

    /** Makes durable what was accepted; called when no more alerts wait. */
    void flush() throws IOException;

    /** Alerts that were accepted and wait for the other side to take them; any thread. */
    default long waiting() {
        return 0;
    }

    /** Delivers what it can, and lets go. */
    @Override
    void close() throws IOException;
}
