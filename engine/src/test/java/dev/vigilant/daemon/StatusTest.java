// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vigilant.alert.EcsJson;
import dev.vigilant.alert.Host;
import dev.vigilant.counter.Counter;
import dev.vigilant.counter.Counters;
import dev.vigilant.detect.Detection;
import dev.vigilant.event.Actor;
import dev.vigilant.event.Context;
import dev.vigilant.event.FileOpen;
import dev.vigilant.event.FileTarget;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.event.Origin;
import dev.vigilant.pipeline.Latencies;
import dev.vigilant.pipeline.Pipeline;
import dev.vigilant.pipeline.Stage;
import dev.vigilant.rules.RuleSet;
import dev.vigilant.sink.AlertSink;
import dev.vigilant.sink.DeliverStage;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A daemon without a sensor, asked while it runs, in each of the ways. */
@Timeout(60)
class StatusTest {
    private static final String RULE = """
            package t;
            rule "shadow" @id("shadow") @severity("error") @description("d")
            when
                $e : FileOpen( file.path == "/etc/shadow" )
            then
                alert( $e );
            end
            rule "quiet" @id("quiet") @severity("error") @description("d")
            when
                $e : FileOpen( file.path == "/etc/gshadow" )
            then
                alert( $e );
            end
            """;
    private static final String SITE = """
            limits:
              - {rule: quiet, alerts: 1, per: 1h}
            """;
    private static final Pattern SAMPLE =
            Pattern.compile("(vigilant_[a-z0-9_]+)(?:\\{((?:[a-z_]+=\"(?:[^\"\\\\\n]|\\\\[\\\\\"n])*\",?)+)})? (\\S+)");

    @TempDir
    Path directory;

    private final Counters counters = new Counters();
    private final Latencies latencies = new Latencies();
    private final CountDownLatch room = new CountDownLatch(1);
    private Detection detect;
    private Pipeline pipeline;
    private Reloader reloader;
    private Status status;
    private Config config;

    /** Holds what it gets back until there is room. */
    private final class Waiting implements AlertSink {
        @Override
        public void accept(byte[] key, byte[] json) {
            latencies.acknowledged(1_000_000);
        }

        @Override
        public void flush() {}

        @Override
        public long waiting() {
            return 42;
        }

        @Override
        public void close() {}
    }

    @BeforeEach
    void start() throws Exception {
        Path rules = Files.writeString(directory.resolve("r.drl"), RULE);
        Path site = Files.writeString(directory.resolve("site.yaml"), SITE);
        config = ConfigFile.read(Files.writeString(
                directory.resolve("config.yaml"),
                "rules: {built_in: false, paths: [" + rules + "], site: " + site
                        + "}\nsinks: ['kafka:b\"roker:9092/alerts']\nring: {slots: 64}\n"));
        RuleSet set = Rules.read(config);
        detect = new Detection(set, 1, "node", counters);
        List<AlertSink> sinks = List.of(new Waiting());
        DeliverStage deliver =
                new DeliverStage(sinks, new EcsJson(new Host("node", "id", "6", "x86_64")), "node", counters);
        Stage blocked = (slot, end) -> {
            if (slot.alerts().isEmpty()
                    && slot.event() instanceof FileOpen open
                    && "/block".equals(open.file().path())) {
                room.await();
            }
        };
        pipeline = new Pipeline(
                64,
                List.of(
                        List.of(detect.with(latencies.decided())),
                        List.of(deliver.with(latencies.delivered()).with(blocked))),
                counters);
        CountingSink counting = new CountingSink(pipeline);
        reloader = new Reloader(config, set, detect, interests -> CompletableFuture.completedFuture(null));
        long begin = System.nanoTime();
        status = new Status(
                config,
                () -> "ebpf + audit owner",
                List.of("what is not there"),
                Instant.now(),
                () -> new Summary(
                        counters,
                        counting.counts(),
                        deliver.byRule(),
                        detect.suppressed(),
                        latencies.distributions(),
                        begin),
                detect::costs,
                pipeline,
                sinks,
                reloader);
        for (String path : List.of("/etc/shadow", "/etc/gshadow", "/etc/gshadow", "/etc/gshadow", "/none", "/block")) {
            counting.event(open(path));
        }
        counting.event(open("/waits"));
        counters.add(Counter.LOST_BPF_RING_FULL, 7);
        counters.add(Counter.REJECTED_LATE, 3);
        counters.add(Counter.ALERTS_LOST_SPOOL_FULL, 2);
        Files.writeString(rules, RULE.replace("FileOpen(", "FileOpne("));
        assertThat(reloader.reload()).isFalse();
        while (counters.get(Counter.ALERTS_ACCEPTED) < 2 || counters.get(Counter.EVENTS_GATED) < 3) {
            Thread.sleep(1);
        }
    }

    @AfterEach
    void stop() {
        room.countDown();
        pipeline.close();
        detect.close();
    }

    @Test
    void isOneDocumentOverTheSocket() throws IOException {
        try (StatusSocket socket = new StatusSocket(directory, status::document)) {
            String where = directory.toString();
            JsonNode json =
                    new ObjectMapper().readTree(Captured.run(0, "status", "--state-dir", where, "--format", "json"));

            assertThat(json.at("/daemon/pid").asLong())
                    .isEqualTo(ProcessHandle.current().pid());
            assertThat(json.at("/daemon/resident_bytes").asLong()).isGreaterThan(10 << 20);
            assertThat(json.at("/sensor/description").asText()).isEqualTo("ebpf + audit owner");
            assertThat(json.at("/sensor/cannot_see/0").asText()).isEqualTo("what is not there");
            assertThat(json.at("/rules/running").asLong()).isEqualTo(2);
            assertThat(json.at("/rules/last_reload/done").asBoolean()).isFalse();
            assertThat(json.at("/rules/last_reload/message").asText())
                    .contains("the old 2 rules go on")
                    .contains("unknown event type `FileOpne`");
            assertThat(json.at("/rules/costs").properties())
                    .isNotEmpty()
                    .allSatisfy(rule ->
                            assertThat(rule.getValue().path("asked").asLong()).isPositive());
            assertThat(json.at("/ring/backlog").asLong()).isBetween(2L, 7L);
            assertThat(json.at("/sinks/0/waiting").asLong()).isEqualTo(42);
            assertThat(json.at("/undelivered").asLong()).isEqualTo(2);
            assertThat(json.at("/events/out/file_open").asLong()).isEqualTo(7);
            assertThat(json.at("/events/lost/bpf_ring_full").asLong()).isEqualTo(7);
            assertThat(json.at("/counters/events_gated").asLong()).isEqualTo(3);
            assertThat(json.at("/alerts/shadow").asLong()).isOne();
            assertThat(json.at("/suppressed/quiet")).hasSize(1).first().isEqualTo(new ObjectMapper().valueToTree(2));
            assertThat(json.at("/latency/decision_to_ack/count").asLong()).isEqualTo(2);
            assertThat(json.at("/latency/decision_to_ack/p99").asDouble()).isBetween(0.00099, 0.00102);
            assertThat(json.at("/latency/event_to_sink/count").asLong()).isEqualTo(2);
        }
    }

    @Test
    void isSaidInWords() throws IOException {
        try (StatusSocket socket = new StatusSocket(directory, status::document)) {
            assertThat(Captured.run(
                            0,
                            "status",
                            "--socket",
                            directory.resolve(StatusSocket.NAME).toString()))
                    .containsPattern("daemon      pid \\d+, up \\d+ s, [\\d.]+ s CPU, \\d+ MiB resident")
                    .contains("sensor      ebpf + audit owner\n            cannot see what is not there\n")
                    .contains("rules       2 run\n")
                    .containsPattern("\\d+\\.\\d{3} s  shadow, conditions asked \\d+ times\n")
                    .contains("not reloaded, the old 2 rules go on: mend what is refused: ")
                    .containsPattern("ring        [2-7] of 64 slots wait\n")
                    .contains("events      7; 3 of them gated, 0 incomplete\n                     7  file_open\n")
                    .contains("lost        7\n                     7  bpf_ring_full\n")
                    .contains("rejected    3 records\n                     3  late\n")
                    .contains("alerts      2\n")
                    .contains("suppressed  2\n                     2  quiet: ")
                    .contains("sink        kafka:b\"roker:9092/alerts: 42 wait\n")
                    .contains("undelivered 2\n")
                    .contains("latency     decision to ack: p50 1.00 ms");
        }
    }

    @Test
    void saysWhenNoDaemonRuns() {
        Captured.run(Vigilant.FINDINGS, "status", "--state-dir", directory.toString());
        Captured.run(Vigilant.USAGE, "status", "--format", "xml");
    }

    @Test
    void isServedToPrometheusInDocumentedNames() throws Exception {
        Map<String, String> samples = new TreeMap<>();
        List<String> types = new ArrayList<>();
        try (MetricsServer server = new MetricsServer(new InetSocketAddress("127.0.0.1", 0), status::json)) {
            HttpResponse<String> response = get(server, "/metrics");
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("Content-Type"))
                    .hasValue("text/plain; version=0.0.4; charset=utf-8");
            for (String line : response.body().split("\n")) {
                if (line.startsWith("# TYPE ")) {
                    types.add(line.split(" ")[2]);
                } else {
                    Matcher sample = SAMPLE.matcher(line);
                    assertThat(sample.matches()).as(line).isTrue();
                    assertThat(samples.put(line.substring(0, line.lastIndexOf(' ')), sample.group(3)))
                            .as(line)
                            .isNull();
                    assertThat(types.get(types.size() - 1))
                            .isEqualTo(sample.group(1).replaceAll("_(sum|count)$", ""));
                }
            }
            assertThat(get(server, "/").statusCode()).isEqualTo(404);
        }
        assertThat(types).doesNotHaveDuplicates();
        assertThat(samples)
                .containsEntry("vigilant_events_total{kind=\"file_open\"}", "7")
                .containsEntry("vigilant_lost_bpf_ring_full_total", "7")
                .containsEntry("vigilant_rejected_late_total", "3")
                .containsEntry("vigilant_events_gated_total", "3")
                .containsEntry("vigilant_alerts_total{rule=\"quiet\"}", "1")
                .containsEntry("vigilant_sink_waiting_alerts{sink=\"kafka:b\\\"roker:9092/alerts\"}", "42")
                .containsEntry("vigilant_last_reload_successful", "0")
                .containsEntry("vigilant_decision_to_ack_seconds_count", "2")
                .containsEntry("vigilant_rules", "2");
        assertThat(Double.parseDouble(samples.get("vigilant_decision_to_ack_seconds{quantile=\"0.99\"}")))
                .isBetween(0.00099, 0.00102);
        assertThat(Double.parseDouble(samples.get("vigilant_ready_timestamp_seconds")) * 1e3)
                .isBetween(System.currentTimeMillis() - 600_000.0, (double) System.currentTimeMillis());
        assertThat(Files.readString(Path.of("../src/docs/metrics.md")))
                .contains(types.stream().map(t -> "| `" + t + "`").toList());
    }

    /** The sentences stand beside the constants; the page repeats them. */
    @Test
    void everyCounterIsDocumentedAsTheCodeSays() throws IOException {
        String source = Files.readString(Path.of("../sensor/src/main/java/dev/vigilant/counter/Counter.java"));
        Matcher constant =
                Pattern.compile("/\\*\\* (.+?) \\*/\\s+([A-Z_]+)[,;]").matcher(source);
        List<String> rows = new ArrayList<>();
        while (constant.find()) {
            String label = Counter.valueOf(constant.group(2)).label();
            rows.add("| `vigilant_" + label + "_total` | " + constant.group(1).replaceAll("\\{@code (.+?)}", "`$1`")
                    + " |");
        }

        assertThat(rows).hasSize(Counter.values().length);
        assertThat(Files.readString(Path.of("../src/docs/metrics.md"))).contains(rows);
    }

    @Test
    void saysOfAnAddressThatCannotBeHad() throws IOException {
        try (MetricsServer server = new MetricsServer(new InetSocketAddress("127.0.0.1", 0), status::json)) {
            InetSocketAddress taken = server.address();

            assertThat(Stream.of(taken).map(a -> catchMessage(() -> new MetricsServer(a, status::json))))
                    .first()
                    .asString()
                    .startsWith("metrics.listen 127.0.0.1:" + taken.getPort() + ": Address already in use: set an");
        }
    }

    private static String catchMessage(Runnable run) {
        try {
            run.run();
            return "nothing thrown";
        } catch (ConfigurationException e) {
            return e.getMessage();
        }
    }

    private static HttpResponse<String> get(MetricsServer server, String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + server.address().getPort() + path);
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static KernelEvent open(String path) {
        return new FileOpen(
                Context.of(System.currentTimeMillis() * 1_000_000L, Origin.EBPF, Actor.ofPid(7, 1)),
                FileTarget.ofPath(path),
                0,
                0,
                false);
    }
}
