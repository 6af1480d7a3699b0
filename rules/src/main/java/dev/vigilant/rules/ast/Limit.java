// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.ast;

import java.util.List;

/**
 * How often a rule wants to be told.
 *
 * @param alerts how many alerts at most
 * @param per in which span of event time, in the form of durations
 * @param perNanos the same in nanoseconds
 * @param by fields of the alert's event whose values each count on their own
 */
public record Limit(int alerts, String per, long perNanos, List<String> by) {
    public Limit {
        by = List.copyOf(by);
    }

    /** As rules write it: {@code 1 per 5m by container.id}. */
    public String text() {
        return alerts + " per " + per + (by.isEmpty() ? "" : " by " + String.join(", ", by));
    }
}
