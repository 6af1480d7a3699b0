// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.gate;

import java.util.Arrays;

/**
 * What was found of conditions on one thing: two bits for each, whether it was asked and whether it holds.
 *
 * <p>Threading: one thread. Allocation: none.
 */
class Verdicts {
    private final long[] bits;

    Verdicts(int conditions) {
        this.bits = new long[(conditions + 31) / 32];
    }

    final void clear() {
        Arrays.fill(bits, 0);
    }

    final boolean isAsked(int condition) {
        return (bits[condition >> 5] >>> (2 * condition) & 1) != 0;
    }

    final boolean holds(int condition) {
        return (bits[condition >> 5] >>> (2 * condition) & 2) != 0;
    }

    final void learn(int condition, boolean holds) {
        bits[condition >> 5] |= (holds ? 3L : 1L) << (2 * condition);
    }
}
