// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.drools;

import dev.vigilant.event.KernelEvent;
import dev.vigilant.rules.ast.Condition;
import dev.vigilant.rules.ast.Operand;
import dev.vigilant.rules.ast.Operator;
import dev.vigilant.rules.field.FieldPath;
import dev.vigilant.rules.field.UnknownFieldException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.drools.model.AlphaIndex;
import org.drools.model.BetaIndex;
import org.drools.model.Index.ConstraintType;
import org.drools.model.PatternDSL;
import org.drools.model.functions.Function1;
import org.jspecify.annotations.Nullable;

/**
 * Hash indexes for equality. With a literal: where three or more rules ask the same field, Drools looks the value up
 * instead of asking each. With a field of an earlier event: Drools finds the kept events by it instead of asking all.
 */
final class Indexes {
    private final Map<String, Integer> ids = new HashMap<>();

    /** For a condition on one event. */
    Optional<AlphaIndex<KernelEvent, ?>> alpha(Condition condition) {
        if (condition instanceof Condition.Comparison comparison
                && comparison.operator() == Operator.EQUAL
                && comparison.right() instanceof Operand.Literals literals
                && literals.values().size() == 1
                && indexable(comparison.left())) {
            return Optional.of(index(comparison.left(), literals.values().get(0)));
        }
        return Optional.empty();
    }

    /** For a condition on an event and one earlier event. */
    Optional<BetaIndex<KernelEvent, KernelEvent, ?>> beta(Condition condition) {
        if (condition instanceof Condition.Comparison comparison
                && comparison.operator() == Operator.EQUAL
                && comparison.right() instanceof Operand.Field right
                && comparison.left().binding() == null
                && right.binding() != null
                && indexable(comparison.left())
                && indexable(right)) {
            return Optional.of(PatternDSL.betaIndexedBy(
                    Object.class,
                    ConstraintType.EQUAL,
                    id(comparison.left()),
                    new Joined(path(comparison.left())),
                    new Joined(path(right))));
        }
        return Optional.empty();
    }

    private static boolean indexable(Operand.Field field) {
        return field.plain() && !field.type().many();
    }

    private AlphaIndex<KernelEvent, ?> index(Operand.Field field, Object value) {
        return PatternDSL.alphaIndexedBy(
                Object.class, ConstraintType.EQUAL, id(field), new Extractor(path(field)), value);
    }

    private int id(Operand.Field field) {
        return ids.computeIfAbsent(field.owner().getName() + " " + field.path(), k -> ids.size() + 1);
    }

    private static FieldPath path(Operand.Field field) {
        try {
            return FieldPath.compile(field.owner(), field.steps());
        } catch (UnknownFieldException e) {
            throw new IllegalArgumentException("the front end let an unknown field pass: " + field.text(), e);
        }
    }

    /** Reads the indexed field; a field that cannot be read is equal to nothing. */
    private record Extractor(FieldPath path) implements Function1<KernelEvent, Object> {
        @Override
        @SuppressWarnings("NullAway") // Drools takes null as no value
        public @Nullable Object apply(KernelEvent event) {
            try {
                return path.get(event);
            } catch (RuntimeException e) {
                return null;
            }
        }
    }

    /** Reads a joined field; what is missing is equal to nothing, not even to what is missing on the other side. */
    private record Joined(FieldPath path) implements Function1<KernelEvent, Object> {
        @Override
        public Object apply(KernelEvent event) {
            try {
                Object value = path.get(event);
                return value == null ? new Object() : value;
            } catch (RuntimeException e) {
                return new Object();
            }
        }
    }
}
