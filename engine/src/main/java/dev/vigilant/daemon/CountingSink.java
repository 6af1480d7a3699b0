// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.daemon;

import dev.vigilant.event.EventKind;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.source.EventSink;
import java.util.EnumMap;
import java.util.Map;

/** Counts events by kind on their way. One thread. */
final class CountingSink implements EventSink {
    private final EventSink next;
    private final long[] counts = new long[EventKind.values().length];

    CountingSink(EventSink next) {
        this.next = next;
    }

    @Override
    public void event(KernelEvent event) {
        counts[event.kind().ordinal()]++;
        next.event(event);
    }

    /** Events by kind, ticks left out; kinds that did not come are left out too. */
    Map<EventKind, Long> counts() {
        Map<EventKind, Long> result = new EnumMap<>(EventKind.class);
        for (EventKind kind : EventKind.values()) {
            if (kind != EventKind.CLOCK_TICK && counts[kind.ordinal()] > 0) {
                result.put(kind, counts[kind.ordinal()]);
            }
        }
        return result;
    }
}
