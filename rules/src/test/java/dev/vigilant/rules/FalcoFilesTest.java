// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.vigilant.event.KernelEvent;
import dev.vigilant.rules.ast.Problem;
import dev.vigilant.rules.falco.FalcoReader;
import dev.vigilant.rules.gate.Gate;
import dev.vigilant.rules.translate.Accounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Falco's own rule files, where they lie beside the project. */
class FalcoFilesTest {
    private static final Path DIRECTORY =
            Path.of(System.getProperty("vigilant.data", "../../shared/data"), "falco-rules");
    private static final List<String> FILES =
            List.of("falco_rules.yaml", "falco-incubating_rules.yaml", "falco-sandbox_rules.yaml");
    private static final Accounts ACCOUNTS =
            new Accounts(Map.of("root", 0L, "daemon", 1L, "nobody", 65534L, "www-data", 33L), Map.of());
    private static final Pattern RULE = Pattern.compile("^- rule: (.+)$", Pattern.MULTILINE);

    @BeforeAll
    static void areThere() {
        assumeTrue(
                Files.isDirectory(DIRECTORY),
                "Falco's rule files are not at " + DIRECTORY.toAbsolutePath().normalize());
    }

    /** One file alone, or all of them; rules that are disabled in them too. */
    private static RuleSet load(List<String> files) throws IOException {
        FalcoReader reader = new FalcoReader(ACCOUNTS);
        StringBuilder enabled = new StringBuilder();
        for (String file : files) {
            String text = Files.readString(DIRECTORY.resolve(file));
            reader.read(file, text);
            names(text)
                    .forEach(name -> enabled.append("- rule: ")
                            .append(name)
                            .append("\n  enabled: true\n  override: {enabled: replace}\n"));
        }
        reader.read("enabled.yaml", enabled.toString());
        var parsed = reader.compile();
        return new RuleSet(parsed.rules(), parsed.refused(), parsed.warnings(), Map.of());
    }

    private static List<String> names(String text) {
        return RULE.matcher(text).results().map(r -> r.group(1).strip()).toList();
    }

    @Test
    void loadsOrRefusesEachRuleWithAReason() throws IOException {
        List<String> lines = new ArrayList<>();
        Set<String> refused = new TreeSet<>();
        int loaded = 0;
        int all = 0;
        for (String file : FILES) {
            RuleSet set = load(List.of(file));
            Set<String> names = new TreeSet<>(names(Files.readString(DIRECTORY.resolve(file))));
            Set<String> known = new TreeSet<>();
            set.describe().forEach(d -> known.add(d.name()));
            loaded += known.size();
            set.refused().forEach(p -> known.add(p.rule()));
            assertThat(known).as(file).isEqualTo(names);
            all += names.size();
            set.refused().forEach(p -> refused.add(p.rule()));
            set.refused().forEach(p -> lines.add("refused " + p));
            set.warnings().forEach(p -> lines.add("loaded  " + p));
        }
        lines.add(loaded + " of " + all + " rules loaded, " + refused.size() + " refused");
        Files.write(Path.of("target/falco-rules.txt"), lines);

        assertThat(all).isEqualTo(93);
        assertThat(refused)
                .as("Vigilant lacks something for these, and not more")
                .containsExactlyInAnyOrder(REFUSED);
    }

    private static final String[] REFUSED = {
        "Contact K8S API Server From Container",
        "Detect outbound connections to common miner pool ports",
        "Java Process Class File Download",
    };

    @Test
    void saysWhatIsMissingForARefusedRule() throws IOException {
        for (Problem problem : load(FILES).refused()) {
            assertThat(problem.rule()).isNotEmpty();
            assertThat(problem.position().line()).isPositive();
            assertThat(problem.reason()).startsWith("can never match here: ");
        }
    }

    @Test
    void loadsAllFilesTogether() throws IOException {
        RuleSet set = load(FILES);

        assertThat(set.describe()).hasSize(93 - REFUSED.length);
        assertThat(set.interests()).isNotEmpty();
        assertThat(set.describe()).allSatisfy(d -> {
            assertThat(d.description()).isNotBlank();
            assertThat(d.message()).isNotBlank();
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {31, 32})
    void theGateNeverHoldsBackWhatTheyMatch(long seed) throws IOException {
        RuleSet set = load(FILES);
        Gate gate = set.gate();
        RandomEvents random = new RandomEvents(new Random(seed), set.rules());
        KernelEvent[] events = new KernelEvent[1_500];
        int held = 0;
        for (int i = 0; i < events.length; i++) {
            events[i] = random.next();
            held += gate.mayMatch(events[i]) ? 0 : 1;
        }
        List<List<String>> alone = DroolsAlone.told(set, events);

        assertThat(Rules.told(set, gate::mayMatch, events)).isEqualTo(alone);
        assertThat(alone.stream().mapToInt(List::size).sum()).isGreaterThan(100);
        assertThat(held).isGreaterThan(100);
    }

    @Test
    void nothingOfTheFilesIsInTheProject() throws IOException {
        Set<String> texts = new TreeSet<>();
        for (String file : FILES) {
            Pattern.compile("(?<=output: ).{40}")
                    .matcher(Files.readString(DIRECTORY.resolve(file)))
                    .results()
                    .map(MatchResult::group)
                    .forEach(texts::add);
        }
        assertThat(texts).hasSizeGreaterThan(80);
        try (var files = Files.walk(Path.of("src"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                byte[] bytes = Files.readAllBytes(file);
                String text = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
                assertThat(texts).as(file.toString()).noneMatch(text::contains);
            }
        }
    }
}
