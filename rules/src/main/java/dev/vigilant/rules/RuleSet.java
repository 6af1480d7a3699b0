// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules;

import dev.vigilant.alert.RuleDescription;
import dev.vigilant.event.EventKind;
import dev.vigilant.rules.ast.Pattern;
import dev.vigilant.rules.ast.Problem;
import dev.vigilant.rules.ast.Rule;
import dev.vigilant.rules.field.EventTypes;
import dev.vigilant.source.Interest;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The rules that were loaded, and what was refused. Immutable. */
public final class RuleSet {
    private final List<Rule> rules;
    private final List<Problem> refused;
    private final List<Problem> warnings;
    private final Map<String, List<Object>> lists;
    private final Set<EventKind> wanted = EnumSet.noneOf(EventKind.class);

    RuleSet(List<Rule> rules, List<Problem> refused, List<Problem> warnings, Map<String, List<Object>> lists) {
        this.rules = List.copyOf(rules);
        this.refused = List.copyOf(refused);
        this.warnings = List.copyOf(warnings);
        this.lists = Map.copyOf(lists);
        for (Rule rule : rules) {
            for (Pattern pattern : rule.patterns()) {
                wanted.addAll(EventTypes.kinds(pattern.type()));
            }
        }
    }

    /** The rules that run. */
    public List<Rule> rules() {
        return rules;
    }

    /** What the rules say of themselves, in the order of {@link #rules}. */
    public List<RuleDescription> describe() {
        return rules.stream().map(Rule::description).toList();
    }

    /** Rules and files that do not run. */
    public List<Problem> refused() {
        return refused;
    }

    /** What runs but looks wrong. */
    public List<Problem> warnings() {
        return warnings;
    }

    /** All lists, expanded. */
    public Map<String, List<Object>> lists() {
        return lists;
    }

    /** Whether any rule looks at events of that kind. */
    public boolean wants(EventKind kind) {
        return wanted.contains(kind);
    }

    /** What the rules want sensed. */
    public List<Interest> interests() {
        return Interests.of(rules);
    }
}
