// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.ast;

import dev.vigilant.event.KernelEvent;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One kind of event that a rule waits for.
 *
 * @param quantifier whether an event is wanted, or only asked for
 * @param binding the name the rule gives the event, null if none
 * @param type an event record, {@code FileEvent} or {@code KernelEvent}
 * @param conditions all of them hold
 * @param count how many events are wanted, null unless they are counted
 * @param position where the pattern stands
 */
public record Pattern(
        Quantifier quantifier,
        @Nullable String binding,
        Class<? extends KernelEvent> type,
        List<Condition> conditions,
        @Nullable Count count,
        Position position) {
    public Pattern {
        conditions = List.copyOf(conditions);
        if ((quantifier == Quantifier.COUNT) != (count != null)) {
            throw new IllegalArgumentException("a pattern that counts says how many");
        }
    }

    /** A pattern that counts nothing. */
    public Pattern(
            Quantifier quantifier,
            @Nullable String binding,
            Class<? extends KernelEvent> type,
            List<Condition> conditions,
            Position position) {
        this(quantifier, binding, type, conditions, null, position);
    }

    /** The same with other conditions. */
    public Pattern with(List<Condition> others) {
        return new Pattern(quantifier, binding, type, others, count, position);
    }

    /** Canonical. */
    public String text() {
        return conditions.stream()
                .map(Condition::text)
                .collect(Collectors.joining(
                        ", ",
                        quantifier + " " + (count == null ? binding : count.text()) + " : " + type.getName() + "(",
                        ")"));
    }

    /** How many events a pattern wants. */
    public enum Quantifier {
        /** Each event that fits makes a match. */
        EACH,
        /** At least one fits. */
        EXISTS,
        /** None fits. */
        NONE,
        /** As many fit as the pattern's count says. */
        COUNT
    }
}
