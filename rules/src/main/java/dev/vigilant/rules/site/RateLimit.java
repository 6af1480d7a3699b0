// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.site;

import dev.vigilant.event.KernelEvent;
import dev.vigilant.rules.field.FieldPath;
import java.util.List;

/**
 * How many alerts a rule raises at most in a span of event time that begins with the first of them. It is about alerts and
 * not about events, so that no condition of a rule can say it: it is applied to what Drools found.
 *
 * @param alerts how many
 * @param perNanos in how many nanoseconds
 * @param by the fields that each count on their own, for each type of event that the rule alerts about
 * @param suppression what is told of the others
 */
public record RateLimit(int alerts, long perNanos, List<Keyed> by, Suppression suppression) {
    public RateLimit {
        by = List.copyOf(by);
    }

    /** Fields of a type of event. */
    public record Keyed(Class<? extends KernelEvent> type, List<FieldPath> paths) {
        public Keyed {
            paths = List.copyOf(paths);
        }
    }

    /** What tells one count from another: each combination of the fields' values. */
    public List<String> key(KernelEvent event) {
        return by.stream()
                .filter(keyed -> keyed.type().isInstance(event))
                .limit(1)
                .flatMap(keyed -> keyed.paths().stream())
                .map(path -> String.valueOf(path.get(event)))
                .toList();
    }
}
