// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules;

import dev.vigilant.counter.Counter;
import dev.vigilant.counter.Counters;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.rules.ast.Count;
import dev.vigilant.rules.ast.Pattern.Quantifier;
import dev.vigilant.rules.ast.Rule;
import dev.vigilant.rules.drools.KnowledgeBase;
import dev.vigilant.rules.drools.MatchSink;
import dev.vigilant.rules.gate.Gate;
import dev.vigilant.rules.memory.Facts;
import dev.vigilant.rules.memory.Keeper;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.drools.core.common.InternalFactHandle;
import org.drools.core.impl.RuleBaseFactory;
import org.jspecify.annotations.Nullable;
import org.kie.api.runtime.KieSession;
import org.kie.api.runtime.KieSessionConfiguration;
import org.kie.api.runtime.conf.ClockTypeOption;
import org.kie.api.runtime.rule.EntryPoint;
import org.kie.api.runtime.rule.FactHandle;
import org.kie.api.time.SessionPseudoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes events one by one and tells the matches, while they are offered and in the order of the events.
 *
 * <h2>Memory</h2>
 *
 * An event that no rule could want goes no further than the gate. One is in working memory only while it is decided on, or
 * when a match with it was possible; the {@link Keeper} knows.
 *
 * <h2>Time</h2>
 *
 * Time is event time and never goes back. A match is told because of the offered event; what an expiring event un-blocks
 * is not told.
 *
 * <p>Threading: one thread. Allocation: about 330 B per event that is decided on, some 100 B per event that is remembered.
 */
public final class RuleSession implements AutoCloseable {
    /** How many events are remembered at most for what patterns ask of an event alone. */
    public static final int KEPT_PER_PATTERN = Count.MAX;

    private static final Logger LOG = LoggerFactory.getLogger(RuleSession.class);

    private final RuleSet ruleSet;
    private final MatchListener listener;
    private final Counters counters;
    private final KieSession session;
    private final SessionPseudoClock clock;
    private final Keeper keeper;
    private final Gate gate;

    private final RuleCosts costs;
    private final FiredTuples fired = new FiredTuples();
    private final BitSet askingRules = new BitSet();
    private final BitSet existsRules = new BitSet();
    private final BitSet countingRules = new BitSet();
    private final BitSet failedRules = new BitSet();
    private final int[][] evidence;
    private final long[] windows;
    private long nowNanos = Long.MIN_VALUE;
    private boolean muted;
    private @Nullable KernelEvent offered;

    public RuleSession(RuleSet ruleSet, MatchListener listener, Counters counters) {
        this(ruleSet, listener, counters, KEPT_PER_PATTERN);
    }

    RuleSession(RuleSet ruleSet, MatchListener listener, Counters counters, int keptPerPattern) {
        this.ruleSet = ruleSet;
        this.listener = listener;
        this.counters = counters;
        List<Rule> rules = ruleSet.rules();
        this.evidence = rules.stream().map(RuleSession::evidence).toArray(int[][]::new);
        this.costs = new RuleCosts(rules.size());
        this.windows = rules.stream().mapToLong(Keeper::longestRetention).toArray();
        for (int i = 0; i < rules.size(); i++) {
            askingRules.set(i, asks(rules.get(i), Quantifier.NONE) || asks(rules.get(i), Quantifier.EXISTS));
            existsRules.set(i, asks(rules.get(i), Quantifier.EXISTS));
            countingRules.set(i, asks(rules.get(i), Quantifier.COUNT));
        }
        MatchSink sink = new Sink();
        KieSessionConfiguration configuration = RuleBaseFactory.newKnowledgeSessionConfiguration();
        configuration.setOption(ClockTypeOption.PSEUDO);
        // Both take long at a start, and neither needs the other.
        CompletableFuture<KieSession> building = CompletableFuture.supplyAsync(
                () -> KnowledgeBase.build(rules, sink).newKieSession(configuration, null));
        Part matched = new Part();
        Part counted = new Part();
        this.keeper = new Keeper(rules, keptPerPattern, matched, counted);
        this.gate = gate(rules, keeper);
        this.session = built(building);
        this.clock = session.getSessionClock();
        matched.entry = session;
        counted.entry = Objects.requireNonNullElse(session.getEntryPoint(KnowledgeBase.COUNTED), session);
        // Drools makes the memories of its network when it first fires: now, rather than while the first event waits.
        session.fireAllRules();
    }

    private static KieSession built(CompletableFuture<KieSession> building) {
        try {
            return building.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    private static boolean asks(Rule rule, Quantifier quantifier) {
        return rule.patterns().stream().anyMatch(p -> p.quantifier() == quantifier);
    }

    /** Index of each evidence among the events of a match. */
    private static int[] evidence(Rule rule) {
        List<String> matched = rule.patterns().stream()
                .filter(p -> p.quantifier() == Quantifier.EACH)
                .map(p -> String.valueOf(p.binding()))
                .toList();
        return rule.evidence().stream().mapToInt(matched::indexOf).toArray();
    }

    private static Gate gate(List<Rule> rules, Keeper keeper) {
        List<Gate.Wanted> wanted = new ArrayList<>(keeper.patterns());
        rules.stream()
                .filter(rule -> rule.patterns().size() == 1)
                .forEach(rule -> wanted.add(new Gate.Wanted(rule.patterns().get(0), Gate.ALONE)));
        return Gate.ofPatterns(wanted);
    }

    /**
     * Decides on one event. A tick only lets time pass. Nothing that an event or a rule does ends the session.
     *
     * @return whether any rule could want the event
     */
    public boolean offer(KernelEvent event) {
        pass(event.context().timeNanos());
        if (!gate.mayMatch(event)) {
            return false;
        }
        offered = event;
        try {
            if (keeper.take(event, gate, nowNanos)) {
                session.fireAllRules();
                keeper.release();
                settle();
            }
        } catch (RuntimeException e) {
            counters.increment(Counter.RULE_ERRORS);
            LOG.error("deciding on a {} event failed", event.kind().label(), e);
        }
        counters.add(Counter.FACTS_EVICTED, keeper.takeEvicted());
        return true;
    }

    /**
     * Takes over what another session remembers, before the first event is offered here: the events that are kept, in their
     * order, and which matches of rules that are the same here were told. Nothing is told of it.
     *
     * @return how many events were taken over
     */
    public int adopt(RuleSession before) {
        pass(before.nowNanos);
        int taken = 0;
        muted = true;
        try {
            for (KernelEvent event : before.keeper.events()) {
                if (gate.mayMatch(event)) {
                    taken += keeper.restore(event, gate, nowNanos) ? 1 : 0;
                }
            }
            session.fireAllRules();
        } finally {
            muted = false;
        }
        fired.adopt(before.fired, indexes(before.ruleSet.rules(), ruleSet.rules()));
        return taken;
    }

    private static int[] indexes(List<Rule> before, List<Rule> now) {
        Map<String, Integer> byText = new HashMap<>();
        for (int i = 0; i < now.size(); i++) {
            byText.putIfAbsent(now.get(i).text(), i);
        }
        return before.stream()
                .mapToInt(rule -> byText.getOrDefault(rule.text(), -1))
                .toArray();
    }

    /** Lets time pass, in nanoseconds since the epoch. */
    public void pass(long timeNanos) {
        if (timeNanos <= nowNanos) {
            return;
        }
        nowNanos = timeNanos;
        long behind = TimeUnit.NANOSECONDS.toMillis(timeNanos) - clock.getCurrentTime();
        if (behind > 0) {
            clock.advanceTime(behind, TimeUnit.MILLISECONDS);
        }
        fired.expire(nowNanos);
        if (keeper.expire(nowNanos)) {
            settle();
        }
    }

    /** Lets the network see what was deleted, before the next event could be mixed up with it. */
    private void settle() {
        if (!askingRules.isEmpty()) {
            muted = true;
            try {
                session.fireAllRules();
            } finally {
                muted = false;
            }
        }
    }

    /** How many events are remembered. */
    public int remembered() {
        return keeper.size();
    }

    /** What the rules cost so far, by their ids; any thread. */
    public Map<String, RuleCost> costs() {
        Map<String, RuleCost> byId = new HashMap<>();
        List<Rule> rules = ruleSet.rules();
        for (int i = 0; i < rules.size(); i++) {
            byId.merge(rules.get(i).description().id(), costs.of(i), RuleCost::plus);
        }
        return byId;
    }

    /** How many events are in working memory. */
    long factCount() {
        return session.getFactCount();
    }

    @Override
    public void close() {
        session.dispose();
    }

    /** A part of Drools' working memory, which is there before the first event comes. */
    private static final class Part implements Facts {
        private @Nullable EntryPoint entry;

        private EntryPoint entry() {
            return Objects.requireNonNull(entry);
        }

        @Override
        public FactHandle insert(KernelEvent event) {
            return entry().insert(event);
        }

        /** What matched no condition has left already, and Drools would search all its facts in vain for it: 50 us with 10,000. */
        @Override
        public void delete(FactHandle handle) {
            if (!((InternalFactHandle) handle).isDisconnected()) {
                entry().delete(handle);
            }
        }
    }

    /** What Drools calls, on the session's thread. */
    private final class Sink implements MatchSink {
        @Override
        public void matched(int rule, KernelEvent[] events) {
            if (muted
                    || (countingRules.get(rule) && !isAbout(events, offered))
                    || (existsRules.get(rule) && !fired.add(rule, events, nowNanos + windows[rule]))) {
                return;
            }
            List<KernelEvent> named = new ArrayList<>(evidence[rule].length);
            for (int index : evidence[rule]) {
                named.add(events[index]);
            }
            try {
                listener.matched(ruleSet.rules().get(rule).description(), List.copyOf(named));
            } catch (RuntimeException e) {
                failed(rule, e);
            }
        }

        /** What is counted is there for the last event only; an earlier one that is still a fact was decided when it came. */
        private static boolean isAbout(KernelEvent[] events, @Nullable KernelEvent last) {
            for (KernelEvent event : events) {
                if (event == last) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public boolean asks(int rule) {
            return costs.ask(rule);
        }

        @Override
        public void took(int rule, long nanos) {
            costs.took(rule, nanos);
        }

        @Override
        public void failed(int rule, RuntimeException failure) {
            counters.increment(Counter.RULE_ERRORS);
            if (!failedRules.get(rule)) {
                failedRules.set(rule);
                LOG.error(
                        "rule {} failed, its condition counts as false; told once per rule",
                        ruleSet.rules().get(rule).description().id(),
                        failure);
            }
        }
    }
}
