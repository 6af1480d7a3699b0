// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.bench;

import java.util.Locale;
import java.util.Random;

/**
 * How long this machine takes for what benchmarks are made of, so that figures of two machines can be compared: loads that have to
 * wait for one another, from so much memory, and rounds of arithmetic that have to. Each is the quickest of several rounds.
 *
 * <p>{@code java -cp bench/target/bench.jar dev.vigilant.bench.Yardstick}
 */
public final class Yardstick {
    private static final int ROUNDS = 7;
    private static final int STEPS = 2_000_000;
    private static final int[] KIBIBYTES = {16, 256, 8 << 10, 64 << 10};
    /** A processor fetches 64 bytes at once. */
    private static final int INTS_OF_LINE = 16;

    private Yardstick() {}

    /** Measures and prints one line. */
    public static void main(String[] args) {
        StringBuilder line = new StringBuilder("A load from");
        for (int size : KIBIBYTES) {
            int[] chain = chain(size * 1024 / (INTS_OF_LINE * Integer.BYTES));
            line.append(String.format(Locale.ROOT, " %d KiB %.1f ns,", size, quickest(() -> follow(chain))));
        }
        line.append(String.format(Locale.ROOT, " a multiplication %.2f ns", quickest(Yardstick::multiply)));
        System.out.println(line);
    }

    /** All lines of the memory in one cycle, in an order that no processor foresees (Sattolo). */
    private static int[] chain(int lines) {
        int[] next = new int[lines * INTS_OF_LINE];
        for (int i = 0; i < lines; i++) {
            next[i * INTS_OF_LINE] = i * INTS_OF_LINE;
        }
        Random random = new Random(1);
        for (int i = lines - 1; i > 0; i--) {
            int other = random.nextInt(i) * INTS_OF_LINE;
            int own = next[i * INTS_OF_LINE];
            next[i * INTS_OF_LINE] = next[other];
            next[other] = own;
        }
        return next;
    }

    private static long follow(int[] chain) {
        int at = 0;
        for (int i = 0; i < STEPS; i++) {
            at = chain[at];
        }
        return at;
    }

    private static long multiply() {
        long value = 3;
        for (int i = 0; i < STEPS; i++) {
            value = value * value + i;
        }
        return value;
    }

    /** Nanoseconds a step. */
    private static double quickest(Steps steps) {
        long best = Long.MAX_VALUE;
        long seen = 0;
        for (int round = 0; round < ROUNDS; round++) {
            long start = System.nanoTime();
            seen ^= steps.run();
            best = Math.min(best, System.nanoTime() - start);
        }
        // What nobody looks at would not be computed.
        return seen == 42 ? 0 : best / (double) STEPS;
    }

    /** Does all steps. */
    @FunctionalInterface
    private interface Steps {
        long run();
    }
}
