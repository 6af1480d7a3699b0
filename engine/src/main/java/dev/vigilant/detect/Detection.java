// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.detect;

import dev.vigilant.counter.Counters;
import dev.vigilant.event.Container;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.event.Origin;
import dev.vigilant.event.ProcessExec;
import dev.vigilant.pipeline.Slot;
import dev.vigilant.pipeline.Stage;
import dev.vigilant.rules.RuleCost;
import dev.vigilant.rules.RuleSet;
import dev.vigilant.rules.ast.Rule;
import dev.vigilant.rules.memory.Locality;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * Offers each event to the rules, and makes alerts of what they find. As a stage it does all of that on one thread.
 *
 * <h2>Shards</h2>
 *
 * With more than one, the judges work side by side: each but the last on the events of some containers, in their order, by the
 * rules that a single event decides or whose events are all of one container ({@link Locality}); the last one on all events, by the
 * rest. So no rule misses an event, and no two judges have the same rule and event. The host is a container here, the first
 * judge's. What was found is numbered and told by one stage after them, in the order of the events.
 *
 * <p>Threading: each of {@link #judges} and {@link #teller} has a thread, or all have one; {@link #replace} from any, one call at a
 * time.
 */
public final class Detection implements Stage, AutoCloseable {
    private final List<Judge> judges = new ArrayList<>();
    private final Teller teller;

    /**
     * What a change of rules took over.
     *
     * @param kept events that rules of several events remember
     * @param nanos how long the events waited for it
     */
    public record Handover(int kept, long nanos) {
        private Handover with(Handover beside) {
            return new Handover(kept + beside.kept, Math.max(nanos, beside.nanos));
        }
    }

    /**
     * @param shards how many judges share the containers, from 1 on
     * @param node name of the node, part of the alerts' ids
     */
    public Detection(RuleSet rules, int shards, String node, Counters counters) {
        this.teller = new Teller(rules, node, counters);
        if (shards == 1) {
            judges.add(new Judge(rules, rule -> true, event -> true, Slot::own, counters));
            return;
        }
        for (int i = 0; i < shards; i++) {
            int shard = i;
            judges.add(new Judge(
                    rules, Locality::ofOneContainer, event -> shardOf(event, shards) == shard, Slot::own, counters));
        }
        judges.add(new Judge(rules, Detection::looksAcross, event -> true, Slot::across, counters));
    }

    private static boolean looksAcross(Rule rule) {
        return !Locality.ofOneContainer(rule);
    }

    private static int shardOf(KernelEvent event, int shards) {
        Container container = event.container();
        if (container == null) {
            return 0;
        }
        int hash = container.id().hashCode();
        return Math.floorMod(hash ^ hash >>> 16, shards);
    }

    /** Decide on the events, side by side. */
    public List<Stage> judges() {
        return List.copyOf(judges);
    }

    /** Makes alerts of what the judges found; comes after all of them. */
    public Stage teller() {
        return teller;
    }

    @Override
    public void on(Slot slot, boolean endOfBatch) {
        for (Judge judge : judges) {
            judge.on(slot, endOfBatch);
        }
        teller.on(slot, endOfBatch);
    }

    /**
     * Puts other rules in the place of these, each judge between two events. They are compiled on the caller's thread; the judges
     * then hand over what their old sessions remember.
     *
     * @return done when the new rules judge; waits for events to come, so that it never ends when none do
     */
    public CompletableFuture<Handover> replace(RuleSet rules) {
        teller.replace(rules);
        CompletableFuture<Handover> all = CompletableFuture.completedFuture(new Handover(0, 0));
        for (Judge judge : judges) {
            all = all.thenCombine(judge.replace(rules), Handover::with);
        }
        return all;
    }

    /** The process connector's word of an exec whose audit record follows; only the process table wants it. */
    static boolean isNotice(KernelEvent event) {
        return event instanceof ProcessExec && event.context().origin() == Origin.PROC_CONNECTOR;
    }

    /** Alerts that were kept back so far, by rule id and reason; any thread. */
    public Map<String, Map<String, Long>> suppressed() {
        return teller.suppressed();
    }

    /** What the rules cost since they were last loaded, by their ids, rules that were never asked left out; any thread. */
    public Map<String, RuleCost> costs() {
        Map<String, RuleCost> all = new TreeMap<>();
        for (Judge judge : judges) {
            judge.costs().forEach((id, cost) -> all.merge(id, cost, RuleCost::plus));
        }
        all.values().removeIf(cost -> cost.asked() == 0);
        return all;
    }

    @Override
    public void close() {
        judges.forEach(Judge::close);
    }
}
