// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.gate;

import dev.vigilant.event.EventKind;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.rules.ast.Pattern;
import dev.vigilant.rules.ast.Rule;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Says of an event which patterns want it by what they ask of this event alone. No is certain; yes is for the session to
 * decide.
 *
 * <p>Threading: one thread. Allocation: none, but for processes that are new to it and fields that are made anew.
 */
public final class Gate {
    /** Number of the patterns that stand alone in their rule: who of them wants an event need not be told. */
    public static final int ALONE = 0;

    /** Of how many processes it is remembered what they settle of a kind of events; a power of two. */
    private static final int PROCESSES = 1024;

    private final @Nullable KindGate[] kinds;
    private final Found found;

    /**
     * A pattern.
     *
     * @param number tells it apart; several may have one number
     */
    public record Wanted(Pattern pattern, int number) {}

    private Gate(@Nullable KindIndex[] indexes, int numbers) {
        this.found = new Found(numbers);
        this.kinds = new KindGate[indexes.length];
        for (EventKind kind : EventKind.values()) {
            KindIndex index = indexes[kind.ordinal()];
            // An exec makes a new process.
            int processes = kind == EventKind.PROCESS_EXEC ? 1 : PROCESSES;
            kinds[kind.ordinal()] = index == null ? null : new KindGate(index, processes, found);
        }
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
        @Nullable KindIndex[] indexes = new KindIndex[all.length];
        for (EventKind kind : all) {
            indexes[kind.ordinal()] = KindIndex.of(kind, patterns);
        }
        return new Gate(
                indexes, patterns.stream().mapToInt(Wanted::number).max().orElse(ALONE) + 1);
    }

    /** The same gate for another thread. */
    public Gate copy() {
        @Nullable
        KindIndex[] indexes =
                Arrays.stream(kinds).map(k -> k == null ? null : k.index()).toArray(KindIndex[]::new);
        return new Gate(indexes, found.most());
    }

    /** Whether a pattern wants the event. An event that cannot be read is wanted by all. */
    public boolean mayMatch(KernelEvent event) {
        found.begin();
        KindGate kind = kinds[event.kind().ordinal()];
        if (kind == null) {
            return false;
        }
        kind.find(event);
        return found.count() > 0;
    }

    /** How many numbers of patterns were found for the event that was asked for last. */
    public int count() {
        return found.count();
    }

    /** One of them, each once. */
    public int found(int at) {
        return found.get(at);
    }
}
