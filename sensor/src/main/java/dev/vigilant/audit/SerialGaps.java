// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.audit;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Serials that should have come and have not. A record may come a little late, so a gap counts as a loss only after a
 * while.
 *
 * <p>Threading: one thread. Allocation: only while there is a gap. Memory: bounded.
 */
final class SerialGaps {
    /** A larger step is a reboot, a rollover or a new source, not a gap. */
    private static final long MAX_GAP = 1_000_000;

    private static final int MAX_WAITING = 4096;

    private final Map<Long, Long> waiting = new LinkedHashMap<>();
    private long highest = -1;
    private long certain;

    void see(long serial, long receivedNanos) {
        if (highest >= 0 && serial <= highest) {
            if (highest - serial > MAX_GAP) {
                restart(serial);
            } else if (!waiting.isEmpty()) {
                waiting.remove(serial);
            }
            return;
        }
        long missing = highest < 0 ? 0 : serial - highest - 1;
        if (missing > MAX_GAP) {
            missing = 0;
        }
        // What does not fit is counted as lost at once: so large a hole does not fill.
        long room = Math.min(missing, MAX_WAITING - waiting.size());
        certain += missing - room;
        for (long s = serial - room; s < serial; s++) {
            waiting.put(s, receivedNanos);
        }
        highest = serial;
    }

    private void restart(long serial) {
        certain += waiting.size();
        waiting.clear();
        highest = serial;
    }

    /** Serials that were missed before {@code beforeNanos} and did not come since the last call. */
    long takeLost(long beforeNanos) {
        if (!waiting.isEmpty()) {
            Iterator<Long> times = waiting.values().iterator();
            while (times.hasNext() && times.next() < beforeNanos) {
                times.remove();
                certain++;
            }
        }
        long taken = certain;
        certain = 0;
        return taken;
    }
}
