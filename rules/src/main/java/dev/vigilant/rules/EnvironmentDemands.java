// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules;

import dev.vigilant.event.KernelEvent;
import dev.vigilant.event.Process;
import dev.vigilant.rules.ast.Condition;
import dev.vigilant.rules.ast.Operand;
import dev.vigilant.rules.ast.Operator;
import dev.vigilant.rules.ast.Pattern;
import dev.vigilant.rules.ast.Problem;
import dev.vigilant.rules.ast.Rule;
import dev.vigilant.rules.ast.Transform;
import dev.vigilant.rules.field.FieldPath;
import dev.vigilant.rules.field.UnknownFieldException;
import dev.vigilant.source.EnvironmentDemand;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;

/**
 * Derives what a rule asks of the environments of processes: never less than its conditions look at. A variable's name asks for
 * that variable; a text that is looked for in all of it asks for the entries that have the text, because no other can make
 * the condition true.
 */
final class EnvironmentDemands {
    private static final String VARIABLES = "environment";
    private static final String LINE = "environmentLine";
    private static final java.util.regex.Pattern PLACE = java.util.regex.Pattern.compile("\\{\\s*([^}]*?)\\s*}");

    private final Set<String> keys = new HashSet<>();
    private final Set<String> texts = new HashSet<>();
    private boolean whole;

    private EnvironmentDemands() {}

    static EnvironmentDemand of(List<Condition> conditions) {
        EnvironmentDemands demands = new EnvironmentDemands();
        conditions.forEach(demands::add);
        return demands.demand();
    }

    /** A warning for each pattern that has whole environments sensed, where a variable's name would do. */
    static List<Problem> warnings(List<Rule> rules) {
        List<Problem> warnings = new ArrayList<>();
        for (Rule rule : rules) {
            for (Pattern pattern : rule.patterns()) {
                if (of(pattern.conditions()).whole()) {
                    warnings.add(
                            new Problem(
                                    rule.description().name(),
                                    pattern.position(),
                                    "has the whole environment of programs sensed, and shown in events and recordings, with the"
                                            + " secrets that are in it: ask for a variable by its name, or for a text by str[contains]"));
                }
            }
        }
        return warnings;
    }

    /** Variables that an alert's message has places for. All of an environment is not sensed for a message. */
    static EnvironmentDemand ofMessage(String message, Class<? extends KernelEvent> type) {
        EnvironmentDemands demands = new EnvironmentDemands();
        Matcher places = PLACE.matcher(message);
        while (places.find()) {
            List<String> steps = List.of(places.group(1).split("\\."));
            int at = placeOf(type, steps, VARIABLES);
            if (at >= 0 && at + 1 < steps.size()) {
                demands.keys.add(steps.get(at + 1));
            }
        }
        return demands.demand();
    }

    private EnvironmentDemand demand() {
        return keys.isEmpty() && texts.isEmpty() && !whole
                ? EnvironmentDemand.NONE
                : new EnvironmentDemand(whole, keys, texts);
    }

    private void add(Condition condition) {
        if (condition instanceof Condition.And and) {
            and.parts().forEach(this::add);
        } else if (condition instanceof Condition.Or or) {
            or.parts().forEach(this::add);
        } else if (condition instanceof Condition.Not not) {
            add(not.part());
        } else if (condition instanceof Condition.Present present) {
            add(present.field());
        } else if (condition instanceof Condition.Comparison comparison && !searches(comparison)) {
            add(comparison.left());
            if (comparison.right() instanceof Operand.Field right) {
                add(right);
            }
        }
    }

    /** Whether it looks for texts in the whole environment that lie within one entry; then they are what is asked for. */
    private boolean searches(Condition.Comparison comparison) {
        Operand.Field field = comparison.left();
        if (comparison.operator() != Operator.SUBSTRING
                || !(comparison.right() instanceof Operand.Literals literals)
                || placeOf(field.owner(), field.steps(), LINE) < 0
                || !field.transforms().stream().allMatch(t -> t == Transform.LOWER || t == Transform.UPPER)) {
            return false;
        }
        List<String> searched = literals.values().stream().map(Object::toString).toList();
        boolean within = searched.stream().allMatch(EnvironmentDemands::liesWithinAnEntry);
        if (within) {
            searched.forEach(text -> texts.add(text.toLowerCase(Locale.ROOT)));
        }
        return within;
    }

    /** Entries are joined by blanks. Letters beyond ASCII change with their neighbours when their case does. */
    private static boolean liesWithinAnEntry(String text) {
        return !text.isEmpty() && text.indexOf(' ') < 0 && text.chars().allMatch(c -> c < 0x80);
    }

    private void add(Operand.Field field) {
        int at = placeOf(field.owner(), field.steps(), VARIABLES);
        if (at >= 0 && at + 1 < field.steps().size()) {
            keys.add(field.steps().get(at + 1));
        } else if (at >= 0 || placeOf(field.owner(), field.steps(), LINE) >= 0) {
            whole = true;
        }
    }

    /** At which step a field of a process is taken, or -1: a label of a container may be called the same. */
    private static int placeOf(Class<?> owner, List<String> steps, String name) {
        for (int i = 1; i < steps.size(); i++) {
            if (steps.get(i).equals(name) && isProcess(owner, steps.subList(0, i))) {
                return i;
            }
        }
        return -1;
    }

    private static boolean isProcess(Class<?> owner, List<String> steps) {
        try {
            return FieldPath.compile(owner, steps).leadsTo() == Process.class;
        } catch (UnknownFieldException e) {
            return false;
        }
    }
}
