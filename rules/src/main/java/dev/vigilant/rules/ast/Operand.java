// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.ast;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A side of a comparison. */
public sealed interface Operand {
    /** Canonical text. */
    String text();

    /**
     * A field of the event in hand, or of an event bound before.
     *
     * @param binding name of the earlier pattern, null for the pattern the condition stands in
     * @param owner type of the event
     * @param steps accessor names or map keys, from the event on; empty for the event itself
     * @param type what it holds
     * @param mask bits that are looked at; all bits when there is no mask
     * @param transforms what is made of each text before it is compared, the first one first
     */
    record Field(
            @Nullable String binding,
            Class<?> owner,
            List<String> steps,
            FieldType type,
            long mask,
            List<Transform> transforms)
            implements Operand {
        /** Looks at all bits. */
        public static final long NO_MASK = -1;

        public Field {
            steps = List.copyOf(steps);
            transforms = List.copyOf(transforms);
        }

        /** A field as it is. */
        public Field(@Nullable String binding, Class<?> owner, List<String> steps, FieldType type, long mask) {
            this(binding, owner, steps, type, mask, List.of());
        }

        /** The same field, with something made of its text. */
        public Field with(Transform transform) {
            List<Transform> more = new ArrayList<>(transforms);
            more.add(transform);
            FieldType made = transform == Transform.LENGTH ? new FieldType(FieldType.Kind.NUMBER, type.many()) : type;
            return new Field(binding, owner, steps, made, mask, more);
        }

        /** Whether it is compared as the event has it. */
        public boolean plain() {
            return transforms.isEmpty() && mask == NO_MASK;
        }

        /** The path as the rule wrote it, without a binding. */
        public String path() {
            return steps.isEmpty() ? "this" : String.join(".", steps);
        }

        @Override
        public String text() {
            String path = binding == null ? path() : binding + (steps.isEmpty() ? "" : "." + path());
            String masked = mask == NO_MASK ? path : "(" + path + " & 0x" + Long.toHexString(mask) + ")";
            for (Transform transform : transforms) {
                masked = transform.label() + "(" + masked + ")";
            }
            return masked;
        }
    }

    /**
     * Values that the rule file or its lists say: String, Long or Boolean.
     *
     * @param values the values, lists expanded
     */
    record Literals(List<Object> values) implements Operand {
        public Literals {
            values = List.copyOf(values);
        }

        /** One value. */
        public static Literals of(Object value) {
            return new Literals(List.of(value));
        }

        /** These values, each once. */
        public static Literals of(Collection<?> values) {
            return new Literals(values.stream().<Object>map(v -> v).distinct().toList());
        }

        @Override
        public String text() {
            return values.size() == 1
                    ? quote(values.get(0))
                    : values.stream().map(Literals::quote).collect(Collectors.joining(", ", "(", ")"));
        }

        private static String quote(Object value) {
            return value instanceof String s
                    ? '"' + s.replace("\\", "\\\\").replace("\"", "\\\"") + '"'
                    : value.toString();
        }
    }
}
