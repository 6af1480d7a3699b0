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
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Second stage: offers each event to the rules, and puts what they raise on the slot.
 *
 * <p>Threading: one stage thread, but for {@link #replace}. Allocation: none for an event that no rule could want.
 */
public final class DetectStage implements Stage, AutoCloseable {
    private final AtomicReference<@Nullable Successor> successor = new AtomicReference<>();
    private Judge judge;
    private final Coverage coverage = new Coverage();
    private final Suppressions suppressions = new Suppressions();
    private final Counters counters;
    private final String node;
    private long sequence;
    private @Nullable Slot current;

    /** Rules, and what decides by them. */
    private record Judge(RuleSet rules, RuleSession session) {}

    /** Who judges from the next event on. */
    private record Successor(Judge judge, CompletableFuture<Handover> done) {}

    /**
     * What a change of rules took over.
     *
     * @param kept events that rules of several events remember
     * @param nanos how long the events waited for it
     */
    public record Handover(int kept, long nanos) {}

    /** @param node name of the node, part of the alerts' ids */
    public DetectStage(RuleSet rules, String node, Counters counters) {
        this.node = node;
        this.counters = counters;
        this.judge = judge(rules);
    }

    private Judge judge(RuleSet rules) {
        return new Judge(rules, new RuleSession(rules, this::matched, counters));
    }

    /**
     * Puts other rules in the place of these, between two events. They are compiled on the caller's thread; the stage then hands
     * over what the old session remembers.
     *
     * @return done when the new rules judge; one call at a time
     */
    public CompletableFuture<Handover> replace(RuleSet rules) {
        Successor next = new Successor(judge(rules), new CompletableFuture<>());
        Successor before = successor.getAndSet(next);
        if (before != null) {
            before.judge().session().close();
            before.done().cancel(false);
        }
        return next.done();
    }

    private void succeed() {
        Successor next = successor.getAndSet(null);
        if (next == null) {
            return;
        }
        long start = System.nanoTime();
        int kept = next.judge().session().adopt(judge.session());
        judge.session().close();
        judge = next.judge();
        next.done().complete(new Handover(kept, System.nanoTime() - start));
    }

    @Override
    public void on(Slot slot, boolean endOfBatch) {
        if (successor.get() != null) {
            succeed();
        }
        KernelEvent event = slot.event();
        coverage.see(event);
        suppressions.pass(judge.rules().tuning(), event.context().timeNanos());
        if (isNotice(event)) {
            return;
        }
        current = slot;
        boolean wanted = judge.session().offer(event);
        current = null;
        if (!wanted && !EventTypes.HIDDEN.contains(event.kind())) {
            counters.increment(Counter.EVENTS_GATED);
        }
    }

    /** The process connector's word of an exec whose audit record follows; only the process table wants it. */
    static boolean isNotice(KernelEvent event) {
        return event instanceof ProcessExec && event.context().origin() == Origin.PROC_CONNECTOR;
    }

    private void matched(RuleDescription rule, List<KernelEvent> evidence) {
        Slot slot = current;
        if (slot == null) {
            return;
        }
        KernelEvent event = evidence.get(evidence.size() - 1);
        if (suppressions.holds(judge.rules().tuning(), rule, event)) {
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
                        judge.rules().message(rule, evidence),
                        event,
                        evidence,
                        nowNanos(),
                        coverage.at(event)));
    }

    private static long nowNanos() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }

    /** Alerts that were kept back so far, by rule id and reason; any thread. */
    public Map<String, Map<String, Long>> suppressed() {
        return suppressions.counts();
    }

    @Override
    public void close() {
        Successor late = successor.getAndSet(null);
        if (late != null) {
            late.judge().session().close();
            late.done().cancel(false);
        }
        judge.session().close();
    }
}
