// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.memory;

import dev.vigilant.event.KernelEvent;
import dev.vigilant.rules.field.FieldPath;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Remembered events by what some of their fields hold. It goes by hashes: what it finds may be equal, what it does not find is
 * not.
 *
 * <p>Threading: the session's thread. Allocation: none but to grow.
 *
 * <h2>Memory</h2>
 *
 * A queue in an array; each place knows the place before it with the same hash. The oldest event leaves first, so that a
 * chain ends where it reaches a number that has left, and nothing has to be unlinked.
 */
final class JoinIndex {
    /** Of an event that lacks one of the fields: it is equal to nothing. */
    static final long NOTHING = Long.MIN_VALUE;

    private static final int SMALLEST = 16;

    private final FieldPath[] fields;
    private @Nullable Remembered[] entries = new Remembered[SMALLEST];
    private long[] keys = new long[SMALLEST];
    /** By place: one more than the number of the event before with the same hash, 0 for none. */
    private long[] older = new long[SMALLEST];
    /** By hash: one more than the number of the newest event. */
    private long[] newest = new long[2 * SMALLEST];

    private long first;
    private long next;

    JoinIndex(List<FieldPath> fields) {
        this.fields = fields.toArray(FieldPath[]::new);
    }

    void add(Remembered entry) {
        if (next - first == entries.length) {
            grow();
        }
        append(entry, key(fields, entry.event));
    }

    private void append(@Nullable Remembered entry, long key) {
        int place = (int) next & (entries.length - 1);
        entries[place] = entry;
        keys[place] = key;
        if (key != NOTHING) {
            int bucket = bucket(key);
            older[place] = newest[bucket];
            newest[bucket] = next + 1;
        }
        next++;
    }

    private int bucket(long key) {
        return (int) (key ^ key >>> 32) & (newest.length - 1);
    }

    private void grow() {
        @Nullable Remembered[] oldEntries = entries;
        long[] oldKeys = keys;
        long end = next;
        int mask = oldEntries.length - 1;
        entries = new Remembered[2 * oldEntries.length];
        keys = new long[entries.length];
        older = new long[entries.length];
        newest = new long[2 * entries.length];
        next = first;
        for (long number = first; number < end; number++) {
            append(oldEntries[(int) number & mask], oldKeys[(int) number & mask]);
        }
    }

    void removeOldest() {
        entries[(int) first & (entries.length - 1)] = null;
        first++;
    }

    /** Adds those whose fields may hold what these fields of the event hold. */
    void find(FieldPath[] others, KernelEvent event, List<Remembered> into) {
        walk(others, event, into::add);
    }

    /** Gives those whose fields may hold what these fields of the event hold, the newest first, as long as more are wanted. */
    void walk(FieldPath[] others, KernelEvent event, Predicate<Remembered> more) {
        long key = key(others, event);
        if (key == NOTHING) {
            return;
        }
        int mask = entries.length - 1;
        for (long at = newest[bucket(key)]; at > first; at = older[(int) (at - 1) & mask]) {
            Remembered entry = entries[(int) (at - 1) & mask];
            if (keys[(int) (at - 1) & mask] == key && entry != null && !more.test(entry)) {
                return;
            }
        }
    }

    /** Whether there may be one whose fields hold what these fields of the event hold. */
    boolean has(FieldPath[] others, KernelEvent event) {
        long key = key(others, event);
        if (key == NOTHING) {
            return false;
        }
        int mask = entries.length - 1;
        for (long at = newest[bucket(key)]; at > first; at = older[(int) (at - 1) & mask]) {
            if (keys[(int) (at - 1) & mask] == key) {
                return true;
            }
        }
        return false;
    }

    static long key(FieldPath[] fields, KernelEvent event) {
        long key = 1;
        try {
            for (FieldPath field : fields) {
                Object value = field.get(event);
                if (value == null) {
                    return NOTHING;
                }
                key = (key + value.hashCode()) * 0x9E3779B97F4A7C15L;
            }
        } catch (RuntimeException unreadable) {
            return NOTHING;
        }
        return key == NOTHING ? 0 : key;
    }
}
