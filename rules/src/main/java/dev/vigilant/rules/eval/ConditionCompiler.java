// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.eval;

import dev.vigilant.rules.ast.Condition;
import dev.vigilant.rules.ast.FieldType;
import dev.vigilant.rules.ast.Operand;
import dev.vigilant.rules.ast.Operator;
import dev.vigilant.rules.field.FieldPath;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.LongPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Makes closures of conditions. */
public final class ConditionCompiler {
    private final List<String> bindings;

    private ConditionCompiler(List<String> bindings) {
        this.bindings = bindings;
    }

    /**
     * Compiles a condition.
     *
     * @param bindings all bindings that the condition names; the test takes their events in this order
     */
    public static EventTest compile(Condition condition, List<String> bindings) {
        return new ConditionCompiler(bindings).compile(condition);
    }

    /** The test of a comparison with literals on a value of the field, which is there. */
    public static Predicate<Object> literal(FieldType.Kind kind, Operator operator, List<Object> values) {
        return kind == FieldType.Kind.NUMBER
                ? boxed(ValueTests.number(operator, values))
                : ValueTests.value(operator, values);
    }

    private EventTest compile(Condition condition) {
        if (condition instanceof Condition.And and) {
            EventTest[] parts = parts(and.parts());
            return (event, bound) -> {
                for (EventTest part : parts) {
                    if (!part.test(event, bound)) {
                        return false;
                    }
                }
                return true;
            };
        }
        if (condition instanceof Condition.Or or) {
            EventTest[] parts = parts(or.parts());
            return (event, bound) -> {
                for (EventTest part : parts) {
                    if (part.test(event, bound)) {
                        return true;
                    }
                }
                return false;
            };
        }
        if (condition instanceof Condition.Not not) {
            EventTest part = compile(not.part());
            return (event, bound) -> !part.test(event, bound);
        }
        return leaf(condition);
    }

    private EventTest[] parts(List<Condition> conditions) {
        return conditions.stream().map(this::compile).toArray(EventTest[]::new);
    }

    private EventTest leaf(Condition condition) {
        if (condition instanceof Condition.Comparison comparison) {
            return comparison(comparison);
        }
        if (condition instanceof Condition.Present present) {
            return present(FieldReader.of(present.field(), bindings));
        }
        if (condition instanceof Condition.Holds holds) {
            FieldReader reader = FieldReader.of(holds.field(), bindings);
            return reader.path().unboxedTruth()
                    ? (event, bound) -> {
                        Object owner = reader.lastOwner(event, bound);
                        return owner != null && reader.path().truth(owner);
                    }
                    : (event, bound) -> Boolean.TRUE.equals(reader.get(event, bound));
        }
        if (condition instanceof Condition.Within within) {
            int other = bindings.indexOf(within.binding());
            long min = within.minNanos();
            long max = within.maxNanos();
            boolean itself = within.itself();
            return (event, bound) -> {
                long later =
                        event.context().timeNanos() - bound[other].context().timeNanos();
                return later >= min && later <= max && (itself || event != bound[other]);
            };
        }
        int other = bindings.indexOf(((Condition.Same) condition).binding());
        return (event, bound) -> event == bound[other];
    }

    private static EventTest present(FieldReader reader) {
        FieldPath path = reader.path();
        if (path.type().many()) {
            return (event, bound) -> reader.any(event, bound, value -> true);
        }
        if (reader.unboxedNumber() || path.unboxedTruth()) {
            return (event, bound) -> reader.lastOwner(event, bound) != null;
        }
        return (event, bound) -> reader.get(event, bound) != null;
    }

    private EventTest comparison(Condition.Comparison comparison) {
        FieldReader left = FieldReader.of(comparison.left(), bindings);
        if (comparison.right() instanceof Operand.Literals literals) {
            return literals(comparison, left, literals.values());
        }
        FieldReader right = FieldReader.of((Operand.Field) comparison.right(), bindings);
        boolean element = left.path().type().many();
        BiPredicate<Object, Object> pair = ValueTests.pair(elementwise(comparison.operator(), element));
        return (event, bound) -> {
            Object wanted = right.get(event, bound);
            return wanted != null
                    && anyLeft(left.get(event, bound), value -> anyLeft(wanted, w -> pair.test(value, w)));
        };
    }

    private static EventTest literals(Condition.Comparison comparison, FieldReader left, List<Object> values) {
        FieldType type = comparison.left().type();
        boolean many = type.many();
        Operator operator = elementwise(comparison.operator(), many);
        if (type.kind() == FieldType.Kind.NUMBER && left.unboxedNumber()) {
            LongPredicate test = ValueTests.number(operator, values);
            long mask = comparison.left().mask();
            return (event, bound) -> {
                Object owner = left.lastOwner(event, bound);
                return owner != null && test.test(left.path().number(owner) & mask);
            };
        }
        Predicate<Object> test = type.kind() == FieldType.Kind.NUMBER
                ? boxed(ValueTests.number(operator, values))
                : ValueTests.value(operator, values);
        if (many) {
            return (event, bound) -> left.any(event, bound, test);
        }
        return (event, bound) -> {
            Object value = left.get(event, bound);
            return value != null && test.test(value);
        };
    }

    private static Predicate<Object> boxed(LongPredicate test) {
        return value -> value instanceof Long l && test.test(l);
    }

    /** A list contains an element that is equal. */
    private static Operator elementwise(Operator operator, boolean many) {
        return operator == Operator.CONTAINS && many ? Operator.IN : operator;
    }

    private static boolean anyLeft(@Nullable Object value, Predicate<Object> test) {
        if (value instanceof List<?> list) {
            for (Object element : list) {
                if (test.test(element)) {
                    return true;
                }
            }
            return false;
        }
        return value != null && test.test(value);
    }
}
