// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vigilant.event.KernelEvent;
import dev.vigilant.rules.ast.Bindings;
import dev.vigilant.rules.ast.ParsedFile;
import dev.vigilant.rules.ast.Rule;
import dev.vigilant.rules.eval.ConditionCompiler;
import dev.vigilant.rules.eval.EventTest;
import dev.vigilant.rules.falco.FalcoReader;
import dev.vigilant.rules.gate.Gate;
import dev.vigilant.rules.translate.Accounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Decides on the published table of conditions as it was worked out by hand. */
class FalcoConditionsTest {
    private static final Path TABLE = Path.of("src/test/conditions/falco.txt");
    private static final String DEFINITIONS = """
            - list: servers
              items: [nginx, httpd]
            - list: more
              items: [servers, cat]
            - list: empty
              items: []
            - list: one
              items: [cat]
            - list: spaced
              items: ["cat /etc/shadow"]
            - macro: is_cat
              condition: proc.name = cat
            - macro: reads
              condition: (evt.type in (open, openat, openat2) and evt.is_open_read=true)
            - macro: nested
              condition: is_cat and reads
            - macro: either
              condition: is_cat or proc.name = vi
            """;

    private static final Map<String, KernelEvent> EVENTS = FalcoEvents.all();

    static Stream<Arguments> table() throws IOException {
        Map<String, Set<String>> groups = new LinkedHashMap<>();
        List<Arguments> rows = new ArrayList<>();
        for (String line : Files.readAllLines(TABLE)) {
            if (line.startsWith("@")) {
                groups.put(line.split("=")[0].strip(), events(line.split("=")[1], groups));
            } else if (!line.isBlank() && !line.startsWith("#")) {
                int bar = line.lastIndexOf('|');
                String expected = line.substring(bar + 1).strip();
                rows.add(Arguments.of(
                        line.substring(0, bar).strip(), expected.equals("refused") ? null : events(expected, groups)));
            }
        }
        assertThat(rows).hasSizeGreaterThan(250);
        return rows.stream();
    }

    private static Set<String> events(String words, Map<String, Set<String>> groups) {
        Set<String> events = new TreeSet<>();
        for (String word : words.strip().split("\\s+")) {
            String name = word.startsWith("-") ? word.substring(1) : word;
            Set<String> meant = groups.getOrDefault(name, Set.of(name));
            meant = name.equals("all") ? EVENTS.keySet() : name.equals("none") ? Set.of() : meant;
            assertThat(EVENTS.keySet()).containsAll(meant);
            if (word.startsWith("-")) {
                events.removeAll(meant);
            } else {
                events.addAll(meant);
            }
        }
        return events;
    }

    @ParameterizedTest
    @MethodSource("table")
    void decidesAsWorkedOutByHand(String condition, Set<String> expected) {
        RuleSet set = load(condition);
        if (expected == null) {
            assertThat(set.refused()).hasSize(1);
            assertThat(set.rules()).isEmpty();
            return;
        }

        assertThat(set.refused()).isEmpty();
        assertThat(matches(set)).as("the session").isEqualTo(expected);
        Gate gate = set.gate();
        Set<String> let = new TreeSet<>(EVENTS.keySet());
        let.removeIf(name -> !gate.mayMatch(EVENTS.get(name)));
        assertThat(let).as("the gate").containsAll(expected);
        Set<String> tested = new TreeSet<>(EVENTS.keySet());
        tested.removeIf(name -> set.rules().stream().noneMatch(rule -> wants(rule, EVENTS.get(name))));
        assertThat(tested).as("the conditions one by one").isEqualTo(expected);
    }

    private static RuleSet load(String condition) {
        FalcoReader reader = new FalcoReader(new Accounts(Map.of("root", 0L, "bob", 1000L), Map.of("staff", 50L)));
        reader.read("lists.yaml", DEFINITIONS);
        reader.read(
                "rule.yaml",
                "- rule: r\n  desc: d\n  output: o\n  priority: INFO\n  condition: >\n    " + condition + "\n");
        ParsedFile parsed = reader.compile();
        return new RuleSet(parsed.rules(), parsed.refused(), parsed.warnings(), Map.of());
    }

    private static Set<String> matches(RuleSet set) {
        List<String> names = List.copyOf(EVENTS.keySet());
        Set<String> matched = new TreeSet<>();
        for (String match : Rules.matches(set, EVENTS.values().toArray(KernelEvent[]::new))) {
            matched.add(names.get(Integer.parseInt(match.substring(match.indexOf(':') + 1))));
        }
        return matched;
    }

    private static boolean wants(Rule rule, KernelEvent event) {
        return rule.patterns().stream()
                .allMatch(p -> p.type().isInstance(event)
                        && p.conditions().stream()
                                .filter(c -> Bindings.of(c).isEmpty())
                                .allMatch(c ->
                                        ConditionCompiler.compile(c, List.of()).test(event, EventTest.NONE)));
    }
}
