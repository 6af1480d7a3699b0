// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.ast;

import java.util.List;
import java.util.stream.Collectors;

/** What a pattern asks of its event. */
public sealed interface Condition {
    /** Where it stands. */
    Position position();

    /** Canonical and complete: two conditions on the same type with the same text are the same. */
    String text();

    /** All hold; none means that it always holds. */
    record And(List<Condition> parts, Position position) implements Condition {
        public And {
            parts = List.copyOf(parts);
        }

        @Override
        public String text() {
            return parts.isEmpty()
                    ? "true"
                    : parts.stream().map(Condition::text).collect(Collectors.joining(" && ", "(", ")"));
        }
    }

    /** At least one holds; none means that it never holds. */
    record Or(List<Condition> parts, Position position) implements Condition {
        public Or {
            parts = List.copyOf(parts);
        }

        @Override
        public String text() {
            return parts.isEmpty()
                    ? "false"
                    : parts.stream().map(Condition::text).collect(Collectors.joining(" || ", "(", ")"));
        }
    }

    /** The exact negation: where the part is false for a missing value, this is true. */
    record Not(Condition part, Position position) implements Condition {
        @Override
        public String text() {
            return "!(" + part.text() + ")";
        }
    }

    /** A comparison of a field. */
    record Comparison(Operand.Field left, Operator operator, Operand right, Position position) implements Condition {
        @Override
        public String text() {
            return left.text() + " " + operator.label() + " " + right.text();
        }
    }

    /** The field is there; a list is there when it is not empty. */
    record Present(Operand.Field field, Position position) implements Condition {
        @Override
        public String text() {
            return field.text() + " != null";
        }
    }

    /** The boolean field is true. */
    record Holds(Operand.Field field, Position position) implements Condition {
        @Override
        public String text() {
            return field.text();
        }
    }

    /**
     * The event happened at least {@code minNanos} and at most {@code maxNanos} after the bound one; both are negative
     * for an event before it.
     *
     * @param itself whether an event is 0 ns after itself, as where events are counted; else it never holds between them
     */
    record Within(String binding, long minNanos, long maxNanos, boolean itself, Position position)
            implements Condition {
        /** It never holds between an event and itself. */
        public Within(String binding, long minNanos, long maxNanos, Position position) {
            this(binding, minNanos, maxNanos, false, position);
        }

        @Override
        public String text() {
            return "this within[" + minNanos + "ns," + maxNanos + "ns] of " + binding + (itself ? " or itself" : "");
        }
    }

    /** The event is the bound one. */
    record Same(String binding, Position position) implements Condition {
        @Override
        public String text() {
            return "this == " + binding;
        }
    }
}
