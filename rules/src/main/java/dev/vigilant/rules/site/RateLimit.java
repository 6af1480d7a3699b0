// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.site;

import dev.vigilant.rules.field.FieldPath;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How many alerts a rule raises at most in a span of event time that begins with the first of them. It is about alerts and
 * not about events, so that no condition of a rule can say it: it is applied to what Drools found.
 *
 * @param alerts how many
 * @param perNanos in how many nanoseconds
 * @param by fields of the alert's event; each combination of their values counts on its own
 * @param paths the same, compiled
 * @param suppression what is told of the others
 */
public record RateLimit(int alerts, long perNanos, List<String> by, List<FieldPath> paths, Suppression suppression) {
    public RateLimit {
        by = List.copyOf(by);
        paths = List.copyOf(paths);
    }

    /** What tells one count from another. */
    public List<String> key(@Nullable Object event) {
        return paths.stream().map(path -> String.valueOf(path.get(event))).toList();
    }
}
