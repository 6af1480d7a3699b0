// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Attacks in real containers, sensed by kernel audit, read back from a Kafka topic. */
class ScenariosIT {
    private static final String TOPIC = "security.runtime.alerts.v1";

    private static final List<ScenarioRunner.Trace> shared = new ArrayList<>();
    private static final List<ScenarioRunner.Trace> own = new ArrayList<>();
    private static final List<JsonNode> alerts = new ArrayList<>();
    private static AuditState before;
    private static AuditState after;
    private static int exit = -1;

    @BeforeAll
    static void attack() throws Exception {
        Preconditions.check();
        before = AuditState.now();
        try (DockerEngine docker = new DockerEngine();
                KafkaBroker broker = new KafkaBroker("scenarios")) {
            broker.createTopic(TOPIC);
            Path config = Repository.work("scenarios").resolve("vigilant.yaml");
            Path spool = Files.createTempDirectory(Repository.work("scenarios"), "spool");
            Files.writeString(config, "spool:\n  directory: " + spool + "\n");
            try (VigilantDaemon daemon = new VigilantDaemon(
                            "--sensor",
                            "audit",
                            "--config",
                            config.toString(),
                            "--sink",
                            "kafka:" + broker.bootstrap() + "/" + TOPIC);
                    ScenarioRunner runner = new ScenarioRunner()) {
                runAll(runner);
                exit = daemon.terminate();
            }
            for (var record : broker.drain(TOPIC)) {
                alerts.add(new ObjectMapper().readTree(record.value()));
            }
        }
        after = AuditState.now();
    }

    private static void runAll(ScenarioRunner runner) throws IOException {
        if (Files.isDirectory(Repository.SHARED)) {
            for (String file : List.of("attacks.yaml", "benign.yaml")) {
                for (Scenario scenario : Scenario.load(Repository.SHARED.resolve(file))) {
                    shared.add(runner.run(scenario));
                }
            }
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(Repository.OWN, "*.yaml")) {
            for (Path file : files) {
                for (Scenario scenario : Scenario.load(file)) {
                    if (!scenario.runs().equals("replay")) {
                        own.add(runner.run(scenario));
                    }
                }
            }
        }
    }

    @AfterAll
    static void report() throws IOException {
        StringBuilder table = new StringBuilder();
        for (List<ScenarioRunner.Trace> traces : List.of(shared, own)) {
            for (ScenarioRunner.Trace trace : traces) {
                List<JsonNode> found = ScenarioRunner.alertsOf(trace, alerts);
                String verdict = ScenarioRunner.verdict(trace.scenario(), found);
                table.append(String.format(
                        "%-4s %-32s %-10s %s %s%n",
                        verdict.isEmpty() ? "ok" : "FAIL",
                        trace.scenario().id(),
                        trace.scenario().silent() ? "silent" : trace.scenario().minSeverity(),
                        found.stream()
                                .map(a -> a.path("rule").path("id").asText() + "=" + ScenarioRunner.level(a))
                                .distinct()
                                .sorted()
                                .toList(),
                        verdict.isEmpty() ? "" : verdict + "; it printed: " + firstLine(trace.output())));
            }
        }
        System.out.println(table);
        Files.writeString(Repository.HOME.resolve("src/target/scenarios.txt"), table);
    }

    private static String firstLine(String output) {
        return output.lines().findFirst().orElse("nothing");
    }

    @TestFactory
    Stream<DynamicTest> sharedScenarios() {
        assumeTrue(!shared.isEmpty(), "no " + Repository.SHARED + ": the shared scenarios are not part of a clone");
        return verdicts(shared);
    }

    @TestFactory
    Stream<DynamicTest> ownScenarios() {
        assertThat(own).isNotEmpty();
        return verdicts(own);
    }

    private static Stream<DynamicTest> verdicts(List<ScenarioRunner.Trace> traces) {
        return traces.stream()
                .map(trace -> dynamicTest(trace.scenario().id(), () -> {
                    List<JsonNode> found = ScenarioRunner.alertsOf(trace, alerts);
                    assertThat(ScenarioRunner.verdict(trace.scenario(), found))
                            .as("%s; it printed: %s", trace.scenario().id(), trace.output())
                            .isEmpty();
                }));
    }

    @Test
    void stopsCleanlyAndLeavesAuditAsItWas() {
        assertThat(exit).isZero();
        assertThat(after).isEqualTo(before);
    }

    @Test
    void keepsTheSequenceWithoutGap() {
        List<Long> sequence = alerts.stream()
                .map(a -> a.path("vigilant").path("sequence").asLong())
                .toList();
        for (int i = 0; i < sequence.size(); i++) {
            assertThat(sequence.get(i)).isEqualTo(i + 1L);
        }
    }
}
