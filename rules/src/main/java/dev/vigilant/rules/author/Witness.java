// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.author;

import dev.vigilant.event.KernelEvent;
import dev.vigilant.rules.ast.Condition;
import dev.vigilant.rules.ast.Operand;
import dev.vigilant.rules.field.FieldPath;
import dev.vigilant.rules.field.UnknownFieldException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The values that a condition looked at, for people. */
final class Witness {
    private static final int MAX_TEXT = 160;
    private static final int MAX_VALUES = 8;

    private Witness() {}

    static String of(Condition condition, KernelEvent event, Map<String, KernelEvent> bound) {
        if (condition instanceof Condition.Not not) {
            return of(not.part(), event, bound);
        }
        if (condition instanceof Condition.Present present) {
            return value(present.field(), event, bound);
        }
        if (condition instanceof Condition.Holds holds) {
            return value(holds.field(), event, bound);
        }
        if (condition instanceof Condition.Within within) {
            KernelEvent other = bound.get(within.binding());
            return other == null ? "" : distance(event, other) + " s after " + within.binding();
        }
        if (condition instanceof Condition.Comparison comparison) {
            String left = value(comparison.left(), event, bound);
            return comparison.right() instanceof Operand.Field right
                    ? left + ", " + right.text() + " is " + value(right, event, bound)
                    : left;
        }
        return "";
    }

    private static String distance(KernelEvent event, KernelEvent other) {
        return Double.toString((event.context().timeNanos() - other.context().timeNanos()) / 1e9);
    }

    private static String value(Operand.Field field, KernelEvent event, Map<String, KernelEvent> bound) {
        KernelEvent owner = field.binding() == null ? event : bound.get(field.binding());
        try {
            Object value = FieldPath.compile(field.owner(), field.steps()).get(owner);
            boolean masked = field.mask() != Operand.Field.NO_MASK;
            return masked && value instanceof Long number ? shown(number & field.mask()) : shown(value);
        } catch (UnknownFieldException e) {
            throw new IllegalArgumentException("the front end let an unknown field pass: " + field.text(), e);
        }
    }

    private static String shown(@Nullable Object value) {
        if (value == null) {
            return "missing";
        }
        if (value instanceof List<?> list) {
            List<String> texts = new ArrayList<>();
            list.stream().limit(MAX_VALUES).forEach(v -> texts.add(shown(v)));
            if (list.size() > MAX_VALUES) {
                texts.add("... " + list.size() + " in all");
            }
            return texts.stream().collect(Collectors.joining(", ", "[", "]"));
        }
        if (value instanceof String text) {
            String printable = text.replaceAll("[^\\x20-\\x7e]", "?");
            return '"' + (printable.length() > MAX_TEXT ? printable.substring(0, MAX_TEXT) + "[cut]" : printable) + '"';
        }
        return value instanceof Long || value instanceof Boolean ? value.toString() : "there";
    }
}
