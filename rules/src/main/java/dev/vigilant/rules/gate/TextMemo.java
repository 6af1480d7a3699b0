// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.gate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the texts of a field that came lately lead to in its index, and which conditions hold of them. Paths, programs and names
 * repeat, and then neither the tries need be walked nor expressions asked.
 *
 * <p>Threading: one thread. Allocation: none for a text that is in it; it holds {@value #SLOTS} texts at most.
 */
final class TextMemo {
    private static final int SLOTS = 4096;
    /** Whoever makes texts this long makes many of them. */
    private static final int LONGEST = 512;

    private final TextIndex index;
    private final int tests;
    private final List<Candidate> found = new ArrayList<>();
    /** Whether a text has a candidate's form is a matter of the text alone. */
    private final Candidate.Taker collector = (candidate, text) -> {
        if (candidate.fits(text)) {
            add(candidate.fit() == null ? candidate : new Candidate(candidate.place(), null));
        }
        return false;
    };
    /** Made when the field is asked for the first time: most kinds never come. */
    private @Nullable Known @Nullable [] slots;

    /** A text. */
    static final class Known extends Verdicts {
        private String text = "";
        private Candidate[] candidates = Candidate.NONE;

        private Known(int tests) {
            super(tests);
        }

        /** What it leads to. */
        Candidate[] candidates() {
            return candidates;
        }
    }

    private TextMemo(KindIndex.TextField field) {
        this.index = field.index();
        this.tests = field.tests();
    }

    /** Of each field of texts. */
    static TextMemo[] of(KindIndex.Part part) {
        return Arrays.stream(part.texts()).map(TextMemo::new).toArray(TextMemo[]::new);
    }

    /** What is known of the text, null if it is too long to be remembered. */
    @Nullable
    Known known(String text) {
        if (text.length() > LONGEST) {
            return null;
        }
        @Nullable Known[] all = slots;
        if (all == null) {
            all = new Known[SLOTS];
            slots = all;
        }
        int hash = text.hashCode();
        int slot = (hash ^ hash >>> 16) & (SLOTS - 1);
        Known known = all[slot];
        if (known == null) {
            known = new Known(tests);
            all[slot] = known;
        } else if (text.equals(known.text)) {
            return known;
        }
        learn(known, text);
        return known;
    }

    private void learn(Known known, String text) {
        found.clear();
        index.find(text, collector);
        known.text = text;
        known.candidates = found.isEmpty() ? Candidate.NONE : found.toArray(Candidate.NONE);
        known.clear();
    }

    private void add(Candidate fitting) {
        for (Candidate known : found) {
            if (known.place().equals(fitting.place())) {
                return;
            }
        }
        found.add(fitting);
    }

    /** Whether the taker is content with one of those that the text leads to. */
    boolean find(String text, Candidate.Taker taker) {
        Known known = known(text);
        if (known == null) {
            return index.find(text, taker);
        }
        for (Candidate candidate : known.candidates) {
            if (taker.take(candidate, text)) {
                return true;
            }
        }
        return false;
    }
}
