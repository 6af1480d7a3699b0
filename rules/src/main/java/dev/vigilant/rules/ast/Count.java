// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.ast;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How many events a counting pattern has to find.
 *
 * @param name what the rule calls the number
 * @param distinct the field whose different values are counted, null where the events are
 * @param plus names of the rule's earlier counts that are added to this one
 * @param least how many there are at least
 * @param most how many there are at most, {@link Long#MAX_VALUE} for any number
 */
public record Count(String name, Operand.@Nullable Field distinct, List<String> plus, long least, long most) {
    /** How many events are remembered for what a pattern asks of an event alone; a count has to be below. */
    public static final int MAX = 10_000;

    /** How many counts may be added to one. */
    public static final int MAX_ADDED = 3;

    public Count {
        plus = List.copyOf(plus);
    }

    /** Whether any number will do, because a later count adds this one. */
    public boolean open() {
        return least <= 0 && most == Long.MAX_VALUE;
    }

    /** Whether the numbers, added, are enough and not too many. */
    public boolean holds(long number) {
        return number >= least && number <= most;
    }

    /** Canonical. */
    public String text() {
        String counted = distinct == null ? "count()" : "collectSet(" + distinct.text() + ").size";
        return name + " = " + counted + (plus.isEmpty() ? "" : " + " + String.join(" + ", plus)) + " in [" + least
                + ", " + (most == Long.MAX_VALUE ? "" : most) + "]";
    }
}
