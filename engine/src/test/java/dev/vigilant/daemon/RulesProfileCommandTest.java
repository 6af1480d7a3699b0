// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RulesProfileCommandTest {
    private static final String LOG = "../src/samples/audit/escape.log";
    private static final String RULES = """
            package t;
            rule "dear" @id("dear") @severity("error") @description("d")
            when
                $e : FileOpen( file.path str[contains] "a" )
            then
                alert( $e );
            end
            rule "idle" @id("idle") @severity("error") @description("d")
            when
                $e : FileOpen( file.path == "/never/opened" )
            then
                alert( $e );
            end
            """;

    @TempDir
    Path directory;

    private String config;

    @BeforeEach
    void write() throws IOException {
        Path rules = Files.writeString(directory.resolve("r.drl"), RULES);
        config = Files.writeString(
                        directory.resolve("config.yaml"), "rules: {built_in: false, paths: [" + rules + "]}\n")
                .toString();
    }

    @Test
    void countsWhatEachRuleWasAskedAndMatched() throws IOException {
        JsonNode profile = profile("--format", "json");
        Path summary = directory.resolve("summary.json");
        Captured.run(0, "replay", LOG, "--config", config, "--summary", summary.toString(), "--sink", "file:/dev/null");
        JsonNode replayed = new ObjectMapper().readTree(summary.toFile());

        long matches = replayed.at("/alerts/dear").asLong();
        assertThat(matches).isPositive();
        assertThat(profile.at("/rules")).hasSize(2);
        assertThat(profile.at("/rules/0/id").asText()).isEqualTo("dear");
        assertThat(profile.at("/rules/0/matches").asLong()).isEqualTo(matches);
        assertThat(profile.at("/rules/0/asked").asLong()).isGreaterThanOrEqualTo(matches);
        assertThat(profile.at("/rules/1/id").asText()).isEqualTo("idle");
        assertThat(profile.at("/rules/1/asked").asLong()).isZero();
        assertThat(profile.at("/rules/1/matches").asLong()).isZero();
        assertThat(profile.at("/together/matches").asLong()).isEqualTo(matches);
        assertThat(profile.at("/events").asLong())
                .isEqualTo(profile.at("/events_in_file").asLong());
        List<Double> costs = new ArrayList<>();
        profile.at("/rules").forEach(rule -> costs.add(rule.path("cpu_seconds").asDouble()));
        assertThat(costs.get(0)).isPositive().isGreaterThan(costs.get(1));
    }

    @Test
    void takesTheFirstEventsAndSaysSo() throws IOException {
        JsonNode profile = profile("--format", "json", "--events", "20");

        assertThat(profile.at("/events").asLong()).isEqualTo(20);
        assertThat(profile.at("/events_in_file").asLong()).isGreaterThan(20);
        assertThat(profile.at("/together/asked").asLong()).isLessThanOrEqualTo(20);
    }

    @Test
    void printsTheDearestFirstAndHowItWasMeasured() {
        assertThat(Captured.run(0, "rules", "profile", LOG, "--config", config))
                .containsPattern("\\d+ of \\d+ events; all 2 rules together: [\\d.]+ ms CPU")
                .contains("each alone, behind its own gate")
                .containsPattern("(?s)\\d+ +dear\n.*0 +0  idle");
    }

    @Test
    void refusesWhatItCannotTake() {
        Captured.run(
                Vigilant.USAGE, "rules", "profile", directory.resolve("none").toString(), "--config", config);
        Captured.run(Vigilant.USAGE, "rules", "profile", LOG, "--config", config, "--events", "0");
        Captured.run(Vigilant.USAGE, "rules", "profile", LOG, "--config", config, "--format", "xml");
    }

    private JsonNode profile(String... options) throws IOException {
        List<String> words = new ArrayList<>(List.of("rules", "profile", LOG, "--config", config));
        words.addAll(List.of(options));
        return new ObjectMapper().readTree(Captured.run(0, words.toArray(String[]::new)));
    }
}
