// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.daemon;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code GET /metrics} over HTTP, for Prometheus, only where the configuration asks for it. There is no password and no TLS:
 * it belongs on loopback or behind what has them.
 *
 * <p>Threading: one of its own that answers; a connection that does nothing is cut after ten seconds and keeps nobody but other
 * readers waiting.
 */
final class MetricsServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MetricsServer.class);
    private static final int BACKLOG = 8;
    private static final String PATIENCE_SECONDS = "10";
    private static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final HttpServer server;
    private final ExecutorService thread;
    private final Supplier<? extends JsonNode> status;

    /**
     * Begins to answer.
     *
     * @param status made anew for each request, as {@link Status#json} has it
     * @throws ConfigurationException when it cannot listen there
     */
    MetricsServer(InetSocketAddress address, Supplier<? extends JsonNode> status) {
        this.status = status;
        System.setProperty("sun.net.httpserver.maxReqTime", PATIENCE_SECONDS);
        System.setProperty("sun.net.httpserver.maxRspTime", PATIENCE_SECONDS);
        try {
            this.server = HttpServer.create(address, BACKLOG);
        } catch (IOException e) {
            throw new ConfigurationException(
                    "metrics.listen " + address.getHostString() + ":" + address.getPort() + ": " + e.getMessage()
                            + ": set an address of this node and a free port",
                    e);
        }
        this.thread = Executors.newSingleThreadExecutor(run -> {
            Thread made = new Thread(run, "vigilant-metrics");
            made.setDaemon(true);
            return made;
        });
        server.setExecutor(thread);
        server.createContext("/", this::answer);
        server.start();
    }

    /** The same where there is an address to listen on. */
    static @Nullable MetricsServer open(@Nullable InetSocketAddress address, Supplier<? extends JsonNode> status) {
        return address == null ? null : new MetricsServer(address, status);
    }

    /** The address that it listens on. */
    InetSocketAddress address() {
        return server.getAddress();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!exchange.getRequestURI().getPath().equals("/metrics")) {
                exchange.sendResponseHeaders(404, -1);
            } else if (!exchange.getRequestMethod().equals("GET")) {
                exchange.getResponseHeaders().set("Allow", "GET");
                exchange.sendResponseHeaders(405, -1);
            } else {
                byte[] text = MetricsText.of(status.get()).getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", CONTENT_TYPE);
                exchange.sendResponseHeaders(200, text.length);
                exchange.getResponseBody().write(text);
            }
        } catch (RuntimeException e) {
            LOG.error("no metrics: {}", e.toString(), e);
        }
    }

    /** Answers no more. */
    @Override
    public void close() {
        server.stop(0);
        thread.shutdown();
    }
}
