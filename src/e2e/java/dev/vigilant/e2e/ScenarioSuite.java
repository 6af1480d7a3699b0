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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/** Attacks in real containers, sensed by one sensor, read back from a Kafka topic. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ScenarioSuite {
    private static final String TOPIC = "security.runtime.alerts.v1";

    /** The rules that fired in each scenario, by sensor: the suites of a build run one after the other in one JVM. */
    private static final Map<String, Map<String, SortedSet<String>>> FIRED = new ConcurrentHashMap<>();

    private final String sensor;
    private final int shards;
    private final List<Trace> shared = new ArrayList<>();
    private final List<Trace> own = new ArrayList<>();
    private final List<JsonNode> alerts = new ArrayList<>();
    private AuditState before;
    private AuditState after;
    private JsonNode summary;
    private List<String> said = List.of();
    private int exit = -1;

    /** @param shards how many threads share the containers' events */
    ScenarioSuite(String sensor, int shards) {
        this.sensor = sensor;
        this.shards = shards;
    }

    @BeforeAll
    void attack() throws Exception {
        Preconditions.check();
        before = AuditState.now();
        String name = "scenarios-" + sensor;
        try (DockerEngine docker = new DockerEngine();
                KafkaBroker broker = new KafkaBroker(name)) {
            broker.createTopic(TOPIC);
            Path config = Repository.work(name).resolve("vigilant.yaml");
            Path summaryFile = config.resolveSibling("summary.json");
            Path spool = Files.createTempDirectory(Repository.work(name), "spool");
            Files.writeString(config, "spool:\n  directory: " + spool + "\ndetect:\n  shards: " + shards + "\n");
            try (VigilantDaemon daemon = new VigilantDaemon(
                            "--sensor",
                            sensor,
                            "--config",
                            config.toString(),
                            "--summary",
                            summaryFile.toString(),
                            "--sink",
                            "kafka:" + broker.bootstrap() + "/" + TOPIC);
                    ScenarioRunner runner = new ScenarioRunner()) {
                runAll(runner);
                exit = daemon.terminate();
                said = daemon.lines();
            }
            summary = new ObjectMapper().readTree(summaryFile.toFile());
            for (var record : broker.drain(TOPIC)) {
                alerts.add(new ObjectMapper().readTree(record.value()));
            }
        }
        after = AuditState.now();
    }

    private void runAll(ScenarioRunner runner) throws IOException {
        if (Files.isDirectory(Repository.SHARED)) {
            for (String file : List.of("attacks.yaml", "benign.yaml")) {
                for (Scenario scenario : Scenario.load(Repository.SHARED.resolve(file))) {
                    shared.add(run(runner, scenario));
                }
            }
        }
        for (Scenario scenario : Scenario.own()) {
            if (!scenario.runs().equals("replay")) {
                own.add(run(runner, scenario));
            }
        }
    }

    private Trace run(ScenarioRunner runner, Scenario scenario) throws IOException {
        return scenario.sensors().contains(sensor)
                ? runner.run(scenario)
                : Trace.notRun(scenario, "the " + sensor + " sensor cannot see it");
    }

    @AfterAll
    void report() throws IOException {
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
        Files.writeString(Repository.HOME.resolve("src/target/scenarios-" + sensor + ".txt"), table);
        compare();
    }

    /** Writes down where the sensors differ; whether each saw what it must is asserted scenario by scenario. */
    private void compare() throws IOException {
        Map<String, SortedSet<String>> fired = new TreeMap<>();
        for (List<Trace> traces : List.of(shared, own)) {
            for (Trace trace : traces) {
                SortedSet<String> rules = new TreeSet<>();
                Verdict.of(trace, alerts).alerts().forEach(a -> rules.add(Verdict.rule(a)));
                fired.put(trace.scenario().id(), rules);
            }
        }
        FIRED.put(sensor, fired);
        StringBuilder table = new StringBuilder();
        for (String id : fired.keySet()) {
            Set<SortedSet<String>> differing = new HashSet<>();
            FIRED.values().forEach(by -> differing.add(by.getOrDefault(id, new TreeSet<>())));
            if (differing.size() > 1) {
                table.append(id).append('\n');
                FIRED.forEach((by, rules) ->
                        table.append(String.format("    %-6s %s%n", by, rules.getOrDefault(id, new TreeSet<>()))));
            }
        }
        Files.writeString(Repository.HOME.resolve("src/target/parity.txt"), table);
    }

    private String line(Trace trace) {
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
                counted(verdict.alerts()),
                verdict.good() ? "" : verdict.problem() + "; " + firstLine(trace.output()));
    }

    /** Each rule with its severity, and how often it fired when that was more than once. */
    private static List<String> counted(List<JsonNode> alerts) {
        Map<String, Long> counts = alerts.stream()
                .collect(Collectors.groupingBy(
                        a -> Verdict.rule(a) + "=" + Verdict.level(a), TreeMap::new, Collectors.counting()));
        return counts.entrySet().stream()
                .map(e -> e.getKey() + (e.getValue() > 1 ? " x" + e.getValue() : ""))
                .toList();
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

    private Stream<DynamicTest> verdicts(List<Trace> traces) {
        return traces.stream()
                .map(trace -> dynamicTest(trace.scenario().id(), () -> {
                    assumeTrue(trace.skipped().isEmpty(), trace.skipped());
                    assertThat(Verdict.of(trace, alerts).problem())
                            .as("%s; it printed: %s", trace.scenario().id(), trace.output())
                            .isEmpty();
                }));
    }

    @Test
    void sensesAsAsked() {
        assertThat(said).anyMatch(line -> line.startsWith("vigilant: ready: sensor " + sensor));
    }

    @Test
    void losesNothing() {
        assertThat(summary.path("events").path("lost")).isNotEmpty().allMatch(count -> count.asLong() == 0);
    }

    @Test
    void accountsForEveryRecord() {
        assertThat(summary.path("events").path("out").size()).isPositive();
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
