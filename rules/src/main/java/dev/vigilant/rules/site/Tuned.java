// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.site;

import dev.vigilant.rules.ast.Problem;
import dev.vigilant.rules.ast.Rule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Rules as a site wants them.
 *
 * @param rules the rules that run; an exception has made two of one rule: one for what is told, one for what is kept back
 * @param sensed the same without what exceptions made of them: what the sensor and the gate have to let through
 * @param suppressions by the id of a rule for what is kept back
 * @param limits by the id of a rule
 * @param expiries what ends, by nanoseconds since the epoch, as people are told
 * @param refused entries that do not apply
 * @param warnings entries that no longer apply
 * @param disabled ids of the rules that do not run
 */
public record Tuned(
        List<Rule> rules,
        List<Rule> sensed,
        Map<String, Suppression> suppressions,
        Map<String, RateLimit> limits,
        NavigableMap<Long, String> expiries,
        List<Problem> refused,
        List<Problem> warnings,
        List<String> disabled) {
    public Tuned {
        rules = List.copyOf(rules);
        sensed = List.copyOf(sensed);
        suppressions = Map.copyOf(suppressions);
        limits = Map.copyOf(limits);
        refused = List.copyOf(refused);
        warnings = List.copyOf(warnings);
        disabled = List.copyOf(disabled);
    }

    /** Rules of which no site says anything. */
    public static Tuned untouched(List<Rule> rules) {
        Map<String, List<Rule>> byId = new LinkedHashMap<>();
        rules.forEach(rule -> byId.computeIfAbsent(rule.description().id(), id -> new ArrayList<>())
                .add(rule));
        return new Tuned(
                rules, rules, Map.of(), RateLimit.ofRules(byId), new TreeMap<>(), List.of(), List.of(), List.of());
    }
}
