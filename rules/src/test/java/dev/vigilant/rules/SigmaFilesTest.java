// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.vigilant.event.KernelEvent;
import dev.vigilant.rules.ast.ParsedFile;
import dev.vigilant.rules.gate.Gate;
import dev.vigilant.rules.sigma.SigmaReader;
import dev.vigilant.rules.translate.Accounts;
import dev.vigilant.rules.yaml.YamlValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Sigma's own rules for Linux, where they lie beside the project. */
class SigmaFilesTest {
    private static final Path DIRECTORY =
            Path.of(System.getProperty("vigilant.data", "../../shared/data"), "sigma-linux");
    private static final int TRIALS = 150;
    private static final List<String> SENSED =
            List.of("process_creation", "file_event", "network_connection", "auditd");

    @BeforeAll
    static void areThere() {
        assumeTrue(
                Files.isDirectory(DIRECTORY),
                "Sigma's rule files are not at " + DIRECTORY.toAbsolutePath().normalize());
    }

    private static List<Path> files() throws IOException {
        try (var files = Files.walk(DIRECTORY)) {
            return files.filter(f -> f.toString().endsWith(".yml")).sorted().toList();
        }
    }

    private static ParsedFile read(Path file) throws IOException {
        SigmaReader reader = new SigmaReader(Accounts.NONE);
        reader.read(file.getFileName().toString(), Files.readString(file));
        return reader.compile();
    }

    private static String source(Path file) {
        return DIRECTORY.relativize(file).getName(0).toString();
    }

    /** How many rules of a log source there are, loaded, and right. */
    private static final class Count {
        int all;
        int loaded;
        int right;
    }

    @Test
    void loadsAndDecidesRightlyWhatIsSensed() throws IOException {
        Map<String, Count> counts = new TreeMap<>();
        List<String> lines = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        for (Path file : files()) {
            Count count = counts.computeIfAbsent(source(file), s -> new Count());
            count.all++;
            ParsedFile parsed = read(file);
            parsed.refused().forEach(p -> lines.add("refused " + source(file) + " " + p));
            parsed.warnings().forEach(p -> lines.add("warning " + source(file) + " " + p));
            assertThat(parsed.rules().isEmpty())
                    .as(file.toString())
                    .isEqualTo(!parsed.refused().isEmpty());
            if (!parsed.rules().isEmpty()) {
                count.loaded++;
                String verdict = verdict(file, parsed);
                count.right += verdict.isEmpty() ? 1 : 0;
                if (!verdict.isEmpty()) {
                    wrong.add(source(file) + " " + file.getFileName() + ": " + verdict);
                }
            }
        }
        wrong.forEach(w -> lines.add("no verdict " + w));
        int all = 0;
        int right = 0;
        for (Map.Entry<String, Count> entry : counts.entrySet()) {
            Count count = entry.getValue();
            lines.add(entry.getKey() + ": " + count.loaded + " of " + count.all + " loaded, " + count.right
                    + " with a match and a near miss decided as they should be");
            all += SENSED.contains(entry.getKey()) ? count.all : 0;
            right += SENSED.contains(entry.getKey()) ? count.right : 0;
        }
        lines.add("sensed: " + right + " of " + all + " loaded and right");
        Files.write(Path.of("target/sigma-rules.txt"), lines);

        assertThat(wrong).noneMatch(w -> w.contains("wrong"));
        assertThat(right * 10).as("done when 90 of 100 are").isGreaterThanOrEqualTo(all * 9);
    }

    /** Empty when all generated events are decided as Sigma decides them, and there are both of them. */
    private static String verdict(Path file, ParsedFile parsed) throws IOException {
        YamlValue rule =
                YamlValue.readAll("rule", Files.readString(file), p -> {}).get(0);
        NaiveSigma naive = new NaiveSigma(rule);
        SigmaEvents random = new SigmaEvents(new Random(7), source(file), rule);
        RuleSet set = new RuleSet(parsed.rules(), List.of(), List.of(), Map.of());
        List<SigmaEvents.Logged> events = new ArrayList<>();
        for (int i = 0; i < TRIALS; i++) {
            events.add(random.next());
        }
        List<List<String>> told = Rules.told(
                set, e -> true, events.stream().map(SigmaEvents.Logged::event).toArray(KernelEvent[]::new));
        int matches = 0;
        for (int i = 0; i < TRIALS; i++) {
            boolean wanted = events.get(i).records().stream().anyMatch(naive::matches);
            if (wanted == told.get(i).isEmpty()) {
                return "wrong: " + events.get(i) + " should " + (wanted ? "" : "not ") + "match";
            }
            matches += wanted ? 1 : 0;
        }
        return matches == 0 ? "no match generated" : matches == TRIALS ? "no near miss generated" : "";
    }

    @Test
    void loadsAllFilesTogetherAndTheGateHoldsNothingBack() throws IOException {
        RuleSet set = RuleLoader.load(DIRECTORY);
        assertThat(set.describe()).hasSizeGreaterThan(150).allSatisfy(d -> {
            assertThat(d.id()).startsWith("sigma-");
            assertThat(d.description()).isNotBlank();
        });
        Gate gate = set.gate();
        RandomEvents random = new RandomEvents(new Random(5), set.rules());
        KernelEvent[] events = new KernelEvent[1_000];
        for (int i = 0; i < events.length; i++) {
            events[i] = random.next();
        }
        List<List<String>> alone = DroolsAlone.told(set, events);

        assertThat(Rules.told(set, gate::mayMatch, events)).isEqualTo(alone);
        assertThat(alone.stream().mapToInt(List::size).sum()).isGreaterThan(50);
    }
}
