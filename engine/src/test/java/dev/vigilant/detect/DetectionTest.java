// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.detect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vigilant.counter.Counter;
import dev.vigilant.counter.Counters;
import dev.vigilant.event.Actor;
import dev.vigilant.event.ClockTick;
import dev.vigilant.event.Context;
import dev.vigilant.event.FileOpen;
import dev.vigilant.event.FileTarget;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.event.Origin;
import dev.vigilant.pipeline.Pipeline;
import dev.vigilant.rules.RuleLoader;
import dev.vigilant.rules.RuleSet;
import dev.vigilant.rules.RuleSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DetectionTest {
    private static final RuleSet RULES = RuleLoader.load(List.of(new RuleSource("test.drl", """
            package vigilant.test;
            rule "drop" @id("drop") @severity("warning") @description("d")
            when
                $w : FileOpen( write, file.path str[under] "/tmp" )
                $e : FileOpen( !write, file.path == $w.file.path, this after[0s,1s] $w )
            then
                alert( $w, $e );
            end
            rule "shadow" @id("shadow") @severity("warning") @description("d")
            when
                $e : FileOpen( write, file.path == "/etc/shadow" )
            then
                alert( $e );
            end
            """)));

    @Test
    void asksTheRulesOnlyAboutWhatTheyCouldWant() {
        Counters counters = new Counters();

        assertThat(alerts(counters, open(0, "/etc/shadow", 1), open(1, "/etc/passwd", 1), tick(2)))
                .containsExactly("shadow");
        assertThat(counters.get(Counter.EVENTS_GATED)).isEqualTo(1);
    }

    @Test
    void letsTimePassWithEventsThatNoRuleWants() {
        Counters counters = new Counters();
        KernelEvent drop = open(0, "/tmp/x", 1);
        KernelEvent later = open(3_000_000_000L, "/srv/y", 1);

        assertThat(alerts(counters, drop, open(900_000_000L, "/tmp/x", 0))).containsExactly("drop");
        // An event out of order, after time has gone on with one that no rule wants: the first is forgotten by then.
        assertThat(alerts(counters, drop, later, open(900_000_000L, "/tmp/x", 0)))
                .isEmpty();
        assertThat(counters.get(Counter.EVENTS_GATED)).isEqualTo(1);
    }

    private static List<String> alerts(Counters counters, KernelEvent... events) {
        List<String> alerts = new ArrayList<>();
        try (Detection detect = new Detection(RULES, 1, "node", counters);
                Pipeline pipeline = new Pipeline(
                        64,
                        List.of(
                                List.of(detect),
                                List.of((slot, end) -> slot.alerts()
                                        .forEach(a -> alerts.add(a.rule().id())))),
                        counters)) {
            for (KernelEvent event : events) {
                pipeline.event(event);
            }
        }
        return alerts;
    }

    private static FileOpen open(long nanos, String path, long flags) {
        return new FileOpen(
                Context.of(nanos, Origin.AUDIT, Actor.ofPid(7, 1)), FileTarget.ofPath(path), flags, 0, false);
    }

    private static ClockTick tick(long nanos) {
        return new ClockTick(Context.of(nanos, Origin.SENSOR, Actor.NONE));
    }
}
