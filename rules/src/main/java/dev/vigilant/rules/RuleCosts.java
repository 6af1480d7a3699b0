// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How often the conditions of each rule were asked, and how long that took: of each rule's one in 64 is timed, because the clock
 * takes about as long as a condition.
 *
 * <p>Threading: one thread asks, any reads. Allocation: none.
 */
final class RuleCosts {
    private static final int MASK = 63;

    private final AtomicLongArray asked;
    private final AtomicLongArray timedNanos;

    RuleCosts(int rules) {
        this.asked = new AtomicLongArray(rules);
        this.timedNanos = new AtomicLongArray(rules);
    }

    /** Counts a condition that is asked, and says whether it is to be timed. */
    boolean ask(int rule) {
        long count = asked.getPlain(rule) + 1;
        asked.setOpaque(rule, count);
        return (count & MASK) == 0;
    }

    /** Takes the time of one. */
    void took(int rule, long nanos) {
        timedNanos.setOpaque(rule, timedNanos.getPlain(rule) + nanos);
    }

    /** A rule's so far. */
    RuleCost of(int rule) {
        return new RuleCost(asked.getOpaque(rule), timedNanos.getOpaque(rule) * (MASK + 1));
    }
}
