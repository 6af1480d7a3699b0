// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.memory;

import dev.vigilant.event.KernelEvent;
import dev.vigilant.rules.ast.Operand;
import dev.vigilant.rules.eval.EventValue;
import dev.vigilant.rules.field.FieldPath;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Iterator;
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
    private boolean joined;
    private final Map<String, Variety> varieties = new LinkedHashMap<>();

    Memory(int limit) {
        this.limit = limit;
    }

    /**
     * Another pattern asks the same of an event alone.
     *
     * @param nanos how long it may need it
     * @param counts whether it only counts its events
     */
    void reach(long nanos, boolean counts) {
        retentionNanos = Math.max(retentionNanos, nanos);
        joined |= !counts;
    }

    /** Whether a pattern has its events for more than to count them, so that they stay in working memory. */
    boolean isJoined() {
        return joined;
    }

    /** What the values of a field are, apart by these fields; it is made if there is none. */
    Variety variety(List<List<String>> steps, List<FieldPath> fields, Operand.Field distinct) {
        return varieties.computeIfAbsent(
                steps + " " + distinct.text(), key -> new Variety(fields, EventValue.of(distinct)));
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
        entry.joined += joined ? 1 : 0;
        for (JoinIndex index : all) {
            index.add(entry);
        }
        for (Variety variety : varieties.values()) {
            variety.add(entry);
        }
    }

    Remembered removeOldest() {
        Remembered oldest = entries.removeFirst();
        oldest.holders--;
        oldest.joined -= joined ? 1 : 0;
        for (JoinIndex index : all) {
            index.removeOldest();
        }
        for (Variety variety : varieties.values()) {
            variety.removeOldest();
        }
        return oldest;
    }

    /** Whether the entry came last. */
    @SuppressWarnings("ReferenceEquality") // it is the one or another one
    boolean isNewest(Remembered entry) {
        return entries.peekLast() == entry;
    }

    /** Whether no window reaches its oldest event any more. */
    boolean hasExpired(long nowNanos) {
        return !entries.isEmpty() && isTooOld(entries.getFirst().event, nowNanos);
    }

    Iterator<Remembered> newestFirst() {
        return entries.descendingIterator();
    }

    /** The oldest first. */
    Collection<Remembered> all() {
        return entries;
    }
}
