// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.author;

import dev.vigilant.alert.RuleDescription;
import dev.vigilant.rules.RuleSource;
import dev.vigilant.rules.ast.Problem;
import dev.vigilant.rules.ast.Rule;
import dev.vigilant.rules.field.Nearest;
import java.util.ArrayList;
import java.util.List;

/** What a DRL rule does not say of itself and whoever judges its alerts would like to know. Other languages have no place for it. */
public final class MissingMetadata {
    private MissingMetadata() {}

    /** A warning for each rule that leaves something out, or names a control that is none. */
    public static List<Problem> of(List<Rule> rules) {
        List<Problem> problems = new ArrayList<>();
        for (Rule rule : rules) {
            RuleDescription description = rule.description();
            if (rule.position().file().endsWith(RuleSource.RULES)) {
                List<String> missing = missing(description);
                if (!missing.isEmpty()) {
                    problems.add(new Problem(
                            description.name(), rule.position(), "no " + String.join(", no ", missing) + ": add them"));
                }
                problems.addAll(controls(rule));
            }
        }
        return problems;
    }

    private static List<String> missing(RuleDescription rule) {
        List<String> missing = new ArrayList<>();
        if (rule.techniques().isEmpty()) {
            missing.add("@technique");
        }
        if (rule.falsePositives().isEmpty()) {
            missing.add("@falsePositives");
        }
        if (rule.message() == null) {
            missing.add("@message");
        }
        return missing;
    }

    private static List<Problem> controls(Rule rule) {
        return rule.description().tags().stream()
                .filter(tag -> tag.startsWith(Control.PREFIX))
                .map(tag -> tag.substring(Control.PREFIX.length()))
                .filter(label -> !Control.labels().contains(label))
                .map(label -> new Problem(
                        rule.description().name(),
                        rule.position(),
                        "unknown control `" + label + "`"
                                + Nearest.hint(
                                        label, Control.labels(), ": known are " + String.join(", ", Control.labels()))))
                .toList();
    }
}
