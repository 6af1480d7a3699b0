// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.memory;

import dev.vigilant.event.KernelEvent;
import dev.vigilant.rules.field.FieldPath;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Remembered events by what some of their fields hold. It goes by hashes: what it finds may be equal, what it does not find is
 * not.
 *
 * <p>Threading: the session's thread. Allocation: an entry for each event.
 */
final class JoinIndex {
    /** Of an event that lacks one of the fields: it is equal to nothing. */
    private static final long NOTHING = Long.MIN_VALUE;

    private final List<FieldPath> fields;
    /** Of the events in their order, so that one is found again whatever has become of it. */
    private final ArrayDeque<Long> keys = new ArrayDeque<>();

    private final Map<Long, ArrayDeque<Remembered>> byKey = new HashMap<>();

    JoinIndex(List<FieldPath> fields) {
        this.fields = List.copyOf(fields);
    }

    void add(Remembered entry) {
        long key = key(fields, entry.event);
        keys.addLast(key);
        if (key != NOTHING) {
            byKey.computeIfAbsent(key, k -> new ArrayDeque<>(2)).addLast(entry);
        }
    }

    void removeOldest() {
        long key = keys.removeFirst();
        ArrayDeque<Remembered> same = key == NOTHING ? null : byKey.get(key);
        if (same != null) {
            same.removeFirst();
            if (same.isEmpty()) {
                byKey.remove(key);
            }
        }
    }

    /** Those whose fields may hold what these fields of the event hold, the oldest first. */
    Collection<Remembered> find(List<FieldPath> others, KernelEvent event) {
        long key = key(others, event);
        ArrayDeque<Remembered> found = key == NOTHING ? null : byKey.get(key);
        return found == null ? List.of() : found;
    }

    private static long key(List<FieldPath> fields, KernelEvent event) {
        long key = 1;
        try {
            for (FieldPath field : fields) {
                Object value = field.get(event);
                if (value == null) {
                    return NOTHING;
                }
                key = key * 0x9E3779B97F4A7C15L + value.hashCode();
            }
        } catch (RuntimeException unreadable) {
            return NOTHING;
        }
        return key == NOTHING ? 0 : key;
    }
}
