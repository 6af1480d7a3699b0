// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.memory;

import dev.vigilant.event.KernelEvent;
import dev.vigilant.rules.ast.Bindings;
import dev.vigilant.rules.ast.Condition;
import dev.vigilant.rules.ast.Pattern;
import dev.vigilant.rules.ast.Pattern.Quantifier;
import dev.vigilant.rules.ast.Rule;
import dev.vigilant.rules.ast.Windows;
import dev.vigilant.rules.eval.ConditionCompiler;
import dev.vigilant.rules.eval.EventTest;
import dev.vigilant.rules.gate.Gate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.kie.api.runtime.rule.FactHandle;

/**
 * Events that rules of several events may still need, and which of them a new event could complete a match with. Only those go
 * into working memory, at the moment when the newest event of a match comes: of a hundred thousand files that were written,
 * the one that is executed.
 *
 * <p>What is remembered passes the conditions of its pattern that are about it alone, and there is what it would have to be
 * newer than: what a process writes is of no use to a rule about what it read before, if it read nothing. A match's events are all in working
 * memory as soon as the last of them has come, so that nothing is told late.
 *
 * <p>Threading: the session's thread. Allocation: some 100 B for each event that is remembered.
 */
public final class Keeper {
    /** Windows are looked at so often, in event time: what is kept a little longer is judged by its time all the same. */
    private static final long LOOK_NANOS = 10_000_000;

    private final List<Watch> watches = new ArrayList<>();
    private final List<Memory> memories = new ArrayList<>();
    private final Facts facts;
    private final Facts counted;
    private final List<Remembered> counting = new ArrayList<>();
    /** Those that want the event that came last, but would have needed another one before it. */
    private final List<Watch> waiting = new ArrayList<>();

    private @Nullable Remembered passing;
    private long nextLookNanos = Long.MIN_VALUE;
    private long remembered;
    private long evicted;
    private int size;

    /** What patterns ask of an event alone; those that ask the same share it. */
    private static final class Watch {
        final Pattern pattern;
        final List<Completion> completions = new ArrayList<>();
        /** By rule that remembers its events: what has to be remembered already, so that one is of use. */
        final List<List<Completion.Step>> prerequisites = new ArrayList<>();

        final EventTest[] own;
        boolean counts;

        @Nullable
        Memory memory;

        Watch(Pattern pattern) {
            this.pattern = pattern;
            this.own = pattern.conditions().stream()
                    .filter(c -> Bindings.of(c).isEmpty())
                    .map(c -> ConditionCompiler.compile(c, List.of()))
                    .toArray(EventTest[]::new);
        }

        /** Whether a match is possible with the event, for all that has come until now. */
        boolean isOfUse(KernelEvent event) {
            for (List<Completion.Step> steps : prerequisites) {
                if (areThere(steps, event)) {
                    return true;
                }
            }
            return false;
        }

        /** Whether the event may be one of those that have to be there. */
        boolean mayNeed(Remembered last) {
            for (List<Completion.Step> steps : prerequisites) {
                for (Completion.Step step : steps) {
                    if (step.memory().isNewest(last)) {
                        return true;
                    }
                }
            }
            return false;
        }

        private static boolean areThere(List<Completion.Step> steps, KernelEvent event) {
            for (Completion.Step step : steps) {
                if (!step.isThere(event)) {
                    return false;
                }
            }
            return true;
        }

        /** The gate lets more pass than fits, and what is counted has to fit. */
        boolean fits(KernelEvent event) {
            return !counts || Counting.holds(own, event, EventTest.NONE);
        }
    }

    /**
     * @param limit how many events are remembered at most for what patterns ask of an event alone
     * @param facts the working memory of what patterns match
     * @param counted that of what they count
     */
    public Keeper(List<Rule> rules, int limit, Facts facts, Facts counted) {
        this.facts = facts;
        this.counted = counted;
        Map<String, Watch> shared = new LinkedHashMap<>();
        for (Rule rule : rules) {
            if (rule.patterns().size() > 1) {
                add(rule, limit, shared);
            }
        }
    }

    private void add(Rule rule, int limit, Map<String, Watch> shared) {
        Windows windows = new Windows(rule.patterns());
        List<Watch> own = new ArrayList<>();
        List<@Nullable Memory> remembering = new ArrayList<>();
        for (int p = 0; p < rule.patterns().size(); p++) {
            Watch watch = watch(rule.patterns().get(p), shared);
            own.add(watch);
            long retention = windows.retention(p);
            if (retention > 0 && watch.memory == null) {
                watch.memory = new Memory(limit);
                memories.add(watch.memory);
            }
            boolean counts = rule.patterns().get(p).quantifier() == Quantifier.COUNT;
            if (retention > 0 && watch.memory != null) {
                watch.memory.reach(retention, counts);
            }
            watch.counts |= counts;
            remembering.add(retention > 0 ? watch.memory : null);
        }
        Joins joins = new Joins(rule);
        for (int p = 0; p < own.size(); p++) {
            if (remembering.get(p) != null) {
                own.get(p).prerequisites.add(joins.prerequisites(p, windows, remembering));
            }
            Quantifier quantifier = rule.patterns().get(p).quantifier();
            boolean never = quantifier == Quantifier.NONE || quantifier == Quantifier.COUNT;
            Completion completion = never ? null : joins.completion(p, remembering);
            if (completion != null) {
                own.get(p).completions.add(completion);
            }
        }
    }

    private Watch watch(Pattern pattern, Map<String, Watch> shared) {
        String asks = pattern.type().getName()
                + pattern.conditions().stream()
                        .filter(c -> Bindings.of(c).isEmpty())
                        .map(Condition::text)
                        .sorted()
                        .toList();
        return shared.computeIfAbsent(asks, key -> {
            Watch made = new Watch(pattern);
            watches.add(made);
            return made;
        });
    }

    /** The patterns of rules of several events, numbered from 1: what the gate tells apart for {@link #take}. */
    public List<Gate.Wanted> patterns() {
        return IntStream.range(0, watches.size())
                .mapToObj(i -> new Gate.Wanted(watches.get(i).pattern, i + 1))
                .toList();
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
     * @param wanting has been asked who wants the event
     * @return whether there is something to decide; {@link #release} comes after that
     */
    public boolean take(KernelEvent event, Gate wanting, long nowNanos) {
        Remembered entry = remember(event, wanting, nowNanos);
        boolean decide = false;
        for (int i = 0; i < wanting.count(); i++) {
            int number = wanting.found(i);
            if (number == Gate.ALONE) {
                decide = true;
                continue;
            }
            for (Completion completion : watches.get(number - 1).completions) {
                if (completion.isPossible(event)) {
                    completion.forEach(this::put);
                    completion.forEachCounted(this::putCounted);
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
        if (decided != null && decided.joined == 0) {
            remove(decided);
        }
        for (Remembered entry : counting) {
            counted.delete(Objects.requireNonNull(entry.counted));
            entry.counted = null;
        }
        counting.clear();
    }

    /** Remembers what another session did, in working memory at once, and says whether a rule may still need it. */
    public boolean restore(KernelEvent event, Gate wanting, long nowNanos) {
        Remembered entry = remember(event, wanting, nowNanos);
        if (entry != null && entry.joined > 0) {
            put(entry);
        }
        return entry != null;
    }

    private @Nullable Remembered remember(KernelEvent event, Gate wanting, long nowNanos) {
        Remembered entry = null;
        waiting.clear();
        for (int i = 0; i < wanting.count(); i++) {
            int number = wanting.found(i);
            Watch watch = number == Gate.ALONE ? null : watches.get(number - 1);
            Memory memory = watch == null ? null : watch.memory;
            if (watch == null || memory == null || memory.isTooOld(event, nowNanos)) {
                continue;
            }
            if (!watch.isOfUse(event)) {
                waiting.add(watch);
            } else if (watch.fits(event)) {
                entry = entry == null ? new Remembered(event, ++remembered) : entry;
                add(memory, entry);
            }
        }
        return entry == null || waiting.isEmpty() ? entry : rememberAlso(entry);
    }

    /** One event may be of several patterns: what it needs may be itself, which is remembered now. */
    private Remembered rememberAlso(Remembered entry) {
        boolean any = true;
        while (any) {
            any = waiting.removeIf(watch -> {
                boolean useful = watch.mayNeed(entry) && watch.isOfUse(entry.event);
                if (useful && watch.memory != null && watch.fits(entry.event)) {
                    add(watch.memory, entry);
                }
                return useful;
            });
        }
        return entry;
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
            entry.handle = facts.insert(entry.event);
        }
    }

    private void putCounted(Remembered entry) {
        if (entry.counted == null) {
            entry.counted = counted.insert(entry.event);
            counting.add(entry);
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
            facts.delete(handle);
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
