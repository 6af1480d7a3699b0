// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.gate;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the texts of a field that came lately lead to in its index. Paths, programs and names repeat, and then the tries need
 * not be walked.
 *
 * <p>Threading: one thread. Allocation: none for a text that is in it; it holds {@value #SLOTS} texts at most.
 */
final class TextMemo {
    private static final int SLOTS = 2048;
    /** Whoever makes texts this long makes many of them. */
    private static final int LONGEST = 512;

    private static final Candidate[] NOTHING = {};

    private final TextIndex index;
    private final List<Candidate> found = new ArrayList<>();
    /** Whether a text has a candidate's form is a matter of the text alone. */
    private final Candidate.Taker collector = (candidate, text) -> {
        if (candidate.fit() == null || candidate.fit().test(text)) {
            add(candidate.fit() == null ? candidate : new Candidate(candidate.place(), null));
        }
        return false;
    };
    /** Made when the field is asked for the first time: most kinds never come. */
    private @Nullable String @Nullable [] texts;

    private Candidate[][] candidates = {};

    TextMemo(TextIndex index) {
        this.index = index;
    }

    /** Whether the taker is content with one of those that the text leads to. */
    boolean find(String text, Candidate.Taker taker) {
        if (text.length() > LONGEST) {
            return index.find(text, taker);
        }
        for (Candidate candidate : candidates(text)) {
            if (taker.take(candidate, text)) {
                return true;
            }
        }
        return false;
    }

    private void add(Candidate fitting) {
        for (Candidate known : found) {
            if (known.place().equals(fitting.place())) {
                return;
            }
        }
        found.add(fitting);
    }

    private Candidate[] candidates(String text) {
        @Nullable String[] known = texts;
        if (known == null) {
            known = new String[SLOTS];
            texts = known;
            candidates = new Candidate[SLOTS][];
        }
        int hash = text.hashCode();
        int slot = (hash ^ hash >>> 16) & (SLOTS - 1);
        if (text.equals(known[slot])) {
            return candidates[slot];
        }
        found.clear();
        index.find(text, collector);
        Candidate[] leadsTo = found.isEmpty() ? NOTHING : found.toArray(NOTHING);
        known[slot] = text;
        candidates[slot] = leadsTo;
        return leadsTo;
    }
}
