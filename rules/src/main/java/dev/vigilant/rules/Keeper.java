// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules;

import dev.vigilant.event.EventKind;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.rules.ast.Bindings;
import dev.vigilant.rules.ast.Condition;
import dev.vigilant.rules.ast.Pattern;
import dev.vigilant.rules.ast.Rule;
import dev.vigilant.rules.ast.Windows;
import dev.vigilant.rules.drools.MatchSink;
import dev.vigilant.rules.eval.ConditionCompiler;
import dev.vigilant.rules.eval.EventTest;
import dev.vigilant.rules.field.EventTypes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import org.kie.api.runtime.rule.FactHandle;

/**
 * Which events stay in working memory, and until when: those that pass the conditions of a pattern that is not the newest
 * of its rule, until the rule's window has passed them. A rule keeps so many at most; then its oldest goes.
 *
 * <p>Threading: the session's thread. Allocation: an entry for each kept event.
 */
final class Keeper {
    private final Map<EventKind, List<Role>> roles = new EnumMap<>(EventKind.class);
    private final PriorityQueue<Entry> byExpiry = new PriorityQueue<>(Comparator.comparingLong(e -> e.untilNanos));
    private final List<ArrayDeque<Entry>> byRule = new ArrayList<>();
    private final int[] keptByRule;
    private final int limit;
    private final Consumer<FactHandle> forget;
    private long kept;
    private long evicted;

    /** What an event may be to a rule. */
    private record Role(int rule, List<EventTest> tests, long retentionNanos, MatchSink failures) {
        boolean fits(KernelEvent event) {
            try {
                for (EventTest test : tests) {
                    if (!test.test(event, EventTest.NONE)) {
                        return false;
                    }
                }
                return true;
            } catch (RuntimeException e) {
                failures.failed(rule, e);
                return false;
            }
        }
    }

    /** A kept event. */
    private static final class Entry {
        final KernelEvent event;
        final long number;
        final FactHandle handle;
        final List<Integer> rules;
        final long untilNanos;
        int wantedBy;

        Entry(KernelEvent event, long number, FactHandle handle, List<Integer> rules, long untilNanos) {
            this.event = event;
            this.number = number;
            this.handle = handle;
            this.rules = rules;
            this.untilNanos = untilNanos;
            this.wantedBy = rules.size();
        }

        boolean gone() {
            return wantedBy == 0;
        }
    }

    /**
     * @param limit how many events a rule keeps at most
     * @param forget removes an event from working memory
     * @param failures told of conditions that cannot be decided
     */
    Keeper(List<Rule> rules, int limit, Consumer<FactHandle> forget, MatchSink failures) {
        this.limit = limit;
        this.forget = forget;
        this.keptByRule = new int[rules.size()];
        for (int i = 0; i < rules.size(); i++) {
            byRule.add(new ArrayDeque<>());
            Windows windows = new Windows(rules.get(i).patterns());
            for (int p = 0; p < rules.get(i).patterns().size(); p++) {
                if (windows.retention(p) > 0) {
                    add(
                            new Role(i, tests(rules.get(i).patterns().get(p)), windows.retention(p), failures),
                            rules.get(i).patterns().get(p));
                }
            }
        }
    }

    /** How long the longest-kept event of a rule stays, in nanoseconds. */
    static long longestRetention(Rule rule) {
        Windows windows = new Windows(rule.patterns());
        long longest = 0;
        for (int p = 0; p < rule.patterns().size(); p++) {
            longest = Math.max(longest, windows.retention(p));
        }
        return longest;
    }

    private void add(Role role, Pattern pattern) {
        for (EventKind kind : EventTypes.kinds(pattern.type())) {
            roles.computeIfAbsent(kind, k -> new ArrayList<>()).add(role);
        }
    }

    /** The conditions that the event alone decides. */
    private static List<EventTest> tests(Pattern pattern) {
        List<EventTest> tests = new ArrayList<>();
        for (Condition condition : pattern.conditions()) {
            if (Bindings.of(condition).isEmpty()) {
                tests.add(ConditionCompiler.compile(condition, List.of()));
            }
        }
        return tests;
    }

    /** Keeps the event if a rule may still need it, and says whether. */
    boolean keep(KernelEvent event, FactHandle handle, long nowNanos) {
        List<Role> candidates = roles.get(event.kind());
        if (candidates == null) {
            return false;
        }
        List<Integer> rules = new ArrayList<>(2);
        long until = Long.MIN_VALUE;
        for (Role role : candidates) {
            long end = event.context().timeNanos() + role.retentionNanos();
            if (end >= nowNanos && role.fits(event)) {
                until = Math.max(until, end);
                if (!rules.contains(role.rule())) {
                    rules.add(role.rule());
                }
            }
        }
        if (rules.isEmpty()) {
            return false;
        }
        Entry entry = new Entry(event, ++kept, handle, rules, until);
        byExpiry.add(entry);
        rules.forEach(rule -> admit(rule, entry));
        return true;
    }

    private void admit(int rule, Entry entry) {
        ArrayDeque<Entry> kept = byRule.get(rule);
        while (!kept.isEmpty() && kept.peekFirst().gone()) {
            kept.removeFirst();
        }
        if (keptByRule[rule] == limit) {
            evictOldest(rule, kept);
        }
        kept.addLast(entry);
        keptByRule[rule]++;
    }

    private void evictOldest(int rule, ArrayDeque<Entry> kept) {
        Entry oldest = kept.pollFirst();
        while (oldest != null && oldest.gone()) {
            oldest = kept.pollFirst();
        }
        if (oldest != null) {
            evicted++;
            keptByRule[rule]--;
            oldest.rules.remove(Integer.valueOf(rule));
            if (--oldest.wantedBy == 0) {
                byExpiry.remove(oldest);
                forget.accept(oldest.handle);
            }
        }
    }

    /** The events that are kept, in the order in which they came. */
    List<KernelEvent> events() {
        return byExpiry.stream()
                .sorted(Comparator.comparingLong(e -> e.number))
                .map(e -> e.event)
                .toList();
    }

    /** Forgets what no window reaches any more, and says whether there was any. */
    boolean expire(long nowNanos) {
        boolean any = false;
        while (!byExpiry.isEmpty() && byExpiry.peek().untilNanos < nowNanos) {
            Entry entry = byExpiry.poll();
            entry.rules.forEach(rule -> keptByRule[rule]--);
            entry.wantedBy = 0;
            forget.accept(entry.handle);
            any = true;
        }
        return any;
    }

    /** How many events were evicted since this was last asked. */
    long takeEvicted() {
        long count = evicted;
        evicted = 0;
        return count;
    }
}
