// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.drl;

import dev.vigilant.rules.ast.Condition;
import dev.vigilant.rules.ast.Operand;
import dev.vigilant.rules.ast.Operator;
import dev.vigilant.rules.ast.Transform;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Conditions as {@link ConstraintParser} reads them. */
final class ConditionWriter {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_$][A-Za-z0-9_$]*");
    private static final Pattern NUMBER = Pattern.compile("[0-9]+");

    private ConditionWriter() {}

    /** A constraint of a pattern. Only on its own may {@code not} stand before an operator. */
    static String constraint(Condition condition) {
        return condition instanceof Condition.Not not
                        && not.part() instanceof Condition.Comparison c
                        && c.operator() != Operator.EQUAL
                        && !c.operator().ordering()
                        && !isSpread(c)
                ? field(c.left()) + " not " + operator(c) + " " + right(c)
                : text(condition);
    }

    private static String text(Condition condition) {
        if (condition instanceof Condition.And and) {
            return joined(and.parts(), " && ");
        }
        if (condition instanceof Condition.Or or) {
            return joined(or.parts(), " || ");
        }
        if (condition instanceof Condition.Not not) {
            return negation(not.part());
        }
        if (condition instanceof Condition.Comparison comparison) {
            return comparison(comparison);
        }
        if (condition instanceof Condition.Present present) {
            return field(present.field()) + " != null";
        }
        if (condition instanceof Condition.Holds holds) {
            return field(holds.field());
        }
        if (condition instanceof Condition.Within within) {
            return within(within);
        }
        return "this == " + ((Condition.Same) condition).binding();
    }

    private static String joined(List<Condition> parts, String operator) {
        return parts.stream().map(ConditionWriter::part).collect(Collectors.joining(operator));
    }

    /** Within another one: what is joined stands in parentheses. */
    private static String part(Condition condition) {
        String text = text(condition);
        boolean joined = condition instanceof Condition.And || condition instanceof Condition.Or || isSpread(condition);
        return joined ? "( " + text + " )" : text;
    }

    private static String negation(Condition part) {
        if (part instanceof Condition.Present present) {
            return field(present.field()) + " == null";
        }
        if (part instanceof Condition.Holds holds) {
            return "!" + field(holds.field());
        }
        if (part instanceof Condition.Comparison c && c.operator() == Operator.EQUAL && !isSpread(c)) {
            return field(c.left()) + " != " + right(c.right());
        }
        return "!( " + text(part) + " )";
    }

    /** Only {@code in} takes several values where they stand: others are asked one by one, and one that fits is enough. */
    private static boolean isSpread(Condition condition) {
        return condition instanceof Condition.Comparison c
                && c.operator() != Operator.IN
                && c.right() instanceof Operand.Literals literals
                && literals.values().size() != 1;
    }

    private static String comparison(Condition.Comparison c) {
        String left = field(c.left()) + " " + operator(c) + " ";
        if (isSpread(c)) {
            return ((Operand.Literals) c.right())
                    .values().stream().map(value -> left + literal(value)).collect(Collectors.joining(" || "));
        }
        return left + right(c);
    }

    private static String operator(Condition.Comparison c) {
        boolean ofField = c.operator() == Operator.IN && c.right() instanceof Operand.Field;
        return ofField ? "memberOf" : c.operator().label();
    }

    private static String right(Condition.Comparison c) {
        if (c.operator() == Operator.IN && c.right() instanceof Operand.Literals literals) {
            return literals.values().stream().map(ConditionWriter::literal).collect(Collectors.joining(", ", "(", ")"));
        }
        return right(c.right());
    }

    private static String right(Operand operand) {
        return operand instanceof Operand.Field field
                ? field(field)
                : literal(((Operand.Literals) operand).values().get(0));
    }

    /** A field of an event that has a name. */
    static String ofEvent(Operand.Field field, String event) {
        return field(
                new Operand.Field(event, field.owner(), field.steps(), field.type(), field.mask(), field.transforms()));
    }

    private static String field(Operand.Field field) {
        StringBuilder path = new StringBuilder(field.binding() == null ? "" : field.binding());
        for (String step : field.steps()) {
            if (NAME.matcher(step).matches()) {
                path.append(path.length() == 0 ? "" : ".").append(step);
            } else {
                path.append('[')
                        .append(NUMBER.matcher(step).matches() ? step : quoted(step))
                        .append(']');
            }
        }
        String text = path.length() == 0 ? "this" : path.toString();
        if (field.mask() != Operand.Field.NO_MASK) {
            text = "(" + text + " & 0x" + Long.toHexString(field.mask()) + ")";
        }
        for (Transform transform : field.transforms()) {
            text = transform.label() + "(" + text + ")";
        }
        return text;
    }

    private static String literal(Object value) {
        return value instanceof String text ? quoted(text) : value.toString();
    }

    /** A string literal. */
    static String quoted(String value) {
        StringBuilder text = new StringBuilder("\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '\\', '"' -> text.append('\\').append(c);
                case '\n' -> text.append("\\n");
                case '\t' -> text.append("\\t");
                case '\r' -> text.append("\\r");
                default -> {
                    if (c < 0x20 || c == 0x7f) {
                        text.append(String.format("\\u%04x", (int) c));
                    } else {
                        text.append(c);
                    }
                }
            }
        }
        return text.append('"').toString();
    }

    private static String within(Condition.Within within) {
        long min = within.minNanos();
        long max = within.maxNanos();
        if (min >= 0) {
            return "this after[" + Durations.text(min) + "," + Durations.text(max) + "] " + within.binding();
        }
        if (max <= 0) {
            return "this before[" + Durations.text(-max) + "," + Durations.text(-min) + "] " + within.binding();
        }
        if (min == -max) {
            return "this coincides[" + Durations.text(max) + "] " + within.binding();
        }
        return "( this after[0s," + Durations.text(max) + "] " + within.binding() + " || this before[0s,"
                + Durations.text(-min) + "] " + within.binding() + " )";
    }
}
