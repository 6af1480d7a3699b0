// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayCommandTest {
    private static final Path SAMPLE = Path.of("../src/samples/audit/escape.log");

    @TempDir
    Path directory;

    @Test
    void findsTheEscapeInTheSampleThatShips() throws IOException {
        List<JsonNode> alerts = replay("a", SAMPLE.toString());

        assertThat(alerts).anySatisfy(alert -> {
            assertThat(alert.path("rule").path("id").asText()).isEqualTo("escape-release-agent");
            assertThat(alert.path("log").path("level").asText()).isEqualTo("critical");
            assertThat(alert.path("container").path("id").asText()).hasSize(64);
            assertThat(alert.path("process").path("name").asText()).isEqualTo("sh");
        });
    }

    @Test
    void isDeterministic() throws IOException {
        List<JsonNode> first = replay("a", SAMPLE.toString());
        List<JsonNode> second = replay("b", SAMPLE.toString());

        assertThat(ids(first)).isEqualTo(ids(second)).isNotEmpty();
    }

    @Test
    void accountsForEveryRecordInTheSummary() throws IOException {
        Path log = directory.resolve("broken.log");
        Files.writeString(log, "no record\ntype=SYSCALL msg=audit(torn\n" + Files.readString(SAMPLE));
        Path summary = directory.resolve("summary.json");

        replay("a", log.toString(), "--summary", summary.toString());

        JsonNode records = new ObjectMapper().readTree(summary.toFile()).path("records");
        assertThat(records.path("unaccounted").asLong()).isZero();
        assertThat(records.path("rejected").path("line").asLong()).isEqualTo(1);
        assertThat(records.path("rejected").path("header").asLong()).isEqualTo(1);
        assertThat(records.path("in").asLong())
                .isEqualTo(records.path("in_events").asLong() + 2);
    }

    @Test
    void saysWhichFileIsMissing() {
        int code = Vigilant.commandLine()
                .execute("replay", directory.resolve("none.log").toString());

        assertThat(code).isEqualTo(Vigilant.USAGE);
    }

    @Test
    void refusesAFileWithoutAnyRecord() throws IOException {
        Path file = Files.writeString(directory.resolve("notes.txt"), "no record\nnone either\n");

        assertThat(Vigilant.commandLine().execute("replay", file.toString())).isEqualTo(Vigilant.USAGE);
        Path empty = Files.createFile(directory.resolve("empty.log"));
        assertThat(Vigilant.commandLine().execute("replay", empty.toString())).isZero();
    }

    @Test
    void failsWhenAlertsCannotBeWritten() {
        assumeTrue(Files.exists(Path.of("/dev/full")));

        assertThat(Vigilant.commandLine().execute("replay", "--sink", "file:/dev/full", SAMPLE.toString()))
                .isEqualTo(Vigilant.USAGE);
        assertThat(Vigilant.commandLine().execute("replay", "--sink", "file:/no/such/file", SAMPLE.toString()))
                .isEqualTo(Vigilant.USAGE);
    }

    private List<JsonNode> replay(String name, String... arguments) throws IOException {
        Path alerts = directory.resolve(name + ".json");
        List<String> words = new ArrayList<>(List.of("replay", "--sink", "file:" + alerts));
        words.addAll(List.of(arguments));
        assertThat(Vigilant.commandLine().execute(words.toArray(String[]::new))).isZero();
        List<JsonNode> parsed = new ArrayList<>();
        for (String line : Files.readAllLines(alerts)) {
            parsed.add(new ObjectMapper().readTree(line));
        }
        return parsed;
    }

    private static List<String> ids(List<JsonNode> alerts) {
        return alerts.stream().map(a -> a.path("vigilant").path("id").asText()).toList();
    }
}
