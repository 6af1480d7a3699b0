// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.gate;

import dev.vigilant.event.EventKind;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.rules.ast.Pattern;
import dev.vigilant.rules.ast.Rule;
import dev.vigilant.rules.eval.EventTest;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Says of an event which patterns want it by what they ask of this event alone. No is certain; yes is for the session to
 * decide.
 *
 * <p>Threading: one thread. Allocation: none, but for texts that are new to it and fields that are made anew.
 *
 * <h2>Cost</h2>
 *
 * A field that rules look events up by is read once, and what it leads to is asked for what else it needs. A condition is
 * decided once an event, however many rules have it: {@link #decided} holds the verdict beside the number of the question,
 * so that nothing has to be cleared between events.
 */
public final class Gate {
    /** Number of the patterns that stand alone in their rule: who of them wants an event need not be told. */
    public static final int ALONE = 0;

    private final @Nullable KindIndex[] kinds;
    /** By kind, in the order of its fields of texts. */
    private final TextMemo[][] memos;

    private final long[] decided;
    /** By number of a pattern: the question that it was found for. */
    private final long[] foundFor;
    /** Numbers of the patterns that were found. */
    private final int[] found;

    private int count;
    private final Candidate.Taker taker = this::passes;
    private final Predicate<Object> leading = this::leadsOn;
    /** Counts by two: its verdicts are itself for no, and one more for yes. */
    private long question;

    private @Nullable KernelEvent asked;
    private @Nullable KindIndex index;
    private @Nullable TextMemo texts;

    /**
     * A pattern.
     *
     * @param number tells it apart; several may have one number
     */
    public record Wanted(Pattern pattern, int number) {}

    private Gate(@Nullable KindIndex[] kinds, int tests, int numbers) {
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
        this.foundFor = new long[numbers];
        this.found = new int[numbers];
    }

    /** The gate of these rules, whose patterns are not told apart. */
    public static Gate of(List<Rule> rules) {
        return ofPatterns(rules.stream()
                .flatMap(rule -> rule.patterns().stream())
                .map(pattern -> new Wanted(pattern, ALONE))
                .toList());
    }

    /** The gate of these patterns; numbers begin with {@link #ALONE} and have no gaps worth mentioning. */
    public static Gate ofPatterns(List<Wanted> patterns) {
        EventKind[] all = EventKind.values();
        @Nullable KindIndex[] kinds = new KindIndex[all.length];
        int tests = 0;
        for (EventKind kind : all) {
            KindIndex made = KindIndex.of(kind, patterns);
            kinds[kind.ordinal()] = made;
            tests = Math.max(tests, made == null ? 0 : made.tests().length);
        }
        int numbers = patterns.stream().mapToInt(Wanted::number).max().orElse(ALONE) + 1;
        return new Gate(kinds, tests, numbers);
    }

    /** The same gate for another thread. */
    public Gate copy() {
        return new Gate(kinds, decided.length, found.length);
    }

    /** Whether a pattern wants the event. An event that cannot be read is wanted by all. */
    public boolean mayMatch(KernelEvent event) {
        question += 2;
        count = 0;
        KindIndex kind = kinds[event.kind().ordinal()];
        if (kind == null) {
            return false;
        }
        asked = event;
        index = kind;
        try {
            askAll(kind, event);
        } catch (RuntimeException unreadable) {
            wanted(kind.wanted());
        } finally {
            asked = null;
        }
        return count > 0;
    }

    /** How many numbers of patterns were found for the event that was asked for last. */
    public int count() {
        return count;
    }

    /** One of them, each once. */
    public int found(int at) {
        return found[at];
    }

    private void askAll(KindIndex kind, KernelEvent event) {
        for (Place place : kind.asked()) {
            take(place);
            if (isEnough(kind)) {
                return;
            }
        }
        findNumbers(kind, event);
        if (!isEnough(kind)) {
            findTexts(kind, event);
        }
    }

    /** Whether all are found that there are. */
    private boolean isEnough(KindIndex kind) {
        return count == kind.wanted().length;
    }

    private void findNumbers(KindIndex kind, KernelEvent event) {
        for (KindIndex.NumberField field : kind.numbers()) {
            Object owner = holds(field.needs()) ? field.field().owner(event) : null;
            Candidate[] candidates =
                    owner == null ? null : field.index().find(field.field().number(owner));
            if (candidates != null) {
                for (Candidate candidate : candidates) {
                    take(candidate.place());
                }
            }
        }
    }

    private void findTexts(KindIndex kind, KernelEvent event) {
        TextMemo[] lately = memos[event.kind().ordinal()];
        KindIndex.TextField[] fields = kind.texts();
        for (int i = 0; i < fields.length && !isEnough(kind); i++) {
            KindIndex.TextField field = fields[i];
            if (!holds(field.needs())) {
                continue;
            }
            texts = lately[i];
            if (field.field().many()) {
                field.field().anyText(event, leading);
            } else {
                String text = field.field().text(event);
                if (text != null) {
                    lately[i].find(text, taker);
                }
            }
        }
    }

    @SuppressWarnings("NullAway") // set before the texts of a list are walked
    private boolean leadsOn(Object text) {
        return texts.find((String) text, taker);
    }

    @SuppressWarnings("NullAway") // set while a question is open
    private boolean passes(Candidate candidate, String text) {
        if (candidate.fit() == null || candidate.fit().test(text)) {
            take(candidate.place());
        }
        return isEnough(index);
    }

    private void take(Place place) {
        if (!areFound(place.wanted()) && holds(place.needs())) {
            wanted(place.wanted());
        }
    }

    private boolean areFound(int[] numbers) {
        for (int number : numbers) {
            if (foundFor[number] != question) {
                return false;
            }
        }
        return true;
    }

    private void wanted(int[] numbers) {
        for (int number : numbers) {
            if (foundFor[number] != question) {
                foundFor[number] = question;
                found[count++] = number;
            }
        }
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
