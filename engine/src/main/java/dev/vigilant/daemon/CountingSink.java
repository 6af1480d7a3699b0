// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.daemon;

import dev.vigilant.event.EventKind;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.source.EventSink;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;

/** Counts events by kind on their way. One thread, but for {@link #counts}. */
final class CountingSink implements EventSink {
    private final EventSink next;
    private final AtomicLongArray counts = new AtomicLongArray(EventKind.values().length);

    CountingSink(EventSink next) {
        this.next = next;
    }

    @Override
    public void event(KernelEvent event) {
        int kind = event.kind().ordinal();
        counts.setOpaque(kind, counts.getPlain(kind) + 1);
        next.event(event);
    }

    /** Events by kind, ticks left out; kinds that did not come are left out too. */
    Map<EventKind, Long> counts() {
        Map<EventKind, Long> result = new EnumMap<>(EventKind.class);
        for (EventKind kind : EventKind.values()) {
            long count = counts.getOpaque(kind.ordinal());
            if (kind != EventKind.CLOCK_TICK && count > 0) {
                result.put(kind, count);
            }
        }
        return result;
    }
}
