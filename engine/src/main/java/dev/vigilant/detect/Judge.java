// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.detect;

import dev.vigilant.alert.RuleDescription;
import dev.vigilant.counter.Counters;
import dev.vigilant.detect.Detection.Handover;
import dev.vigilant.event.ClockTick;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.pipeline.Findings;
import dev.vigilant.pipeline.Match;
import dev.vigilant.pipeline.Slot;
import dev.vigilant.pipeline.Stage;
import dev.vigilant.rules.RuleCost;
import dev.vigilant.rules.RuleSession;
import dev.vigilant.rules.RuleSet;
import dev.vigilant.rules.ast.Rule;
import dev.vigilant.rules.site.Suppression;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Offers some of the events to some of the rules, and puts what they find on the slot.
 *
 * <p>Threading: one stage thread, but for {@link #replace}. Allocation: none for an event that no rule could want.
 */
final class Judge implements Stage, AutoCloseable {
    private final AtomicReference<@Nullable Successor> successor = new AtomicReference<>();
    private final Predicate<Rule> which;
    private final Predicate<KernelEvent> mine;
    private final Function<Slot, Findings> place;
    private final Counters counters;
    private volatile Deciding deciding;
    private @Nullable Findings current;

    /** Rules, and what decides by them. */
    private record Deciding(RuleSet rules, RuleSession session) {}

    /** Who decides from the next event on. */
    private record Successor(Deciding deciding, CompletableFuture<Handover> done) {}

    /**
     * @param which rules are decided by
     * @param mine events that are decided on
     * @param place of the slot for what is found
     */
    Judge(
            RuleSet rules,
            Predicate<Rule> which,
            Predicate<KernelEvent> mine,
            Function<Slot, Findings> place,
            Counters counters) {
        this.which = which;
        this.mine = mine;
        this.place = place;
        this.counters = counters;
        this.deciding = deciding(rules);
    }

    private Deciding deciding(RuleSet rules) {
        return new Deciding(rules, new RuleSession(rules.where(which), this::matched, counters));
    }

    /** Decides by other rules from the next event on; they are compiled on the caller's thread. */
    CompletableFuture<Handover> replace(RuleSet rules) {
        Successor next = new Successor(deciding(rules), new CompletableFuture<>());
        Successor before = successor.getAndSet(next);
        if (before != null) {
            before.deciding().session().close();
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
        int kept = next.deciding().session().adopt(deciding.session());
        deciding.session().close();
        deciding = next.deciding();
        next.done().complete(new Handover(kept, System.nanoTime() - start));
    }

    @Override
    public void on(Slot slot, boolean endOfBatch) {
        if (successor.get() != null) {
            succeed();
        }
        KernelEvent event = slot.event();
        if (event instanceof ClockTick) {
            deciding.session().pass(event.context().timeNanos());
        }
        if (Detection.isNotice(event) || !mine.test(event)) {
            return;
        }
        Findings findings = place.apply(slot);
        current = findings;
        if (deciding.session().offer(event)) {
            findings.want();
        }
        current = null;
    }

    /** What the rules cost since they took over, by their ids; any thread. */
    Map<String, RuleCost> costs() {
        Deciding now = deciding;
        Map<String, RuleCost> byId = new HashMap<>();
        now.session().costs().forEach((id, cost) -> {
            Suppression part = now.rules().tuning().suppressions().get(id);
            byId.merge(part == null ? id : part.rule(), cost, RuleCost::plus);
        });
        return byId;
    }

    private void matched(RuleDescription rule, List<KernelEvent> evidence) {
        Findings findings = current;
        if (findings != null) {
            findings.matches().add(new Match(deciding.rules(), rule, evidence, nowNanos()));
        }
    }

    private static long nowNanos() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }

    @Override
    public void close() {
        Successor late = successor.getAndSet(null);
        if (late != null) {
            late.deciding().session().close();
            late.done().cancel(false);
        }
        deciding.session().close();
    }
}
