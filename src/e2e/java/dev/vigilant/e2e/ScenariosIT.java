// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
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

    private static final List<Trace> shared = new ArrayList<>();
    private static final List<Trace> own = new ArrayList<>();
    private static final List<JsonNode> alerts = new ArrayList<>();
    private static AuditState before;
    private static AuditState after;
    private static JsonNode summary;
    private static int exit = -1;

    @BeforeAll
    static void attack() throws Exception {
        Preconditions.check();
        before = AuditState.now();
        try (DockerEngine docker = new DockerEngine();
                KafkaBroker broker = new KafkaBroker("scenarios")) {
            broker.createTopic(TOPIC);
            Path config = Repository.work("scenarios").resolve("vigilant.yaml");
            Path summaryFile = config.resolveSibling("summary.json");
            Path spool = Files.createTempDirectory(Repository.work("scenarios"), "spool");
            Files.writeString(config, "spool:\n  directory: " + spool + "\n");
            try (VigilantDaemon daemon = new VigilantDaemon(
                            "--sensor",
                            "audit",
                            "--config",
                            config.toString(),
                            "--summary",
                            summaryFile.toString(),
                            "--sink",
                            "kafka:" + broker.bootstrap() + "/" + TOPIC);
                    ScenarioRunner runner = new ScenarioRunner()) {
                runAll(runner);
                exit = daemon.terminate();
            }
            summary = new ObjectMapper().readTree(summaryFile.toFile());
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
        for (Scenario scenario : Scenario.own()) {
            if (!scenario.runs().equals("replay")) {
                own.add(runner.run(scenario));
            }
        }
    }

    @AfterAll
    static void report() throws IOException {
        if (exit < 0) {
            return;
        }
        StringBuilder table = new StringBuilder();
        for (List<Trace> traces : List.of(shared, own)) {
            for (Trace trace : traces) {
                table.append(line(trace));
            }
        }
        System.out.println(table);
        Files.writeString(Repository.HOME.resolve("src/target/scenarios.txt"), table);
    }

    private static String line(Trace trace) {
        Scenario scenario = trace.scenario();
        String expected = scenario.silent() ? "silent" : scenario.minSeverity();
        if (!trace.skipped().isEmpty()) {
            return String.format("%-4s %-32s %-10s %s%n", "skip", scenario.id(), expected, firstLine(trace.skipped()));
        }
        Verdict verdict = Verdict.of(trace, alerts);
        return String.format(
                "%-4s %-32s %-10s %s %s%n",
                verdict.good() ? "ok" : "FAIL",
                scenario.id(),
                expected,
                verdict.alerts().stream()
                        .map(a -> Verdict.rule(a) + "=" + Verdict.level(a))
                        .distinct()
                        .sorted()
                        .toList(),
                verdict.good() ? "" : verdict.problem() + "; " + firstLine(trace.output()));
    }

    private static String firstLine(String output) {
        return output.lines().findFirst().orElse("");
    }

    @TestFactory
    Stream<DynamicTest> sharedScenarios() {
        if (!Files.isDirectory(Repository.SHARED)) {
            String reason = "no " + Repository.SHARED + ": the shared scenarios are not part of a clone";
            return Stream.of(dynamicTest("shared", () -> abort(reason)));
        }
        return verdicts(shared);
    }

    @TestFactory
    Stream<DynamicTest> ownScenarios() {
        return verdicts(own);
    }

    private static Stream<DynamicTest> verdicts(List<Trace> traces) {
        return traces.stream()
                .map(trace -> dynamicTest(trace.scenario().id(), () -> {
                    assumeTrue(trace.skipped().isEmpty(), trace.skipped());
                    assertThat(Verdict.of(trace, alerts).problem())
                            .as("%s; it printed: %s", trace.scenario().id(), trace.output())
                            .isEmpty();
                }));
    }

    @Test
    void accountsForEveryRecord() {
        assertThat(summary.path("records").path("in").asLong()).isPositive();
        assertThat(summary.path("records").path("unaccounted").asLong(-1)).isZero();
    }

    @Test
    void stopsCleanlyAndLeavesAuditAsItWas() {
        assertThat(exit).isZero();
        assertThat(after).isEqualTo(before);
        assertThat(after.rules()).doesNotContain("key=vigilant");
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
