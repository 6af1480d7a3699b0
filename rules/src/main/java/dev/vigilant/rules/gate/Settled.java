// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.gate;

import dev.vigilant.event.Container;
import dev.vigilant.event.Process;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a process has settled of the questions about one kind of events: a process does the same kind of thing again and again,
 * and neither it nor its container changes.
 *
 * <p>Threading: one thread. Allocation: none, but to grow.
 */
final class Settled {
    /** Two for each condition: whether it was asked, and whether it holds. */
    private final long[] verdicts;

    private @Nullable Process process;
    private @Nullable Container container;
    private boolean known;

    private int[] found = {};
    private int foundCount;
    private Place[] open = {};
    private int openCount;

    /** @param tests how many conditions there are on the process */
    Settled(int tests) {
        this.verdicts = new long[(tests + 31) / 32];
    }

    @SuppressWarnings("ReferenceEquality") // an image that is equal but for its parent has settled something else
    boolean isOf(@Nullable Process other, @Nullable Container its) {
        return known && process == other && container == its;
    }

    /** Forgets all, to learn of this one. */
    void begin(@Nullable Process of, @Nullable Container its) {
        known = false;
        process = of;
        container = its;
        Arrays.fill(verdicts, 0);
        foundCount = 0;
        openCount = 0;
    }

    /** All that the process settles is in it. */
    void end() {
        known = true;
    }

    boolean isAsked(int condition) {
        return (verdicts[condition >> 5] >>> (2 * condition) & 1) != 0;
    }

    boolean holds(int condition) {
        return (verdicts[condition >> 5] >>> (2 * condition) & 2) != 0;
    }

    void learn(int condition, boolean holds) {
        verdicts[condition >> 5] |= (holds ? 3L : 1L) << (2 * condition);
    }

    /** The process alone is enough for these patterns; those that are known already are not added. */
    void find(int[] numbers) {
        for (int number : numbers) {
            if (!isFound(number)) {
                if (foundCount == found.length) {
                    found = Arrays.copyOf(found, Math.max(4, 2 * foundCount));
                }
                found[foundCount++] = number;
            }
        }
    }

    private boolean isFound(int number) {
        for (int i = 0; i < foundCount; i++) {
            if (found[i] == number) {
                return true;
            }
        }
        return false;
    }

    /** As far as the process goes the alternative is possible; what it asks of the event is open. */
    void leaveOpen(Place place) {
        if (openCount == open.length) {
            open = Arrays.copyOf(open, Math.max(4, 2 * openCount));
        }
        open[openCount++] = place;
    }

    int foundCount() {
        return foundCount;
    }

    int found(int at) {
        return found[at];
    }

    int openCount() {
        return openCount;
    }

    Place open(int at) {
        return open[at];
    }
}
