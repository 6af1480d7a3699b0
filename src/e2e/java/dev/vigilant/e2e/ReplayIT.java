// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Scenarios that no test machine can live through, replayed from logs; needs no privileges. */
class ReplayIT {
    @TestFactory
    Stream<DynamicTest> logs() throws IOException {
        List<Scenario> scenarios =
                Scenario.own().stream().filter(s -> s.runs().equals("replay")).toList();
        if (scenarios.isEmpty()) {
            return Stream.of(dynamicTest("logs", () -> abort("no scenario is a replay")));
        }
        return scenarios.stream().map(s -> dynamicTest(s.id(), () -> replay(s)));
    }

    private static void replay(Scenario scenario) throws IOException {
        Path out = Repository.work("replay").resolve(scenario.id() + ".json");
        Files.deleteIfExists(out);
        Command command = Command.run(
                Repository.LAUNCHER.toString(),
                "replay",
                Repository.OWN.resolve(scenario.log()).toString(),
                "--sink",
                "file:" + out);
        assertThat(command.exit()).as(command.output()).isZero();
        List<JsonNode> alerts = new ArrayList<>();
        if (Files.exists(out)) {
            for (String line : Files.readAllLines(out)) {
                alerts.add(new ObjectMapper().readTree(line));
            }
        }
        Trace trace = new Trace(scenario, "", "", 0, Instant.MIN, Instant.MAX, command.output(), "");
        assertThat(Verdict.of(trace, alerts).problem()).as(scenario.id()).isEmpty();
    }
}
