// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What src/docs/rules.md tells an analyst to write and to run does what it says. */
class GuideTest {
    private static final Path SAMPLE =
            Path.of("../src/samples/audit/escape.log").toAbsolutePath().normalize();

    @TempDir
    Path directory;

    @Test
    void doesWhatTheGuideSays() throws IOException {
        String guide = Files.readString(Path.of("../src/docs/rules.md"));
        Path rules = Files.createDirectory(directory.resolve("site"));
        Path site = Files.writeString(directory.resolve("site.yaml"), block(guide, "yaml", 0));
        Files.writeString(rules.resolve("miner.drl"), block(guide, "drl", 0));
        Files.writeString(
                rules.resolve("miner.test.yaml"),
                block(guide, "yaml", 1).replace("../src/samples/audit/escape.log", SAMPLE.toString()));
        String where = rules.toString();

        assertThat(Captured.run(0, "rules", "check", "--site", site.toString(), where))
                .isEqualTo("1 rules loaded, 0 problems, 0 warnings\n");
        assertThat(Captured.run(0, "rules", "test", "--site", site.toString(), where))
                .isEqualTo("4 tests, 0 failed\n");
        String explained = Captured.run(0, "rules", "explain", "site-miner-file", "--rules", where, SAMPLE.toString());
        assertThat(explained.lines().skip(1).toList())
                .containsAll(block(guide, "", 0).lines().skip(1).toList());
        Path summary = directory.resolve("summary.json");
        Captured.run(0, "replay", "--rules", where, "--summary", summary.toString(), SAMPLE.toString());
        assertThat(summary).content().contains("\"site-miner-file\" : 1");
    }

    @Test
    void countsAsTheGuideSays() throws IOException {
        String guide = Files.readString(Path.of("../src/docs/rules.md"));
        Path rules = Files.createDirectory(directory.resolve("site"));
        Files.writeString(rules.resolve("many.drl"), block(guide, "drl", 1));
        Files.writeString(rules.resolve("many.test.yaml"), block(guide, "yaml", 2));

        assertThat(Captured.run(0, "rules", "check", rules.toString()))
                .isEqualTo("1 rules loaded, 0 problems, 0 warnings\n");
        assertThat(Captured.run(0, "rules", "test", rules.toString())).isEqualTo("3 tests, 0 failed\n");
    }

    @Test
    void linksToFilesThatAreThere() throws IOException {
        try (Stream<Path> docs = Files.list(Path.of("../src/docs"))) {
            for (Path doc : docs.toList()) {
                Matcher link = Pattern.compile("\\]\\(([^)#]+)(#[^)]*)?\\)").matcher(Files.readString(doc));
                while (link.find()) {
                    assertThat(doc.resolveSibling(link.group(1)))
                            .as(doc.toString())
                            .exists();
                }
            }
        }
    }

    private static String block(String guide, String language, int index) {
        Matcher block = Pattern.compile("```(\\w*)\\n(.*?)```", Pattern.DOTALL).matcher(guide);
        List<String> blocks = block.results()
                .filter(found -> found.group(1).equals(language))
                .map(found -> found.group(2))
                .toList();
        return blocks.get(index);
    }
}
