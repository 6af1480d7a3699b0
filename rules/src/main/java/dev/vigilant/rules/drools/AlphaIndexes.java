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
import org.drools.model.Index.ConstraintType;
import org.drools.model.PatternDSL;
import org.drools.model.functions.Function1;
import org.jspecify.annotations.Nullable;

/**
 * Hash indexes for equality with a literal: where three or more rules ask the same field, Drools looks the value up
 * instead of asking each.
 */
final class AlphaIndexes {
    private final Map<String, Integer> ids = new HashMap<>();

    Optional<AlphaIndex<KernelEvent, ?>> of(Condition condition) {
        if (condition instanceof Condition.Comparison comparison
                && comparison.operator() == Operator.EQUAL
                && comparison.right() instanceof Operand.Literals literals
                && literals.values().size() == 1
                && comparison.left().mask() == Operand.Field.NO_MASK
                && !comparison.left().type().many()) {
            return Optional.of(index(comparison.left(), literals.values().get(0)));
        }
        return Optional.empty();
    }

    private AlphaIndex<KernelEvent, ?> index(Operand.Field field, Object value) {
        String key = field.owner().getName() + " " + field.path();
        int id = ids.computeIfAbsent(key, k -> ids.size() + 1);
        return PatternDSL.alphaIndexedBy(Object.class, ConstraintType.EQUAL, id, new Extractor(path(field)), value);
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
}
