// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.detect;

import dev.vigilant.alert.Alert;
import dev.vigilant.alert.RuleDescription;
import dev.vigilant.counter.Counter;
import dev.vigilant.counter.Counters;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.event.Origin;
import dev.vigilant.event.ProcessExec;
import dev.vigilant.pipeline.Slot;
import dev.vigilant.pipeline.Stage;
import dev.vigilant.rules.RuleSession;
import dev.vigilant.rules.RuleSet;
import dev.vigilant.rules.field.EventTypes;
import dev.vigilant.rules.gate.Gate;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Second stage: offers each event that a rule could want to the rules, and puts what they raise on the slot.
 *
 * <p>Threading: one stage thread. Allocation: none for an event that no rule could want.
 */
public final class DetectStage implements Stage, AutoCloseable {
    private final RuleSet rules;
    private final Gate gate;
    private final RuleSession session;
    private final Coverage coverage = new Coverage();
    private final Suppressions suppressions = new Suppressions();
    private final Counters counters;
    private final String node;
    private long sequence;
    private @Nullable Slot current;

    /** @param node name of the node, part of the alerts' ids */
    public DetectStage(RuleSet rules, String node, Counters counters) {
        this.rules = rules;
        this.node = node;
        this.counters = counters;
        this.gate = rules.gate();
        this.session = new RuleSession(rules, this::matched, counters);
    }

    @Override
    public void on(Slot slot, boolean endOfBatch) {
        KernelEvent event = slot.event();
        coverage.see(event);
        suppressions.pass(rules.tuning(), event.context().timeNanos());
        if (isNotice(event)) {
            return;
        }
        if (gate.mayMatch(event)) {
            current = slot;
            session.offer(event);
            current = null;
        } else {
            session.pass(event.context().timeNanos());
            if (!EventTypes.HIDDEN.contains(event.kind())) {
                counters.increment(Counter.EVENTS_GATED);
            }
        }
    }

    /** The process connector's word of an exec whose audit record follows; only the process table wants it. */
    private static boolean isNotice(KernelEvent event) {
        return event instanceof ProcessExec && event.context().origin() == Origin.PROC_CONNECTOR;
    }

    private void matched(RuleDescription rule, List<KernelEvent> evidence) {
        Slot slot = current;
        if (slot == null) {
            return;
        }
        KernelEvent event = evidence.get(evidence.size() - 1);
        if (suppressions.holds(rules.tuning(), rule, event)) {
            counters.increment(Counter.ALERTS_SUPPRESSED);
            return;
        }
        sequence++;
        counters.increment(Counter.ALERTS_RAISED);
        String identity = node
                + '|'
                + rule.id()
                + '|'
                + event.context().timeNanos()
                + '|'
                + event.context().serial()
                + '|'
                + sequence;
        slot.alerts()
                .add(new Alert(
                        UUID.nameUUIDFromBytes(identity.getBytes(StandardCharsets.UTF_8))
                                .toString(),
                        sequence,
                        rule,
                        rules.message(rule, evidence),
                        event,
                        evidence,
                        System.currentTimeMillis() * 1_000_000L,
                        coverage.at(event)));
    }

    /** Alerts that were kept back, by rule id and reason; read after the pipeline ended. */
    public Map<String, Map<String, Long>> suppressed() {
        return suppressions.counts();
    }

    @Override
    public void close() {
        session.close();
    }
}
