// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.pipeline;

import java.time.Instant;

/**
 * The wall clock in nanoseconds since the epoch, from the monotonic one, which is compared with it once a second.
 *
 * <p>Threading: one thread. Allocation: none but an {@link Instant} a second.
 */
final class WallClock {
    private static final long COMPARE_NANOS = 1_000_000_000L;

    private long offset;
    private long nextNanos;

    WallClock() {
        compare(System.nanoTime());
    }

    long now() {
        long monotonic = System.nanoTime();
        if (monotonic - nextNanos >= 0) {
            compare(monotonic);
        }
        return monotonic + offset;
    }

    private void compare(long monotonic) {
        Instant wall = Instant.now();
        offset = wall.getEpochSecond() * 1_000_000_000L + wall.getNano() - System.nanoTime();
        nextNanos = monotonic + COMPARE_NANOS;
    }
}
