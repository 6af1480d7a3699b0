// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.gate;

import dev.vigilant.event.KernelEvent;
import java.util.Arrays;

/**
 * What the text of one field leads to: it is read and gone through at most once an event, whoever asks.
 *
 * <p>Threading: one thread. Allocation: none, but to grow.
 */
final class TextScan {
    private final KindIndex.TextField field;
    private final Candidate.Taker noting = this::note;
    private Place[] alternatives = new Place[8];
    private int count;
    /** By condition: the question that it was found for. */
    private final long[] foundFor;

    private long question;
    private boolean there;

    private TextScan(KindIndex.TextField field) {
        this.field = field;
        this.foundFor = new long[field.conditions()];
    }

    /** Of each field of texts. */
    static TextScan[] of(KindIndex.Part part) {
        return Arrays.stream(part.texts()).map(TextScan::new).toArray(TextScan[]::new);
    }

    /**
     * Looks at the event, of which there is one with that number. What is found is about it from now on.
     *
     * @return whether it has a text in this field
     */
    boolean of(KernelEvent event, long number) {
        if (question != number) {
            question = number;
            count = 0;
            String text = field.field().text(event);
            there = text != null;
            if (text != null) {
                field.index().find(text, noting);
            }
        }
        return there;
    }

    private boolean note(Candidate candidate, String text) {
        if (candidate.fits(text)) {
            Place place = candidate.place();
            if (place.condition() != Place.ALTERNATIVE) {
                foundFor[place.condition()] = question;
            } else {
                if (count == alternatives.length) {
                    alternatives = Arrays.copyOf(alternatives, 2 * count);
                }
                alternatives[count++] = place;
            }
        }
        return false;
    }

    /** How many alternatives the text leads to, some of them more than once. */
    int count() {
        return count;
    }

    Place alternative(int at) {
        return alternatives[at];
    }

    /** Whether the text has a form that the condition looks for. */
    boolean has(int condition) {
        return foundFor[condition] == question;
    }
}
