// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A real daemon asked how it is, killed, and started again. Needs root and kernel audit. */
class StatusIT {
    private static Path state;
    private static Path config;
    private static int port;

    @BeforeAll
    static void configure() throws IOException {
        assumeTrue("root".equals(System.getProperty("user.name")), "needs root");
        assumeTrue(Command.run("auditctl", "-s").exit() == 0, "needs auditctl and kernel audit");
        Path directory = Repository.work("status");
        state = Files.createTempDirectory("vigilant-status");
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        config = Files.writeString(
                directory.resolve("vigilant.yaml"),
                "state_directory: " + state + "\nmetrics:\n  listen: 127.0.0.1:" + port + "\n");
    }

    @Test
    void saysHowItIsWhileItRunsAndThatItDoesNotWhenItHasEnded() throws Exception {
        assertThat(status().exit()).isOne();
        Path socket = state.resolve("status.sock");
        try (VigilantDaemon killed = daemon()) {
            assertThat(Files.getPosixFilePermissions(socket)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
            Command second = vigilant("run", "--sensor", "audit", "--config", config.toString());
            assertThat(second.exit()).as(second.output()).isEqualTo(2);
            assertThat(second.output()).contains("state_directory " + state + " is in use by the daemon with pid ");
            killed.kill();
        }
        assertThat(socket).exists();
        Command stale = status();
        assertThat(stale.exit()).as(stale.output()).isOne();
        assertThat(stale.output()).contains("no daemon answers at " + socket);

        try (VigilantDaemon next = daemon()) {
            Command.run("sh", "-c", "cat /etc/shadow >/dev/null; for i in $(seq 200); do /bin/true; done");
            JsonNode status = waitForAlerts();
            assertThat(status.at("/sensor/description").asText()).startsWith("audit ");
            assertThat(status.at("/rules/running").asInt()).isGreaterThan(200);
            assertThat(status.at("/daemon/resident_bytes").asLong()).isGreaterThan(50 << 20);
            assertThat(status.at("/events/out/process_exec").asLong()).isPositive();
            assertThat(status.at("/latency/event_to_decision/p50").asDouble()).isBetween(0.0, 5.0);
            assertThat(status.at("/latency/event_to_sink/count").asLong()).isPositive();
            assertThat(metrics())
                    .contains("vigilant_alerts_total{rule=")
                    .contains("vigilant_event_to_sink_seconds{quantile=\"0.99\"} ");
            assertThat(next.terminate()).isZero();
        }
        assertThat(socket).doesNotExist();
    }

    private static VigilantDaemon daemon() throws Exception {
        return new VigilantDaemon("--sensor", "audit", "--config", config.toString());
    }

    private static JsonNode waitForAlerts() throws Exception {
        JsonNode status = new ObjectMapper().readTree(status().output());
        for (int i = 0; i < 20 && status.at("/latency/event_to_sink").isMissingNode(); i++) {
            Thread.sleep(500);
            status = new ObjectMapper().readTree(status().output());
        }
        return status;
    }

    private static Command status() {
        return vigilant("status", "--config", config.toString(), "--format", "json");
    }

    private static Command vigilant(String... words) {
        String[] all = new String[words.length + 1];
        all[0] = Repository.LAUNCHER.toString();
        System.arraycopy(words, 0, all, 1, words.length);
        return Command.run(all);
    }

    private static String metrics() throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + port + "/metrics");
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
