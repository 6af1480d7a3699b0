// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vigilant.counter.Counters;
import dev.vigilant.event.KernelEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/** Rule texts for tests, and what they match. */
final class Rules {
    private Rules() {}

    static String rule(String id, String when) {
        return rule(id, when, "alert( $e );");
    }

    static String rule(String id, String when, String then) {
        return "rule \"" + id + "\" @id(\"" + id + "\") @severity(\"warning\") @description(\"d\")\nwhen\n" + when
                + "\nthen\n    " + then + "\nend\n";
    }

    static RuleSet load(String... rules) {
        return RuleLoader.load(
                List.of(new RuleSource("test.drl", "package vigilant.test;\n" + String.join("", rules)), LISTS));
    }

    static final RuleSource LISTS = new RuleSource("test.lists.yaml", """
            Shells: [sh, bash]
            MoreShells: [$Shells, zsh]
            Ports: [22, 0x50]
            Dirs: [/etc, /root/]
            """);

    static RuleSet sound(String... rules) {
        RuleSet set = load(rules);
        assertThat(set.refused()).isEmpty();
        return set;
    }

    /** Matches as {@code rule:index,index} of the events offered. */
    static List<String> matches(RuleSet set, KernelEvent... events) {
        return told(set, event -> true, events).stream().flatMap(List::stream).toList();
    }

    /** What each event makes the session tell, in alphabetic order, when only those reach it that the gate lets through. */
    static List<List<String>> told(RuleSet set, Predicate<KernelEvent> gate, KernelEvent... events) {
        List<List<String>> told = new ArrayList<>();
        List<KernelEvent> all = Arrays.asList(events);
        List<String> now = new ArrayList<>();
        try (RuleSession session = new RuleSession(
                set,
                (rule, evidence) -> now.add(rule.id() + ":"
                        + evidence.stream()
                                .map(e -> "" + indexOf(all, e))
                                .reduce((a, b) -> a + "," + b)
                                .orElse("")),
                new Counters())) {
            for (KernelEvent event : events) {
                if (gate.test(event)) {
                    session.offer(event);
                } else {
                    session.pass(event.context().timeNanos());
                }
                told.add(now.stream().sorted().toList());
                now.clear();
            }
        }
        return told;
    }

    static int indexOf(List<KernelEvent> all, KernelEvent event) {
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i) == event) {
                return i;
            }
        }
        return -1;
    }
}
