// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.gate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Intervals of numbers, cut at all their borders, so that one search finds those that hold a number.
 *
 * <p>Threading: immutable once it is built; any. Allocation: none when asked.
 */
final class NumberIndex {
    private final List<Interval> intervals = new ArrayList<>();
    private final List<Place> places = new ArrayList<>();
    /** The first number of each stretch between two borders. */
    private long[] starts = {};

    private Candidate[] @Nullable [] found = {};

    /**
     * Numbers, both ends included.
     *
     * @param low the least
     * @param high the greatest
     */
    record Interval(long low, long high) {}

    void add(Interval interval, Place alternative) {
        intervals.add(interval);
        places.add(alternative);
    }

    /** Ends the building. */
    NumberIndex built() {
        TreeSet<Long> borders = new TreeSet<>(List.of(Long.MIN_VALUE));
        for (Interval interval : intervals) {
            borders.add(interval.low());
            if (interval.high() < Long.MAX_VALUE) {
                borders.add(interval.high() + 1);
            }
        }
        starts = borders.stream().mapToLong(Long::longValue).toArray();
        found = new Candidate[starts.length][];
        for (int i = 0; i < intervals.size(); i++) {
            Candidate candidate = new Candidate(places.get(i), null);
            int at = Arrays.binarySearch(starts, intervals.get(i).low());
            for (; at < starts.length && starts[at] <= intervals.get(i).high(); at++) {
                found[at] = Candidate.and(found[at], candidate);
            }
        }
        return this;
    }

    /** The candidates whose interval holds the number. */
    Candidate[] find(long number) {
        int at = Arrays.binarySearch(starts, number);
        Candidate[] there = found[at >= 0 ? at : -at - 2];
        return there == null ? Candidate.NONE : there;
    }
}
