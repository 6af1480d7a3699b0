// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.vigilant.event.KernelEvent;
import dev.vigilant.rules.drl.RuleWriter;
import dev.vigilant.rules.yaml.YamlValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules that were written as DRL decide as those that they were made of. */
class ConvertedRulesTest {
    private static final Path DATA = Path.of(System.getProperty("vigilant.data", "../../shared/data"));

    private static RuleSet converted(RuleSet original) {
        String text = RuleWriter.write("vigilant.site", "a test", original.rules(), List.of(), original.warnings());
        RuleSet set = RuleLoader.load(List.of(new RuleSource("converted.drl", text)));
        assertThat(set.refused()).as(text).isEmpty();
        assertThat(originals(original, set)).isEqualTo(matching(original));
        return set;
    }

    /** Ids of rules that have a pattern which can match. */
    private static Set<String> matching(RuleSet original) {
        Set<String> ids = new TreeSet<>();
        original.rules().stream()
                .filter(rule -> rule.patterns().stream()
                        .noneMatch(p ->
                                p.conditions().stream().anyMatch(c -> c.text().equals("false"))))
                .forEach(rule -> ids.add(rule.description().id()));
        return ids;
    }

    private static Set<String> originals(RuleSet original, RuleSet converted) {
        Set<String> ids = new TreeSet<>();
        converted
                .rules()
                .forEach(rule -> ids.add(origin(original, rule.description().id())));
        return ids;
    }

    /** The id of the rule that a converted one was made of. */
    private static String origin(RuleSet original, String id) {
        return original.rules().stream()
                .map(rule -> rule.description().id())
                .filter(o -> id.equals(o) || id.startsWith(o + "-on-"))
                .max((a, b) -> a.length() - b.length())
                .orElseThrow();
    }

    private static List<List<String>> told(RuleSet original, RuleSet set, KernelEvent[] events) {
        List<List<String>> told = new ArrayList<>();
        for (List<String> now : Rules.told(set, e -> true, events)) {
            told.add(now.stream()
                    .map(match -> origin(original, match.substring(0, match.indexOf(':')))
                            + match.substring(match.indexOf(':')))
                    .sorted()
                    .toList());
        }
        return told;
    }

    private static void decideTheSame(RuleSet original, long seed, int count) {
        RuleSet converted = converted(original);
        RandomEvents random = new RandomEvents(new Random(seed), original.rules());
        KernelEvent[] events = new KernelEvent[count];
        for (int i = 0; i < count; i++) {
            events[i] = random.next();
        }
        List<List<String>> before = Rules.told(original, e -> true, events);

        assertThat(told(original, converted, events)).isEqualTo(before);
        assertThat(before.stream().mapToInt(List::size).sum()).isGreaterThan(50);
    }

    @Test
    void builtInRulesReadBackAsTheyWere() {
        decideTheSame(RuleLoader.builtIn(), 3, 2_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"falco_rules.yaml", "falco-incubating_rules.yaml", "falco-sandbox_rules.yaml"})
    void falcosRulesDecideTheSame(String file) throws IOException {
        Path path = DATA.resolve("falco-rules").resolve(file);
        assumeTrue(Files.exists(path), "Falco's rule files are not at " + path);
        String text = Files.readString(path);
        StringBuilder enabled = new StringBuilder();
        java.util.regex.Pattern.compile("(?m)^- rule: (.*)$")
                .matcher(text)
                .results()
                .forEach(r -> enabled.append("- rule: ")
                        .append(r.group(1).strip())
                        .append("\n  enabled: true\n  override: {enabled: replace}\n"));
        RuleSet set = RuleLoader.load(
                List.of(new RuleSource(file, text), new RuleSource("z-enabled.yaml", enabled.toString())));

        assertThat(set.describe()).hasSizeGreaterThan(20);
        decideTheSame(set, 11, 3_000);
    }

    @Test
    void sigmasRulesDecideTheSame() throws IOException {
        Path directory = DATA.resolve("sigma-linux");
        assumeTrue(Files.isDirectory(directory), "Sigma's rule files are not at " + directory);
        decideTheSame(RuleLoader.load(directory), 12, 3_000);
        List<Path> files;
        try (var all = Files.walk(directory)) {
            files = all.filter(f -> f.toString().endsWith(".yml")).sorted().toList();
        }
        int compared = 0;
        for (Path file : files) {
            RuleSet original = RuleLoader.load(file);
            if (original.rules().isEmpty()) {
                continue;
            }
            YamlValue rule =
                    YamlValue.readAll("rule", Files.readString(file), p -> {}).get(0);
            SigmaEvents random = new SigmaEvents(
                    new Random(7), directory.relativize(file).getName(0).toString(), rule);
            KernelEvent[] events = new KernelEvent[60];
            for (int i = 0; i < events.length; i++) {
                events[i] = random.next().event();
            }
            RuleSet converted = converted(original);
            assertThat(told(original, converted, events))
                    .as(file.toString())
                    .isEqualTo(Rules.told(original, e -> true, events));
            compared++;
        }
        assertThat(compared).isGreaterThan(150);
    }

    @Test
    void saysWhereARuleCameFromAndWhatWasDropped() {
        RuleSet set = RuleLoader.load(List.of(new RuleSource("f.yaml", """
                - rule: A "quoted" rule
                  desc: says \\d and "x"
                  output: ran %proc.cmdline
                  priority: WARNING
                  condition: >
                    evt.type in (execve, openat) and (proc.name icontains Nc or evt.buffer contains x) and not proc.aname in (sshd, cron)
                """)));

        String text = RuleWriter.write("vigilant.site", "f.yaml", set.rules(), set.refused(), set.warnings());

        assertThat(text)
                .contains(
                        "// f.yaml:1",
                        "// Dropped: ",
                        "rule \"A 'quoted' rule (process-exec)\"",
                        "@id(\"falco-a-quoted-rule-on-process-exec\")")
                .contains(
                        "lower(process.name) str[contains] \"nc\"",
                        "process.ancestors.name not in (\"sshd\", \"cron\")")
                .contains("@description(\"says \\\\d and \\\"x\\\"\")");
        assertThat(RuleLoader.load(List.of(new RuleSource("f.drl", text))).refused())
                .isEmpty();
    }

    @Test
    void keepsSeveralEventsAndTheirTimes() {
        decidesInChains(Rules.sound(
                Rules.rule(
                        "chain",
                        "$a : FileOpen( write )\n$b : ProcessExec( file.path == $a.file.path, this after[0s,60s] $a )",
                        "alert( $a, $b );"),
                Rules.rule(
                        "back",
                        "$a : ProcessExec()\nnot FileOpen( write, this before[10ms,1m30s] $a )",
                        "alert( $a );"),
                Rules.rule(
                        "near",
                        "$a : FileOpen()\nexists FileMkdir( this coincides[1s] $a, this != $a )",
                        "alert( $a );")));
    }

    private static void decidesInChains(RuleSet original) {
        RuleSet converted = converted(original);
        for (int i = 0; i < original.rules().size(); i++) {
            assertThat(converted.rules().get(i).text())
                    .isEqualTo(original.rules().get(i).text());
        }
    }
}
