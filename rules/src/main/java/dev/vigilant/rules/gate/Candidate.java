// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.gate;

import dev.vigilant.rules.text.Fit;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An alternative of a pattern as an index finds it: what else has to hold.
 *
 * @param place the alternative
 * @param fit what the text that it was found by must look like beyond what was looked up, null for nothing more
 */
record Candidate(Place place, @Nullable Fit fit) {
    static final Candidate[] NONE = {};

    /** What is done with what an index finds. */
    @FunctionalInterface
    interface Taker {
        /** Whether the candidate is enough, so that nothing more need be found. */
        boolean take(Candidate candidate, String text);
    }

    /** Whether the text that it was found by looks as it has to. */
    boolean fits(String text) {
        return fit == null || fit.test(text);
    }

    /** Adds a candidate to those of a place. */
    static Candidate[] and(Candidate @Nullable [] before, Candidate candidate) {
        if (before == null) {
            return new Candidate[] {candidate};
        }
        List<Candidate> known = List.of(before);
        if (known.stream().anyMatch(k -> k.place.equals(candidate.place) && k.fit == candidate.fit)) {
            return before;
        }
        Candidate[] more = Arrays.copyOf(before, before.length + 1);
        more[before.length] = candidate;
        return more;
    }
}
