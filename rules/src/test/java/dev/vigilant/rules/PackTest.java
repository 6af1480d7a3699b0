// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vigilant.alert.RuleDescription;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The packs that ship with Vigilant: that they load, say what they are, and have scenarios. */
class PackTest {
    private static final Path SCENARIOS = Path.of("src/test/scenarios");
    private static final Path PACKS = Path.of("src/main/resources/dev/vigilant/packs");

    /** What no harmless script brings about on any machine: other kernels, other hardware, or harm to the node. */
    static final Set<String> WITHOUT_SCENARIO = Set.of(
            "controls-audit-off",
            "controls-mac-status",
            "controls-sensor",
            "evasion-firewall-container",
            "evasion-firewall-node",
            "exec-miner-pool",
            "health-integrity",
            "health-loss",
            "health-lsm-denial",
            "host-kexec",
            "host-log-clear",
            "host-module-load");

    private static final RuleSet BUILT_IN = RuleLoader.builtIn();

    @Test
    void builtInPacksLoadWithoutRefusalOrWarning() {
        assertThat(BUILT_IN.refused()).isEmpty();
        assertThat(BUILT_IN.warnings()).isEmpty();
        assertThat(BUILT_IN.rules()).hasSizeGreaterThan(100);
    }

    @Test
    void everyRuleSaysWhatItFindsAndWhatLooksTheSame() {
        assertThat(BUILT_IN.describe()).allSatisfy(rule -> {
            assertThat(rule.description()).as(rule.id()).hasSizeGreaterThan(20);
            assertThat(rule.falsePositives()).as(rule.id()).isNotEmpty();
            assertThat(rule.techniques()).as(rule.id()).isNotEmpty();
            assertThat(rule.tags()).as(rule.id()).isNotEmpty();
            assertThat(rule.message()).as(rule.id()).isNotEmpty();
        });
    }

    @Test
    void everyPackSaysWhatItSeesAndHowItIsEvaded() throws IOException {
        try (Stream<Path> packs = Files.list(PACKS)) {
            assertThat(packs.filter(p -> p.toString().endsWith(".drl")))
                    .allSatisfy(pack -> assertThat(pack)
                            .content()
                            .contains("// Sees: ")
                            .contains("// Cannot see: ")
                            .contains("// Evasion: "));
        }
    }

    @Test
    void everyRuleHasAScenarioThatFiresItAndOneThatDoesNot() throws IOException {
        Set<String> wanted = BUILT_IN.describe().stream()
                .map(RuleDescription::id)
                .filter(id -> !WITHOUT_SCENARIO.contains(id))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(rulesOf(scenarios(), false)).isEqualTo(wanted);
        assertThat(rulesOf(scenarios(), true)).isEqualTo(wanted);
    }

    @Test
    void scenariosHaveNamesOfTheirOwnAndTheProgramsTheyNeed() throws IOException {
        List<Map<String, Object>> scenarios = scenarios();
        assertThat(scenarios).extracting(s -> s.get("id")).doesNotHaveDuplicates();
        assertThat(scenarios).allSatisfy(scenario -> {
            assertThat(scenario).containsKeys("id", "rule", "runs", "about", "script");
            assertThat(scenario.containsKey("silent")).isNotEqualTo(scenario.containsKey("min_severity"));
            for (Object program : (List<?>) scenario.getOrDefault("needs", List.of())) {
                assertThat(SCENARIOS.resolve("bin/" + program + ".c")).exists();
            }
        });
    }

    @Test
    void thePageOfPeersNamesRulesThatAre() throws IOException {
        Set<String> ids = BUILT_IN.describe().stream().map(RuleDescription::id).collect(Collectors.toSet());
        assertThat(Pattern.compile("`([a-z]+(-[a-z]+)+)`")
                        .matcher(Files.readString(Path.of("../src/docs/coverage.md")))
                        .results()
                        .map(match -> match.group(1)))
                .hasSizeGreaterThan(100)
                .allMatch(ids::contains);
    }

    @Test
    void everyTechniqueIsOneOfAttack() throws IOException {
        Set<String> attack = Files.readAllLines(Path.of("src/test/attack/techniques-19.txt")).stream()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.substring(0, line.indexOf(' ')))
                .collect(Collectors.toSet());
        assertThat(BUILT_IN.describe())
                .allSatisfy(rule -> assertThat(attack).as(rule.id()).containsAll(rule.techniques()));
    }

    private static Set<String> rulesOf(List<Map<String, Object>> scenarios, boolean silent) {
        return scenarios.stream()
                .filter(s -> s.containsKey("silent") == silent)
                .flatMap(s -> s.get("rule") instanceof List<?> several ? several.stream() : Stream.of(s.get("rule")))
                .map(String.class::cast)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> scenarios() throws IOException {
        Load load = new Load(LoadSettings.builder().build());
        List<Map<String, Object>> all = new ArrayList<>();
        try (Stream<Path> files = Files.list(SCENARIOS)) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList()) {
                all.addAll((List<Map<String, Object>>) load.loadFromString(Files.readString(file)));
            }
        }
        return all;
    }
}
