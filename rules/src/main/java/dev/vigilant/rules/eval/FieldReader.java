// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.eval;

import dev.vigilant.event.KernelEvent;
import dev.vigilant.rules.ast.Operand;
import dev.vigilant.rules.ast.Transform;
import dev.vigilant.rules.field.FieldPath;
import dev.vigilant.rules.field.UnknownFieldException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A field of the pattern's event or of a bound one.
 *
 * @param path the compiled path
 * @param bound index of the binding, -1 for the pattern's own event
 * @param mask bits of a number that count
 * @param transforms what is made of each text
 */
record FieldReader(FieldPath path, int bound, long mask, List<Transform> transforms) {
    static FieldReader of(Operand.Field field, List<String> bindings) {
        try {
            FieldPath path = FieldPath.compile(field.owner(), field.steps());
            return new FieldReader(
                    path,
                    field.binding() == null ? -1 : bindings.indexOf(field.binding()),
                    field.mask(),
                    field.transforms());
        } catch (UnknownFieldException e) {
            throw new IllegalArgumentException("the front end let an unknown field pass: " + field.text(), e);
        }
    }

    @Nullable
    Object get(KernelEvent event, KernelEvent[] others) {
        Object value = path.get(source(event, others));
        if (value != null && !transforms.isEmpty()) {
            return transformed(value);
        }
        return mask != Operand.Field.NO_MASK && value instanceof Long number ? (Object) (number & mask) : value;
    }

    private @Nullable Object transformed(Object value) {
        if (!(value instanceof List<?> list)) {
            return Transforms.apply(transforms, value);
        }
        List<Object> all = new ArrayList<>(list.size());
        for (Object element : list) {
            Object made = Transforms.apply(transforms, element);
            if (made != null) {
                all.add(made);
            }
        }
        return all;
    }

    /** Whether a value passes the test. */
    boolean any(KernelEvent event, KernelEvent[] others, Predicate<Object> test) {
        return path.any(
                source(event, others),
                transforms.isEmpty()
                        ? test
                        : value -> {
                            Object made = Transforms.apply(transforms, value);
                            return made != null && test.test(made);
                        });
    }

    /** Whether the number can be read of its owner, unboxed. */
    boolean unboxedNumber() {
        return transforms.isEmpty() && path.unboxedNumber();
    }

    @Nullable
    Object lastOwner(KernelEvent event, KernelEvent[] others) {
        return path.lastOwner(source(event, others));
    }

    private KernelEvent source(KernelEvent event, KernelEvent[] others) {
        return bound < 0 ? event : others[bound];
    }
}
