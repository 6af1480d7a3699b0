// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.gate;

import dev.vigilant.event.KernelEvent;
import dev.vigilant.event.Process;
import dev.vigilant.rules.eval.EventTest;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What processes have settled of the questions about one kind of events.
 *
 * <p>Threading: one thread. Allocation: for processes, until its places are full.
 */
final class Processes {
    private final KindIndex index;
    private final int slots;
    /** By pid; made when an event of the kind comes for the first time: most kinds never do. */
    private @Nullable Settled @Nullable [] known;

    private final Candidate.Taker taker = this::leadsTo;
    private final Predicate<Object> leading = this::leadsOn;
    private @Nullable KernelEvent asked;
    private @Nullable TextIndex texts;
    private Settled settled = new Settled(0);

    /** @param slots how many are remembered, a power of two */
    Processes(KindIndex index, int slots) {
        this.index = index;
        this.slots = slots;
    }

    /** What the process of the event has settled; {@link #allow} is about it from now on. */
    Settled of(KernelEvent event) {
        Process process = event.process();
        int pid = process == null ? 0 : process.pid();
        settled = at((pid ^ pid >>> 10) & (slots - 1));
        asked = event;
        if (!settled.isOf(process, event.container())) {
            settled.begin(process, event.container());
            settle(event);
            settled.end();
        }
        return settled;
    }

    private Settled at(int slot) {
        @Nullable Settled[] all = known;
        if (all == null) {
            all = new Settled[slots];
            known = all;
        }
        Settled there = all[slot];
        if (there == null) {
            there = new Settled(index.ofProcess().tests().length);
            all[slot] = there;
        }
        return there;
    }

    private void settle(KernelEvent event) {
        for (Place place : index.asked()) {
            settle(place);
        }
        for (KindIndex.NumberField field : index.ofProcess().numbers()) {
            if (allow(field.needs())) {
                for (Candidate candidate : field.candidates(event)) {
                    settle(candidate.place());
                }
            }
        }
        KindIndex.TextField[] fields = index.ofProcess().texts();
        for (int i = 0; i < fields.length; i++) {
            if (allow(fields[i].needs())) {
                texts = fields[i].index();
                fields[i].field().anyText(event, leading);
            }
        }
    }

    @SuppressWarnings("NullAway") // set before the texts of a field are walked
    private boolean leadsOn(Object text) {
        return texts.find((String) text, taker);
    }

    private boolean leadsTo(Candidate candidate, String text) {
        if (candidate.fits(text)) {
            settle(candidate.place());
        }
        return false;
    }

    private void settle(Place place) {
        if (!allow(place.needs())) {
            return;
        }
        if (place.needs().ofEvent().length == 0) {
            settled.find(place.wanted());
        } else {
            settled.leaveOpen(place);
        }
    }

    /** Whether the process allows it; what it asks of the event is not looked at. */
    @SuppressWarnings("NullAway") // set before anything is asked
    boolean allow(Needs needs) {
        for (int need : needs.ofProcess()) {
            if (!settled.isAsked(need)) {
                settled.learn(need, index.ofProcess().tests()[need].test().test(asked, EventTest.NONE));
            }
            if (!settled.holds(need)) {
                return false;
            }
        }
        return true;
    }
}
