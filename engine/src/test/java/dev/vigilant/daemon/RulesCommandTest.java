// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RulesCommandTest {
    @TempDir
    Path directory;

    @Test
    void beginsARuleThatPassesItsCheckAndItsTest() {
        String where = directory.toString();
        Captured.run(0, "rules", "new", "web-crawler", "--dir", where);

        assertThat(Captured.run(0, "rules", "check", where)).isEqualTo("1 rules loaded, 0 problems, 0 warnings\n");
        assertThat(Captured.run(0, "rules", "test", where)).isEqualTo("2 tests, 0 failed\n");
        Captured.run(Vigilant.USAGE, "rules", "new", "web-crawler", "--dir", where);
        Captured.run(Vigilant.USAGE, "rules", "new", "Web Crawler", "--dir", where);
    }

    @Test
    void showsWhatTheRulesAreAbout() throws IOException {
        Path layer = directory.resolve("layer.json");
        String out = Captured.run(0, "rules", "coverage", "--navigator", layer.toString());

        assertThat(out).containsPattern("T1611 +\\d+  ").containsPattern("seccomp +\\d+  capability-");
        JsonNode json = new ObjectMapper().readTree(layer.toFile());
        assertThat(json.path("domain").asText()).isEqualTo("enterprise-attack");
        assertThat(json.path("versions").path("layer").asText()).isEqualTo("4.5");
        assertThat(json.path("techniques")).isNotEmpty().allSatisfy(technique -> {
            assertThat(technique.path("techniqueID").asText()).matches("T\\d{4}(\\.\\d{3})?");
            assertThat(technique.path("score").asInt()).isPositive();
        });
    }

    @Test
    void findsNothingWrongWithTheBuiltInRules() {
        assertThat(Captured.run(0, "rules", "check"))
                .doesNotContain("can never match")
                .doesNotContain("no @");
    }
}
