// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vigilant.event.KernelEvent;
import dev.vigilant.rules.ast.Condition;
import dev.vigilant.rules.ast.Count;
import dev.vigilant.rules.ast.Pattern;
import dev.vigilant.rules.ast.Pattern.Quantifier;
import dev.vigilant.rules.ast.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What the session says of random events is what a naive reading of the rule tree says of them. */
class DifferentialTest {
    @Test
    void sessionsDecideAsTheTreeReads() {
        Random random = new Random(42);
        int matched = 0;
        long counted = 0;
        for (int round = 0; round < 150; round++) {
            RuleSet set = RandomRules.ruleSet(random, 6);
            List<KernelEvent> events = RandomRules.events(random, 40);
            TreeSet<String> expected = new TreeSet<>();
            for (Rule rule : set.rules()) {
                naive(rule, events, expected);
            }
            List<String> actual = Rules.matches(set, events.toArray(KernelEvent[]::new));

            assertThat(actual).as("round %d: %s", round, set.rules()).doesNotHaveDuplicates();
            assertThat(new TreeSet<>(actual))
                    .as("round %d: %s", round, set.rules())
                    .isEqualTo(expected);
            assertThat(Rules.told(set, event -> true, events.toArray(KernelEvent[]::new)))
                    .as("round %d: %s", round, set.rules())
                    .isEqualTo(DroolsAlone.told(set, events.toArray(KernelEvent[]::new)));
            matched += expected.size();
            counted += expected.stream().filter(m -> counts(set, m)).count();
        }
        assertThat(matched).isGreaterThan(1000);
        assertThat(counted).isGreaterThan(300);
    }

    private static boolean counts(RuleSet set, String match) {
        return set.rules().stream()
                .filter(rule -> match.startsWith(rule.description().id() + ":"))
                .anyMatch(rule -> rule.patterns().stream().anyMatch(p -> p.quantifier() == Quantifier.COUNT));
    }

    private static void naive(Rule rule, List<KernelEvent> events, TreeSet<String> matches) {
        extend(rule, 0, events, new Naive(), new ArrayList<>(), matches);
    }

    private static void extend(
            Rule rule, int at, List<KernelEvent> events, Naive bound, List<Integer> chosen, TreeSet<String> matches) {
        if (at == rule.patterns().size()) {
            List<String> named = new ArrayList<>();
            for (String name : rule.evidence()) {
                named.add("" + events.indexOf(bound.events.get(name)));
            }
            matches.add(rule.description().id() + ":" + String.join(",", named));
            return;
        }
        Pattern pattern = rule.patterns().get(at);
        if (pattern.quantifier() == Quantifier.NONE) {
            if (events.stream().noneMatch(e -> fits(pattern, e, bound))) {
                extend(rule, at + 1, events, bound, chosen, matches);
            }
            return;
        }
        if (pattern.count() != null) {
            if (counts(rule, at, events, bound)) {
                extend(rule, at + 1, events, bound, chosen, matches);
            }
            return;
        }
        for (KernelEvent event : events) {
            if (fits(pattern, event, bound)) {
                Naive more = bound.with(pattern.binding(), event);
                extend(rule, at + 1, events, more, chosen, matches);
            }
        }
    }

    private static boolean counts(Rule rule, int at, List<KernelEvent> events, Naive bound) {
        Count asked = rule.patterns().get(at).count();
        long sum = 0;
        for (int i = 0; i <= at; i++) {
            Pattern pattern = rule.patterns().get(i);
            Count count = pattern.count();
            if (count != null && (i == at || asked.plus().contains(count.name()))) {
                List<KernelEvent> fitting =
                        events.stream().filter(e -> fits(pattern, e, bound)).toList();
                sum += count.distinct() == null
                        ? fitting.size()
                        : fitting.stream()
                                .flatMap(e -> bound.values(count.distinct(), e).stream())
                                .distinct()
                                .count();
            }
        }
        return sum >= asked.least() && sum <= asked.most();
    }

    private static boolean fits(Pattern pattern, KernelEvent event, Naive bound) {
        if (!pattern.type().isInstance(event)) {
            return false;
        }
        for (Condition condition : pattern.conditions()) {
            if (!bound.holds(condition, event)) {
                return false;
            }
        }
        return true;
    }
}
