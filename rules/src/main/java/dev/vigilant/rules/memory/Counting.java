// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.memory;

import dev.vigilant.event.KernelEvent;
import dev.vigilant.rules.eval.EventTest;
import dev.vigilant.rules.eval.EventValue;
import dev.vigilant.rules.field.FieldPath;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The events that a counting pattern may count when the last event of a match has come. Where that is the only other event,
 * they are exactly those that Drools counts, and no more of them are given than decide: a container that goes on and on
 * above the number costs no more than one that has just reached it.
 *
 * <p>Threading: the session's thread. Allocation: none that stays.
 */
final class Counting {
    private final Memory memory;
    private final int from;
    private final FieldPath[] fields;
    private final @Nullable JoinIndex index;
    private final @Nullable Variety variety;
    private final @Nullable EventValue distinct;
    private final EventTest @Nullable [] tests;
    private final long fewest;
    private final int cap;
    private final boolean bounded;
    private final List<Remembered> found = new ArrayList<>();
    private final Set<Object> values = new HashSet<>();
    private final KernelEvent[] bound = new KernelEvent[1];

    /**
     * @param memory the events
     * @param from the step of the completion that they are found by
     * @param fields what is looked up of that one
     * @param index where; null when nothing has to be equal
     * @param variety the values of what is told apart, null where events are counted
     * @param distinct reads them
     * @param tests what the pattern asks of a counted event and the last one; null when it is about others too
     * @param fewest with fewer there is no match
     * @param cap how many decide
     * @param bounded whether too many are not wanted either
     */
    Counting(
            Memory memory,
            int from,
            FieldPath[] fields,
            @Nullable JoinIndex index,
            @Nullable Variety variety,
            @Nullable EventValue distinct,
            EventTest @Nullable [] tests,
            long fewest,
            int cap,
            boolean bounded) {
        this.memory = memory;
        this.from = from;
        this.fields = fields;
        this.index = index;
        this.variety = variety;
        this.distinct = distinct;
        this.tests = tests;
        this.fewest = fewest;
        this.cap = cap;
        this.bounded = bounded;
    }

    int from() {
        return from;
    }

    void clear() {
        found.clear();
        values.clear();
    }

    /** How many were found; of more than decide, so many as decide. */
    int size() {
        return found.size();
    }

    List<Remembered> found() {
        return found;
    }

    /** Looks for what an event that is there is to be joined with. */
    void find(KernelEvent by) {
        bound[0] = by;
        if (tests == null) {
            walk(by, found::add);
        } else if (variety != null && variety.size(fields, by) < fewest) {
            return;
        } else if (variety != null && distinct != null) {
            different(by, tests, variety.newest(fields, by), distinct);
        } else {
            walk(by, entry -> {
                if (holds(tests, entry.event, bound)) {
                    found.add(entry);
                }
                return found.size() < cap;
            });
        }
    }

    /** One event of each value. The newest will do, unless the last event is joined by more than equality and time. */
    private void different(KernelEvent by, EventTest[] asked, Collection<Remembered> newest, EventValue of) {
        int left = newest.size();
        for (Remembered entry : newest) {
            if (found.size() == cap) {
                return;
            }
            if (holds(asked, entry.event, bound)) {
                found.add(entry);
                values.add(Objects.requireNonNull(of.get(entry.event)));
                left--;
            }
        }
        if (left > 0 && (bounded || newest.size() >= cap)) {
            walk(by, entry -> {
                Object value = of.get(entry.event);
                if (value != null && !values.contains(value) && holds(asked, entry.event, bound)) {
                    found.add(entry);
                    values.add(value);
                }
                return found.size() < cap;
            });
        }
    }

    private void walk(KernelEvent by, Predicate<Remembered> more) {
        if (index != null) {
            index.walk(fields, by, more);
            return;
        }
        Iterator<Remembered> all = memory.newestFirst();
        while (all.hasNext() && more.test(all.next())) {
            // the predicate takes it
        }
    }

    /** As Drools would have it: what cannot be decided counts as false. */
    static boolean holds(EventTest[] tests, KernelEvent event, KernelEvent[] bound) {
        try {
            for (EventTest test : tests) {
                if (!test.test(event, bound)) {
                    return false;
                }
            }
            return true;
        } catch (RuntimeException undecided) {
            return false;
        }
    }
}
