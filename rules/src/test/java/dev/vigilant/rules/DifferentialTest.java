// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vigilant.event.KernelEvent;
import dev.vigilant.rules.ast.Condition;
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
            matched += expected.size();
        }
        assertThat(matched).isGreaterThan(1000);
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
        for (KernelEvent event : events) {
            if (fits(pattern, event, bound)) {
                Naive more = bound.with(pattern.binding(), event);
                extend(rule, at + 1, events, more, chosen, matches);
            }
        }
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
