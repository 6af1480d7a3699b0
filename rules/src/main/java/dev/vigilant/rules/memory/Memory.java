// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.memory;

import dev.vigilant.event.KernelEvent;
import dev.vigilant.rules.field.FieldPath;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The events that fit a pattern and that later ones may complete a match with, until the pattern's window has passed them.
 * It holds so many at most; then its oldest goes.
 *
 * <p>Threading: the session's thread. Allocation: entries of queues and indexes for each event.
 */
final class Memory {
    private final ArrayDeque<Remembered> entries = new ArrayDeque<>();
    private final Map<List<List<String>>, JoinIndex> indexes = new LinkedHashMap<>();
    /** The same, for the hot path. */
    private JoinIndex[] all = {};

    private final int limit;
    private long retentionNanos;

    Memory(int limit) {
        this.limit = limit;
    }

    /** Another pattern asks the same of an event alone, and may need it for so long. */
    void reach(long nanos) {
        retentionNanos = Math.max(retentionNanos, nanos);
    }

    /** The index by these fields; it is made if there is none. */
    JoinIndex index(List<List<String>> steps, List<FieldPath> fields) {
        JoinIndex index = indexes.computeIfAbsent(steps, s -> new JoinIndex(fields));
        all = indexes.values().toArray(JoinIndex[]::new);
        return index;
    }

    /** Whether no window reaches the event any more. */
    boolean isTooOld(KernelEvent event, long nowNanos) {
        return event.context().timeNanos() + retentionNanos < nowNanos;
    }

    boolean isFull() {
        return entries.size() == limit;
    }

    void add(Remembered entry) {
        entries.addLast(entry);
        entry.holders++;
        for (JoinIndex index : all) {
            index.add(entry);
        }
    }

    Remembered removeOldest() {
        Remembered oldest = entries.removeFirst();
        oldest.holders--;
        for (JoinIndex index : all) {
            index.removeOldest();
        }
        return oldest;
    }

    /** Whether no window reaches its oldest event any more. */
    boolean hasExpired(long nowNanos) {
        return !entries.isEmpty() && isTooOld(entries.getFirst().event, nowNanos);
    }

    /** The oldest first. */
    Collection<Remembered> all() {
        return entries;
    }
}
