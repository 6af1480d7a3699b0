// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.falco;

import dev.vigilant.rules.ast.Position;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A condition as Falco reads it, before anything is known of Vigilant's events. */
sealed interface Filter {
    /** All hold. */
    record And(List<Filter> parts) implements Filter {}

    /** At least one holds. */
    record Or(List<Filter> parts) implements Filter {}

    /** The exact negation. */
    record Not(Filter part) implements Filter {}

    /** The condition of a macro stands here. */
    record Macro(String name, Position position) implements Filter {}

    /**
     * A comparison.
     *
     * @param field what is compared
     * @param operator {@code =}, {@code in}, {@code startswith} ...; {@code ==} is read as {@code =}
     * @param modifier {@code oneof}, {@code anyof}, {@code allof}, or null
     * @param values the values, lists expanded; none for {@code exists}
     * @param right the field that is compared with, in place of values
     * @param position where it begins
     */
    record Check(
            Field field,
            String operator,
            @Nullable String modifier,
            List<String> values,
            @Nullable Field right,
            Position position)
            implements Filter {
        public Check {
            values = List.copyOf(values);
        }

        /** The same comparison with other values. */
        Check with(String newOperator, List<String> newValues) {
            return new Check(field, newOperator, null, newValues, right, position);
        }
    }

    /**
     * A field.
     *
     * @param name {@code proc.aname}
     * @param argument what stands in brackets, null if nothing
     * @param transformers {@code tolower}, {@code basename} ..., the innermost first
     */
    record Field(String name, @Nullable String argument, List<String> transformers) {
        /** As rules write it, without transformers. */
        String text() {
            return argument == null ? name : name + "[" + argument + "]";
        }
    }
}
