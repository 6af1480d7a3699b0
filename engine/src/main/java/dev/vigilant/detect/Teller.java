// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.detect;

import dev.vigilant.alert.Alert;
import dev.vigilant.counter.Counter;
import dev.vigilant.counter.Counters;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.pipeline.Findings;
import dev.vigilant.pipeline.Match;
import dev.vigilant.pipeline.Slot;
import dev.vigilant.pipeline.Stage;
import dev.vigilant.rules.RuleSet;
import dev.vigilant.rules.field.EventTypes;
import java.util.Map;

/**
 * Makes numbered alerts of what the judges found, but of what the site wants kept back, and counts what no rule wanted.
 *
 * <p>Threading: one stage thread, but for {@link #suppressed} and {@link #replace}.
 */
final class Teller implements Stage {
    private final Coverage coverage = new Coverage();
    private final Suppressions suppressions = new Suppressions();
    private final NameIds ids = new NameIds();
    private final Counters counters;
    private final String node;
    private volatile RuleSet rules;
    private long sequence;

    /** @param node name of the node, part of the alerts' ids */
    Teller(RuleSet rules, String node, Counters counters) {
        this.rules = rules;
        this.node = node;
        this.counters = counters;
    }

    /** Says from now on which exceptions of these rules end. */
    void replace(RuleSet next) {
        rules = next;
    }

    @Override
    public void on(Slot slot, boolean endOfBatch) {
        KernelEvent event = slot.event();
        coverage.see(event);
        suppressions.pass(rules.tuning(), event.context().timeNanos());
        if (!slot.own().wanted() && !slot.across().wanted()) {
            if (!Detection.isNotice(event) && !EventTypes.HIDDEN.contains(event.kind())) {
                counters.increment(Counter.EVENTS_GATED);
            }
            return;
        }
        tell(slot, slot.own());
        tell(slot, slot.across());
    }

    private void tell(Slot slot, Findings findings) {
        for (Match match : findings.matches()) {
            KernelEvent event = match.evidence().get(match.evidence().size() - 1);
            if (suppressions.holds(match.rules().tuning(), match.rule(), event)) {
                counters.increment(Counter.ALERTS_SUPPRESSED);
            } else {
                slot.alerts().add(alert(match, event));
            }
        }
    }

    private Alert alert(Match match, KernelEvent event) {
        sequence++;
        counters.increment(Counter.ALERTS_RAISED);
        String identity = node
                + '|'
                + match.rule().id()
                + '|'
                + event.context().timeNanos()
                + '|'
                + event.context().serial()
                + '|'
                + sequence;
        return new Alert(
                ids.of(identity),
                sequence,
                match.rule(),
                match.rules().message(match.rule(), match.evidence()),
                event,
                match.evidence(),
                match.decidedNanos(),
                coverage.at(event));
    }

    /** Alerts that were kept back so far, by rule id and reason; any thread. */
    Map<String, Map<String, Long>> suppressed() {
        return suppressions.counts();
    }
}
