// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.sigma;

import dev.vigilant.rules.ast.Position;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A field with what it has to be, modifiers done.
 *
 * @param field the field's name, null for keywords
 * @param how the comparison
 * @param values what it is compared with: each a list of texts of which one has to fit
 * @param all whether each of the values has to fit, and not only one
 * @param cased whether the case counts
 * @param negated whether it is the contrary that has to hold
 * @param missing whether the field may also be missing ({@code null} among the values)
 * @param position where it stands
 */
record Item(
        @Nullable String field,
        How how,
        List<List<Wild>> values,
        boolean all,
        boolean cased,
        boolean negated,
        boolean missing,
        Position position) {
    Item {
        values = values.stream().map(List::copyOf).toList();
    }

    /** How a field is compared. */
    enum How {
        /** With wildcards. */
        TEXT,
        /** An expression of RE2 fits somewhere. */
        EXPRESSION,
        CIDR,
        EXISTS,
        /** With another field. */
        FIELD,
        FIELD_STARTS,
        FIELD_ENDS,
        FIELD_CONTAINS,
        LESS,
        LESS_OR_EQUAL,
        GREATER,
        GREATER_OR_EQUAL
    }

    /** The plain text of the only value. */
    String single() {
        return values.isEmpty() || values.get(0).isEmpty()
                ? ""
                : values.get(0).get(0).form();
    }
}
