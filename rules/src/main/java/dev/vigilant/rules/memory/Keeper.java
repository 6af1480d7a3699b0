// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.memory;

import dev.vigilant.event.EventKind;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.rules.ast.Bindings;
import dev.vigilant.rules.ast.Condition;
import dev.vigilant.rules.ast.Pattern;
import dev.vigilant.rules.ast.Pattern.Quantifier;
import dev.vigilant.rules.ast.Rule;
import dev.vigilant.rules.ast.Windows;
import dev.vigilant.rules.drools.MatchSink;
import dev.vigilant.rules.eval.ConditionCompiler;
import dev.vigilant.rules.eval.EventTest;
import dev.vigilant.rules.field.EventTypes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.kie.api.runtime.rule.FactHandle;

/**
 * Events that rules of several events may still need, and which of them a new event could complete a match with. Only those go
 * into working memory, at the moment when the newest event of a match comes: of a hundred thousand files that were written,
 * the one that is executed.
 *
 * <p>What is remembered passes the conditions of its pattern that are about it alone. A match's events are all in working
 * memory as soon as the last of them has come, so that nothing is told late.
 *
 * <p>Threading: the session's thread. Allocation: some 200 B for each event that is remembered.
 */
public final class Keeper {
    /** Windows are looked at so often, in event time: what is kept a little longer is judged by its time all the same. */
    private static final long LOOK_NANOS = 10_000_000;

    private final Map<EventKind, List<Watch>> watches = new EnumMap<>(EventKind.class);
    private final List<Memory> memories = new ArrayList<>();
    private final Function<KernelEvent, FactHandle> insert;
    private final Consumer<FactHandle> forget;
    private final MatchSink failures;
    private final List<Watch> fitting = new ArrayList<>();
    /** What patterns ask, each once. */
    private final Map<String, Integer> numbers = new HashMap<>();

    private final List<EventTest> tests = new ArrayList<>();
    /** By number, as in the gate: the number of the question, and one more for yes. */
    private long[] decided = new long[64];

    private long question;
    private @Nullable Remembered passing;
    private long nextLookNanos = Long.MIN_VALUE;
    private long remembered;
    private long evicted;
    private int size;

    /** What patterns ask of an event alone; those that ask the same share it. */
    private static final class Watch {
        final int rule;
        final int[] needs;
        final List<Completion> completions = new ArrayList<>();

        @Nullable
        Memory memory;

        Watch(int rule, int[] needs) {
            this.rule = rule;
            this.needs = needs;
        }
    }

    /**
     * @param limit how many events are remembered at most for what patterns ask of an event alone
     * @param insert puts an event into working memory
     * @param forget removes it
     * @param failures told of conditions that cannot be decided
     */
    public Keeper(
            List<Rule> rules,
            int limit,
            Function<KernelEvent, FactHandle> insert,
            Consumer<FactHandle> forget,
            MatchSink failures) {
        this.insert = insert;
        this.forget = forget;
        this.failures = failures;
        Map<String, Watch> shared = new LinkedHashMap<>();
        for (int i = 0; i < rules.size(); i++) {
            if (rules.get(i).patterns().size() > 1) {
                add(i, rules.get(i), limit, shared);
            }
        }
    }

    private void add(int number, Rule rule, int limit, Map<String, Watch> shared) {
        Windows windows = new Windows(rule.patterns());
        List<Watch> own = new ArrayList<>();
        List<@Nullable Memory> remembering = new ArrayList<>();
        for (int p = 0; p < rule.patterns().size(); p++) {
            Watch watch = watch(number, rule.patterns().get(p), shared);
            own.add(watch);
            long retention = windows.retention(p);
            if (retention > 0 && watch.memory == null) {
                watch.memory = new Memory(limit);
                memories.add(watch.memory);
            }
            if (watch.memory != null) {
                watch.memory.reach(retention);
            }
            remembering.add(retention > 0 ? watch.memory : null);
        }
        Joins joins = new Joins(rule);
        for (int p = 0; p < own.size(); p++) {
            Completion completion =
                    rule.patterns().get(p).quantifier() == Quantifier.NONE ? null : joins.completion(p, remembering);
            if (completion != null) {
                own.get(p).completions.add(completion);
            }
        }
    }

    private Watch watch(int rule, Pattern pattern, Map<String, Watch> shared) {
        List<Condition> alone = pattern.conditions().stream()
                .filter(c -> Bindings.of(c).isEmpty())
                .toList();
        String asks = pattern.type().getName()
                + alone.stream().map(Condition::text).sorted().toList();
        return shared.computeIfAbsent(asks, key -> {
            String type = pattern.type().getName();
            Watch made = new Watch(
                    rule, alone.stream().mapToInt(c -> number(type, c)).toArray());
            for (EventKind kind : EventTypes.kinds(pattern.type())) {
                watches.computeIfAbsent(kind, k -> new ArrayList<>()).add(made);
            }
            return made;
        });
    }

    private int number(String type, Condition condition) {
        return numbers.computeIfAbsent(type + " " + condition.text(), text -> {
            tests.add(ConditionCompiler.compile(condition, List.of()));
            decided = Arrays.copyOf(decided, Math.max(decided.length, 2 * tests.size()));
            return tests.size() - 1;
        });
    }

    /** How long the longest-remembered event of a rule stays, in nanoseconds. */
    public static long longestRetention(Rule rule) {
        Windows windows = new Windows(rule.patterns());
        long longest = 0;
        for (int p = 0; p < rule.patterns().size(); p++) {
            longest = Math.max(longest, windows.retention(p));
        }
        return longest;
    }

    /**
     * Takes a new event: remembers it if a rule may still need it, and puts it into working memory, with what it could complete a
     * match with, if it has to be decided on now.
     *
     * @param wanted whether it has to be decided on in any case
     * @return whether there is something to decide; {@link #release} comes after that
     */
    public boolean take(KernelEvent event, boolean wanted, long nowNanos) {
        Remembered entry = remember(event, nowNanos);
        boolean decide = wanted;
        for (Watch watch : fitting) {
            for (Completion completion : watch.completions) {
                if (completion.isPossible(event)) {
                    completion.found().forEach(found -> found.forEach(this::put));
                    decide = true;
                }
            }
        }
        if (decide) {
            passing = entry == null ? new Remembered(event, 0) : entry;
            put(passing);
        }
        return decide;
    }

    /** Takes the event out of working memory that was decided on, if no rule may need it any more. */
    public void release() {
        Remembered decided = passing;
        passing = null;
        if (decided != null && decided.holders == 0) {
            remove(decided);
        }
    }

    /** Remembers what another session did, in working memory at once, and says whether a rule may still need it. */
    public boolean restore(KernelEvent event, long nowNanos) {
        Remembered entry = remember(event, nowNanos);
        if (entry != null) {
            put(entry);
        }
        return entry != null;
    }

    private @Nullable Remembered remember(KernelEvent event, long nowNanos) {
        fitting.clear();
        question += 2;
        Remembered entry = null;
        for (Watch watch : watches.getOrDefault(event.kind(), List.of())) {
            if (fits(watch, event)) {
                fitting.add(watch);
                Memory memory = watch.memory;
                if (memory != null && !memory.isTooOld(event, nowNanos)) {
                    entry = entry == null ? new Remembered(event, ++remembered) : entry;
                    add(memory, entry);
                }
            }
        }
        return entry;
    }

    private boolean fits(Watch watch, KernelEvent event) {
        try {
            for (int need : watch.needs) {
                if (decided[need] < question) {
                    decided[need] = question + (tests.get(need).test(event, EventTest.NONE) ? 1 : 0);
                }
                if (decided[need] == question) {
                    return false;
                }
            }
            return true;
        } catch (RuntimeException e) {
            failures.failed(watch.rule, e);
            return false;
        }
    }

    private void add(Memory memory, Remembered entry) {
        if (memory.isFull()) {
            removeOldest(memory);
            evicted++;
        }
        size += entry.holders == 0 ? 1 : 0;
        memory.add(entry);
    }

    private void put(Remembered entry) {
        if (entry.handle == null) {
            entry.handle = insert.apply(entry.event);
        }
    }

    private boolean removeOldest(Memory memory) {
        Remembered oldest = memory.removeOldest();
        if (oldest.holders > 0) {
            return false;
        }
        size--;
        return remove(oldest);
    }

    private boolean remove(Remembered entry) {
        FactHandle handle = entry.handle;
        entry.handle = null;
        if (handle != null) {
            forget.accept(handle);
        }
        return handle != null;
    }

    /** The events that are remembered, in the order in which they came. */
    public List<KernelEvent> events() {
        Set<Remembered> all = new LinkedHashSet<>();
        memories.forEach(memory -> all.addAll(memory.all()));
        return all.stream()
                .sorted(Comparator.comparingLong(e -> e.number))
                .map(e -> e.event)
                .toList();
    }

    /** Forgets what no window reaches any more, and says whether any of it was in working memory. */
    public boolean expire(long nowNanos) {
        if (nowNanos < nextLookNanos) {
            return false;
        }
        nextLookNanos = nowNanos + LOOK_NANOS;
        boolean any = false;
        for (Memory memory : memories) {
            while (memory.hasExpired(nowNanos)) {
                any |= removeOldest(memory);
            }
        }
        return any;
    }

    /** How many events are remembered. */
    public int size() {
        return size;
    }

    /** How many events were forgotten for want of room since this was last asked. */
    public long takeEvicted() {
        long count = evicted;
        evicted = 0;
        return count;
    }
}
