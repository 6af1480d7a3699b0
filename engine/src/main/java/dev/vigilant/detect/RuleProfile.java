// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.detect;

import dev.vigilant.alert.RuleDescription;
import dev.vigilant.counter.Counters;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.rules.RuleSession;
import dev.vigilant.rules.RuleSet;
import dev.vigilant.rules.gate.Gate;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;

/**
 * What rules cost on given events: each runs alone, behind a gate of its own, over all of them.
 *
 * <h2>Measure</h2>
 *
 * CPU time of the thread, so that what else the machine does is not counted; the quickest of some rounds, so that the compiler
 * of the JVM and its collector count as little as they can. Rules that run together share the gate and equal conditions: their
 * costs alone add up to more than they cost together.
 *
 * <p>Threading: the caller's.
 */
public final class RuleProfile {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final List<KernelEvent> events;
    private final int rounds;

    /**
     * What rules cost.
     *
     * @param id of the rule
     * @param asked events that passed the gate, so that Drools was asked
     * @param matches how often it fired, before what a site limits
     * @param nanos CPU time that all events took
     */
    public record Cost(String id, long asked, long matches, long nanos) {}

    /**
     * @param events with process and container, in their order
     * @param rounds how often each rule runs over them, at least 1
     */
    public RuleProfile(List<KernelEvent> events, int rounds) {
        this.events =
                events.stream().filter(event -> !Detection.isNotice(event)).toList();
        this.rounds = rounds;
    }

    /** What all of them cost together, as they run in the daemon. */
    public Cost together(RuleSet rules) {
        return cost("", rules);
    }

    /** What each costs alone, in their order. */
    public List<Cost> alone(RuleSet rules) {
        List<Cost> costs = new ArrayList<>();
        for (RuleDescription rule : rules.describe()) {
            costs.add(cost(rule.id(), rules.where(r -> r.description().id().equals(rule.id()))));
        }
        return costs;
    }

    private Cost cost(String id, RuleSet rules) {
        Cost quickest = round(id, rules);
        for (int i = 1; i < rounds; i++) {
            Cost next = round(id, rules);
            quickest = next.nanos() < quickest.nanos() ? next : quickest;
        }
        return quickest;
    }

    private Cost round(String id, RuleSet rules) {
        long[] matches = new long[1];
        long asked = 0;
        Gate gate = rules.gate();
        try (RuleSession session = new RuleSession(rules, (rule, evidence) -> matches[0]++, new Counters())) {
            long start = THREADS.getCurrentThreadCpuTime();
            for (KernelEvent event : events) {
                if (gate.mayMatch(event)) {
                    asked++;
                    session.offer(event);
                } else {
                    session.pass(event.context().timeNanos());
                }
            }
            return new Cost(id, asked, matches[0], THREADS.getCurrentThreadCpuTime() - start);
        }
    }
}
