// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.counter;

import java.util.concurrent.atomic.LongAdder;

/**
 * The counts of one daemon or one replay.
 *
 * <p>Threading: any thread adds, any thread reads. Allocation: none.
 */
public final class Counters {
    private final LongAdder[] adders = new LongAdder[Counter.values().length];

    public Counters() {
        for (int i = 0; i < adders.length; i++) {
            adders[i] = new LongAdder();
        }
    }

    /** Adds one. */
    public void increment(Counter counter) {
        adders[counter.ordinal()].increment();
    }

    /** Adds {@code count}. */
    public void add(Counter counter, long count) {
        adders[counter.ordinal()].add(count);
    }

    /** The total so far. */
    public long get(Counter counter) {
        return adders[counter.ordinal()].sum();
    }
}
