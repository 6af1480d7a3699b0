// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.daemon;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Where a running daemon is asked how it is: the status socket, and HTTP where it is configured. */
final class Outlets implements AutoCloseable {
    private final @Nullable MetricsServer metrics;
    private final @Nullable StatusSocket socket;

    /** @throws ConfigurationException when metrics cannot be served where they should */
    Outlets(Config config, Status status) {
        this.metrics = MetricsServer.open(config.metrics(), status::json);
        this.socket = StatusSocket.open(config.stateDirectory(), status::document);
    }

    /** Answers no more. */
    @Override
    public void close() throws IOException {
        if (metrics != null) {
            metrics.close();
        }
        if (socket != null) {
            socket.close();
        }
    }
}
