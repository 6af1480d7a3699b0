// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.gate;

import dev.vigilant.event.KernelEvent;
import dev.vigilant.rules.eval.EventTest;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds the patterns that want events of one kind.
 *
 * <p>Threading: one thread. Allocation: none, but for processes that are new to it and fields that are made anew.
 *
 * <h2>Cost</h2>
 *
 * What is asked of the process and its container is asked once a process and remembered ({@link Processes}). The rest is asked of
 * each event: a text is gone through once, and that tells what it leads to and which conditions on it hold ({@link TextScan}); what
 * it leads to is asked for what else it needs. A condition is decided once an event, however many rules have it: {@link #decided}
 * holds the verdict beside the number of the question, so that nothing has to be cleared between events. Nothing is remembered of
 * texts: to find again what was found of one takes as long as to go through it, where it is not in the processor's caches.
 */
final class KindGate {
    private final KindIndex index;
    private final Processes processes;
    private final TextScan[] scans;
    private final Found found;
    private final Candidate.Taker taker = this::leadsTo;
    private final Predicate<Object> leading = this::leadsOn;
    /** Counts by two: its verdicts are itself for no, and one more for yes. */
    private long question;

    private final long[] decided;
    private @Nullable KernelEvent asked;
    private @Nullable TextIndex texts;

    /**
     * @param processes of how many processes it is remembered what they settle, a power of two
     * @param found gets the numbers of the patterns
     */
    KindGate(KindIndex index, int processes, Found found) {
        this.index = index;
        this.processes = new Processes(index, processes);
        this.scans = TextScan.of(index.ofEvent());
        this.found = found;
        this.decided = new long[index.ofEvent().tests().length];
    }

    KindIndex index() {
        return index;
    }

    /** Finds who wants the event; all do if it cannot be read. */
    void find(KernelEvent event) {
        question += 2;
        asked = event;
        try {
            findAll(event);
        } catch (RuntimeException unreadable) {
            found.add(index.wanted());
        } finally {
            asked = null;
        }
    }

    private void findAll(KernelEvent event) {
        Settled settled = processes.of(event);
        for (int i = 0; i < settled.foundCount(); i++) {
            found.add(settled.found(i));
        }
        for (int i = 0; i < settled.openCount() && !isEnough(); i++) {
            Place place = settled.open(i);
            if (!found.hasAll(place.wanted()) && allows(place.needs())) {
                found.add(place.wanted());
            }
        }
        for (KindIndex.NumberField field : index.ofEvent().numbers()) {
            if (!isEnough() && allowsAll(field.needs())) {
                for (Candidate candidate : field.candidates(event)) {
                    take(candidate.place());
                }
            }
        }
        KindIndex.TextField[] fields = index.ofEvent().texts();
        for (int i = 0; i < fields.length && !isEnough(); i++) {
            if (allowsAll(fields[i].needs())) {
                findTexts(fields[i], i, event);
            }
        }
    }

    /** Whether all are found that there are. */
    private boolean isEnough() {
        return found.count() == index.wanted().length;
    }

    private void findTexts(KindIndex.TextField field, int at, KernelEvent event) {
        if (field.field().many()) {
            texts = field.index();
            field.field().anyText(event, leading);
        } else if (scans[at].of(event, question)) {
            for (int i = 0; i < scans[at].count(); i++) {
                take(scans[at].alternative(i));
            }
        }
    }

    @SuppressWarnings("NullAway") // set before the texts of a field are walked
    private boolean leadsOn(Object text) {
        return texts.find((String) text, taker);
    }

    private boolean leadsTo(Candidate candidate, String text) {
        if (candidate.fits(text)) {
            take(candidate.place());
        }
        return isEnough();
    }

    private void take(Place place) {
        if (!found.hasAll(place.wanted()) && allowsAll(place.needs())) {
            found.add(place.wanted());
        }
    }

    private boolean allowsAll(Needs needs) {
        return processes.allow(needs) && allows(needs);
    }

    /** Whether the event allows it; what it asks of the process is not looked at. */
    private boolean allows(Needs needs) {
        for (int need : needs.ofEvent()) {
            long verdict = decided[need];
            if (verdict < question) {
                verdict = question + (decide(need) ? 1 : 0);
                decided[need] = verdict;
            }
            if (verdict == question) {
                return false;
            }
        }
        return true;
    }

    @SuppressWarnings("NullAway") // set while a question is open
    private boolean decide(int need) {
        KindIndex.Test test = index.ofEvent().tests()[need];
        if (test.text() == KindIndex.Test.OF_NO_TEXT || !scans[test.text()].of(asked, question)) {
            return test.test().test(asked, EventTest.NONE);
        }
        if (!scans[test.text()].has(test.number())) {
            return test.denied();
        }
        return test.decides() ? !test.denied() : test.test().test(asked, EventTest.NONE);
    }
}
