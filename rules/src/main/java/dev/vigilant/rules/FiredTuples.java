// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules;

import dev.vigilant.event.KernelEvent;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The matches that rules with {@code exists} have told lately, because each further event that exists would tell the same
 * match again. Bounded, and forgotten with the rule's window.
 */
final class FiredTuples {
    private static final int LIMIT = 10_000;

    private final Map<Tuple, Long> untilNanos = new LinkedHashMap<>();

    /** Events by identity. */
    private record Tuple(int rule, List<KernelEvent> events) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Tuple t
                    && t.rule == rule
                    && t.events.size() == events.size()
                    && sameEvents(t.events);
        }

        private boolean sameEvents(List<KernelEvent> others) {
            for (int i = 0; i < events.size(); i++) {
                if (events.get(i) != others.get(i)) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public int hashCode() {
            return 31 * rule
                    + events.stream().mapToInt(System::identityHashCode).sum();
        }
    }

    /** Whether this match is new; it is known from then on. */
    boolean add(int rule, KernelEvent[] events, long until) {
        if (untilNanos.putIfAbsent(new Tuple(rule, List.of(events)), until) != null) {
            return false;
        }
        if (untilNanos.size() > LIMIT) {
            Iterator<Tuple> oldest = untilNanos.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
        return true;
    }

    /**
     * Takes over what another has told.
     *
     * @param indexes for each rule there, its index here, -1 if it is not the same rule here
     */
    void adopt(FiredTuples before, int[] indexes) {
        before.untilNanos.forEach((tuple, until) -> {
            int index = indexes[tuple.rule()];
            if (index >= 0) {
                untilNanos.putIfAbsent(new Tuple(index, tuple.events()), until);
            }
        });
    }

    /** Forgets what can no longer come again. */
    void expire(long nowNanos) {
        Iterator<Long> untils = untilNanos.values().iterator();
        while (untils.hasNext() && untils.next() < nowNanos) {
            untils.remove();
        }
    }
}
