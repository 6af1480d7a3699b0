// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** From the attack to the topic: how long it takes, and what happens when the broker or the daemon dies. */
class DeliveryIT {
    private static final String TOPIC = "alerts";
    private static final String CONTAINER = "vigilant-e2e-delivery";
    private static final int ATTACKS = 200;
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

    private static Path config(String name) throws Exception {
        Path directory = Repository.work(name);
        Path spool = Files.createTempDirectory(directory, "spool");
        return Files.writeString(directory.resolve("vigilant.yaml"), "spool:\n  directory: " + spool + "\n");
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

    private static boolean isAttack(JsonNode alert) {
        return alert.path("rule").path("id").asText().equals("escape-release-agent");
    }

    @Test
    void anEscapeIsInTheTopicWithinASecond() throws Exception {
        try (KafkaBroker broker = new KafkaBroker("latency")) {
            broker.createTopic(TOPIC);
            try (VigilantDaemon daemon = new VigilantDaemon(
                            "--sensor",
                            "audit",
                            "--config",
                            config("latency").toString(),
                            "--sink",
                            "kafka:" + broker.bootstrap() + "/" + TOPIC);
                    KafkaConsumer<String, String> consumer = broker.consumer(TOPIC)) {
                consumer.poll(Duration.ofMillis(500));
                attack(0, 5);
                Thread attacker = new Thread(() -> attack(5, 5 + ATTACKS));
                attacker.start();
                Histogram millis = new Histogram(3);
                int seen = 0;
                long deadline = System.nanoTime() + PATIENCE.toNanos();
                while (seen < ATTACKS + 5 && System.nanoTime() < deadline) {
                    for (var record : consumer.poll(Duration.ofMillis(5))) {
                        Instant now = Instant.now();
                        JsonNode alert = new ObjectMapper().readTree(record.value());
                        if (isAttack(alert)) {
                            seen++;
                            if (seen > 5) {
                                Instant time =
                                        Instant.parse(alert.path("@timestamp").asText());
                                millis.recordValue(
                                        Math.max(0, Duration.between(time, now).toMillis()));
                            }
                        }
                    }
                }
                attacker.join();
                assertThat(seen).isEqualTo(ATTACKS + 5);
                String line = String.format(
                        "attack to topic, %d attacks: p50 %d ms, p99 %d ms, max %d ms (event time is up to 10 ms early)",
                        ATTACKS,
                        millis.getValueAtPercentile(50),
                        millis.getValueAtPercentile(99),
                        millis.getMaxValue());
                System.out.println(line);
                Files.writeString(Repository.HOME.resolve("src/target/latency.txt"), line + "\n");
                assertThat(daemon.terminate()).isZero();
            }
        }
    }

    @Test
    void alertsOutliveTheBroker() throws Exception {
        AuditState before = AuditState.now();
        try (KafkaBroker broker = new KafkaBroker("outage")) {
            broker.createTopic(TOPIC);
            try (VigilantDaemon daemon = new VigilantDaemon(
                    "--sensor",
                    "audit",
                    "--config",
                    config("outage").toString(),
                    "--sink",
                    "kafka:" + broker.bootstrap() + "/" + TOPIC)) {
                attack(0, 5);
                broker.stop();
                attack(5, 15);
                broker.start();
                attack(15, 20);
                assertThat(daemon.terminate()).isZero();
            }
            List<JsonNode> alerts = new ArrayList<>();
            List<Long> sequence = new ArrayList<>();
            for (var record : broker.drain(TOPIC)) {
                JsonNode alert = new ObjectMapper().readTree(record.value());
                long number = alert.path("vigilant").path("sequence").asLong();
                if (!sequence.contains(number)) {
                    sequence.add(number);
                    alerts.add(alert);
                }
            }
            assertThat(alerts.stream().filter(DeliveryIT::isAttack).count()).isEqualTo(20);
            sequence.sort(null);
            assertThat(sequence.get(sequence.size() - 1)).isEqualTo(sequence.size());
        }
        assertThat(AuditState.now()).isEqualTo(before);
    }

    @Test
    void aKilledDaemonLeavesNothingThatTheNextDoesNotMend() throws Exception {
        AuditState before = AuditState.now();
        Path alerts = Repository.work("kill").resolve("alerts.json");
        try (VigilantDaemon killed = new VigilantDaemon("--sensor", "audit", "--sink", "file:" + alerts)) {
            killed.kill();
        }
        assertThat(AuditState.now().rules()).contains("vigilant");
        try (VigilantDaemon next = new VigilantDaemon("--sensor", "audit", "--sink", "file:" + alerts)) {
            assertThat(next.terminate()).isZero();
        }
        assertThat(AuditState.now()).isEqualTo(before);
    }
}
