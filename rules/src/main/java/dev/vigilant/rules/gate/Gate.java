// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.gate;

import dev.vigilant.event.EventKind;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.rules.ast.Rule;
import dev.vigilant.rules.eval.EventTest;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Says of an event whether a pattern of a rule could match it by what it asks of this event alone. No is certain: a
 * session that never saw the event would have told, and would have kept, the same. Yes is for the session to decide.
 *
 * <p>Threading: one thread. Allocation: none, but for texts that are new to it.
 *
 * <h2>Cost</h2>
 *
 * A field that rules look events up by is read once, and what it leads to is asked for what else it needs. A condition is
 * decided once an event, however many rules have it: {@link #decided} holds the verdict beside the number of the question,
 * so that nothing has to be cleared between events.
 */
public final class Gate {
    private final @Nullable KindIndex[] kinds;
    /** By kind, in the order of its fields of texts. */
    private final TextMemo[][] memos;

    private final long[] decided;
    private final Candidate.Taker taker = this::passes;
    private final Predicate<Object> found = this::leadsOn;
    /** Counts by two: its verdicts are itself for no, and one more for yes. */
    private long question;

    private @Nullable KernelEvent asked;
    private @Nullable KindIndex index;
    private @Nullable TextMemo texts;

    private Gate(@Nullable KindIndex[] kinds, int tests) {
        this.kinds = kinds;
        this.memos = new TextMemo[kinds.length][];
        for (int i = 0; i < kinds.length; i++) {
            KindIndex kind = kinds[i];
            memos[i] = kind == null
                    ? new TextMemo[0]
                    : Arrays.stream(kind.texts())
                            .map(f -> new TextMemo(f.index()))
                            .toArray(TextMemo[]::new);
        }
        this.decided = new long[tests];
    }

    /** The gate of these rules. */
    public static Gate of(List<Rule> rules) {
        EventKind[] all = EventKind.values();
        @Nullable KindIndex[] kinds = new KindIndex[all.length];
        int tests = 0;
        for (EventKind kind : all) {
            KindIndex made = KindIndex.of(kind, rules);
            kinds[kind.ordinal()] = made;
            tests = Math.max(tests, made == null ? 0 : made.tests().length);
        }
        return new Gate(kinds, tests);
    }

    /** The same gate for another thread. */
    public Gate copy() {
        return new Gate(kinds, decided.length);
    }

    /** Whether a pattern could match the event. An event that cannot be read could. */
    public boolean mayMatch(KernelEvent event) {
        KindIndex kind = kinds[event.kind().ordinal()];
        if (kind == null || kind.always()) {
            return kind != null;
        }
        question += 2;
        asked = event;
        index = kind;
        try {
            return asksOn(kind) || findsNumber(kind, event) || findsText(kind, event);
        } catch (RuntimeException unreadable) {
            return true;
        } finally {
            asked = null;
        }
    }

    private boolean asksOn(KindIndex kind) {
        for (int[] needs : kind.asked()) {
            if (holds(needs)) {
                return true;
            }
        }
        return false;
    }

    private boolean findsNumber(KindIndex kind, KernelEvent event) {
        for (KindIndex.NumberField field : kind.numbers()) {
            Object owner = holds(field.needs()) ? field.field().owner(event) : null;
            Candidate[] candidates =
                    owner == null ? null : field.index().find(field.field().number(owner));
            if (candidates != null) {
                for (Candidate candidate : candidates) {
                    if (holds(candidate.needs())) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private boolean findsText(KindIndex kind, KernelEvent event) {
        TextMemo[] lately = memos[event.kind().ordinal()];
        KindIndex.TextField[] fields = kind.texts();
        for (int i = 0; i < fields.length; i++) {
            KindIndex.TextField field = fields[i];
            if (!holds(field.needs())) {
                continue;
            }
            texts = lately[i];
            if (field.field().many()) {
                if (field.field().anyText(event, found)) {
                    return true;
                }
            } else {
                String text = field.field().text(event);
                if (text != null && lately[i].find(text, taker)) {
                    return true;
                }
            }
        }
        return false;
    }

    @SuppressWarnings("NullAway") // set before the texts of a list are walked
    private boolean leadsOn(Object text) {
        return texts.find((String) text, taker);
    }

    private boolean passes(Candidate candidate, String text) {
        return holds(candidate.needs())
                && (candidate.fit() == null || candidate.fit().test(text));
    }

    private boolean holds(int[] needs) {
        for (int need : needs) {
            long verdict = decided[need];
            if (verdict < question) {
                verdict = decide(need);
            }
            if (verdict == question) {
                return false;
            }
        }
        return true;
    }

    @SuppressWarnings("NullAway") // both are set while a question is open
    private long decide(int need) {
        long verdict = question + (index.tests()[need].test(asked, EventTest.NONE) ? 1 : 0);
        decided[need] = verdict;
        return verdict;
    }
}
