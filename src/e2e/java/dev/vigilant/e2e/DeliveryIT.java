// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From the attack to the topic: how long it takes, and what happens when the broker or the daemon dies. */
class DeliveryIT {
    private static final String TOPIC = "alerts";
    private static final String CONTAINER = "vigilant-e2e-delivery";
    private static final int ATTACKS = 200;

    /** Attacks before those that are timed: the first ones wait for the compiler of the daemon's JVM. */
    private static final int WARM_UP = 5;

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static DockerEngine docker;

    @BeforeAll
    static void start() throws Exception {
        Preconditions.check();
        docker = new DockerEngine();
        DockerEngine.remove(CONTAINER);
        DockerEngine.sleeper(CONTAINER);
    }

    @AfterAll
    static void stop() {
        if (docker != null) {
            DockerEngine.remove(CONTAINER);
            docker.close();
        }
    }

    private static Path config(String name) throws IOException {
        Path directory = Repository.work(name);
        Path spool = Files.createTempDirectory(directory, "spool");
        return Files.writeString(directory.resolve("vigilant.yaml"), "spool:\n  directory: " + spool + "\n");
    }

    private static VigilantDaemon daemon(Path config, KafkaBroker broker) throws Exception {
        return daemon("audit", config, broker);
    }

    private static VigilantDaemon daemon(String sensor, Path config, KafkaBroker broker) throws Exception {
        String sink = "kafka:" + broker.bootstrap() + "/" + TOPIC;
        return new VigilantDaemon(
                "--sensor",
                sensor,
                "--config",
                config.toString(),
                "--sink",
                sink,
                "--summary",
                summary(config).toString());
    }

    private static Path summary(Path config) {
        return config.resolveSibling("summary.json");
    }

    /** Each attack opens a release_agent of its own for writing, so that each alert can be told apart. */
    private static void attack(int from, int to) {
        Command attack = Command.run(
                "docker",
                "exec",
                CONTAINER,
                "sh",
                "-c",
                "for i in $(seq " + from + " " + (to - 1)
                        + "); do mkdir -p /tmp/$i; : > /tmp/$i/release_agent; usleep 30000; done");
        assertThat(attack.exit()).as(attack.output()).isZero();
    }

    /** The attack that an alert tells of; -1 for an alert of another rule. */
    private static int attackOf(JsonNode alert) {
        if (!Verdict.rule(alert).equals("escape-release-agent")) {
            return -1;
        }
        assertThat(alert.path("container").path("name").asText()).isEqualTo(CONTAINER);
        Path file = Path.of(alert.path("file").path("path").asText());
        return Integer.parseInt(file.getName(file.getNameCount() - 2).toString());
    }

    /** The topic's alerts by their number, each once: delivery is at least once. */
    private static SortedMap<Long, JsonNode> alertsBySequence(KafkaBroker broker) throws IOException {
        SortedMap<Long, JsonNode> alerts = new TreeMap<>();
        for (var record : broker.drain(TOPIC)) {
            JsonNode alert = new ObjectMapper().readTree(record.value());
            alerts.put(alert.path("vigilant").path("sequence").asLong(), alert);
        }
        return alerts;
    }

    private static Set<Integer> attacksIn(Iterable<JsonNode> alerts) {
        Set<Integer> attacks = new TreeSet<>();
        alerts.forEach(alert -> attacks.add(attackOf(alert)));
        attacks.remove(-1);
        return attacks;
    }

    private static Set<Integer> range(int from, int to) {
        return IntStream.range(from, to).boxed().collect(Collectors.toSet());
    }

    @ParameterizedTest
    @ValueSource(strings = {"audit", "ebpf"})
    void everyAttackReachesTheTopicAndTheTimeIsTaken(String sensor) throws Exception {
        Path config = config("latency-" + sensor);
        try (KafkaBroker broker = new KafkaBroker("latency-" + sensor)) {
            broker.createTopic(TOPIC);
            try (VigilantDaemon daemon = daemon(sensor, config, broker);
                    KafkaConsumer<String, String> consumer = broker.consumer(TOPIC)) {
                attack(0, WARM_UP);
                Thread attacker = new Thread(() -> attack(WARM_UP, WARM_UP + ATTACKS));
                attacker.start();
                Histogram millis = new Histogram(3);
                Set<Integer> seen = new TreeSet<>();
                long deadline = System.nanoTime() + PATIENCE.toNanos();
                while (seen.size() < WARM_UP + ATTACKS && System.nanoTime() < deadline) {
                    for (var record : consumer.poll(Duration.ofMillis(5))) {
                        Instant now = Instant.now();
                        JsonNode alert = new ObjectMapper().readTree(record.value());
                        int attack = attackOf(alert);
                        if (attack >= 0 && seen.add(attack) && attack >= WARM_UP) {
                            Instant time =
                                    Instant.parse(alert.path("@timestamp").asText());
                            millis.recordValue(
                                    Math.max(0, Duration.between(time, now).toMillis()));
                        }
                    }
                }
                attacker.join();
                report(sensor, millis);
                assertThat(seen).isEqualTo(range(0, WARM_UP + ATTACKS));
                assertThat(daemon.terminate()).isZero();
            }
        }
        JsonNode latency = new ObjectMapper().readTree(summary(config).toFile()).path("latency");
        for (String stretch : List.of("event_to_sink", "decision_to_ack")) {
            JsonNode times = latency.path(stretch);
            System.out.println(stretch + ": " + times);
            assertThat(times.path("count").asLong()).as(stretch).isGreaterThanOrEqualTo(WARM_UP + ATTACKS);
            assertThat(times.path("p50").asDouble()).as(stretch).isBetween(1e-5, 1.0);
        }
    }

    /** Audit stamps an event with the time of the last clock tick, so that up to 10 ms of what is told here did not pass. */
    private static void report(String sensor, Histogram millis) throws IOException {
        ObjectNode json = new ObjectMapper().createObjectNode();
        json.put(
                "what",
                "milliseconds from the event's time stamp (audit's is up to 10 ms early) to the Kafka consumer");
        json.put("sensor", sensor);
        json.put("attacks", millis.getTotalCount());
        json.put("p50", millis.getValueAtPercentile(50));
        json.put("p99", millis.getValueAtPercentile(99));
        json.put("max", millis.getMaxValue());
        System.out.println(json.toPrettyString());
        Files.writeString(
                Repository.HOME.resolve("src/target/latency-" + sensor + ".json"), json.toPrettyString() + "\n");
    }

    @Test
    void alertsOutliveTheBroker() throws Exception {
        AuditState before = AuditState.now();
        Path config = config("outage");
        try (KafkaBroker broker = new KafkaBroker("outage")) {
            broker.createTopic(TOPIC);
            try (VigilantDaemon daemon = daemon(config, broker)) {
                attack(0, 5);
                broker.stop();
                attack(5, 15);
                broker.start();
                attack(15, 20);
                assertThat(daemon.terminate()).isZero();
            }
            SortedMap<Long, JsonNode> alerts = alertsBySequence(broker);
            assertThat(attacksIn(alerts.values())).isEqualTo(range(0, 20));
            assertThat(alerts.firstKey()).isOne();
            assertThat(alerts.lastKey()).isEqualTo(alerts.size());
        }
        assertThat(AuditState.now()).isEqualTo(before);
    }

    @Test
    void theNextDaemonDeliversWhatTheLastCouldNot() throws Exception {
        Path config = config("restart");
        try (KafkaBroker broker = new KafkaBroker("restart")) {
            broker.createTopic(TOPIC);
            broker.stop();
            try (VigilantDaemon stopped = daemon(config, broker)) {
                attack(0, 5);
                assertThat(stopped.terminate()).isZero();
            }
            try (VigilantDaemon killed = daemon(config, broker)) {
                killed.kill();
            }
            broker.start();
            try (VigilantDaemon next = daemon(config, broker)) {
                assertThat(next.terminate()).isZero();
            }
            assertThat(attacksIn(alertsBySequence(broker).values())).isEqualTo(range(0, 5));
        }
    }

    @Test
    void aKilledDaemonLeavesNothingThatTheNextDoesNotMend() throws Exception {
        AuditState before = AuditState.now();
        String sink = "file:" + Repository.work("kill").resolve("alerts.json");
        try (VigilantDaemon killed = new VigilantDaemon("--sensor", "audit", "--sink", sink)) {
            attack(0, 5);
            killed.kill();
        }
        assertThat(AuditState.now().rules()).contains("key=vigilant");
        try (VigilantDaemon next = new VigilantDaemon("--sensor", "audit", "--sink", sink)) {
            assertThat(next.terminate()).isZero();
        }
        assertThat(AuditState.now()).isEqualTo(before);
    }
}
