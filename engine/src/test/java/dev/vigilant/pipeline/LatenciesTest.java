// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vigilant.alert.Alert;
import dev.vigilant.alert.RuleDescription;
import dev.vigilant.counter.Counters;
import dev.vigilant.detect.Detection;
import dev.vigilant.event.Actor;
import dev.vigilant.event.ClockTick;
import dev.vigilant.event.Context;
import dev.vigilant.event.FileOpen;
import dev.vigilant.event.FileTarget;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.event.Origin;
import dev.vigilant.pipeline.Latencies.Distribution;
import dev.vigilant.pipeline.Latencies.Stretch;
import dev.vigilant.rules.RuleLoader;
import dev.vigilant.rules.RuleSource;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class LatenciesTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final String RULE = """
            package t;
            rule "shadow" @id("shadow") @severity("warning") @description("d")
            when
                $e : FileOpen( file.path == "/etc/shadow" )
            then
                alert( $e );
            end
            """;

    private final Latencies latencies = new Latencies();

    @Test
    void timesEachEventThatRaisedAnAlertAndOneIn64OfTheOthers() {
        Counters counters = new Counters();
        try (Detection detect =
                        new Detection(RuleLoader.load(List.of(new RuleSource("t.drl", RULE))), 1, "node", counters);
                Pipeline pipeline = new Pipeline(
                        64,
                        List.of(
                                List.of(detect.with(latencies.decided())),
                                List.of(((Stage) (slot, end) ->
                                                Thread.sleep(slot.alerts().isEmpty() ? 0 : 100))
                                        .with(latencies.delivered()))),
                        counters)) {
            pipeline.event(open("/etc/shadow", 2 * SECOND));
            for (int i = 0; i < 640; i++) {
                pipeline.event(open("/etc/passwd", 0));
            }
            pipeline.event(open("/etc/shadow", 4 * SECOND));
        }

        Distribution decisions = latencies.distributions().get(Stretch.EVENT_TO_DECISION);
        assertThat(decisions.count()).isEqualTo(12);
        assertThat(decisions.p50Nanos()).isLessThan(SECOND);
        assertThat(decisions.maxNanos()).isBetween(4 * SECOND, 6 * SECOND);
        Distribution deliveries = latencies.distributions().get(Stretch.EVENT_TO_SINK);
        assertThat(deliveries.count()).isEqualTo(2);
        assertThat(deliveries.p50Nanos()).isBetween(2 * SECOND + SECOND / 11, 4 * SECOND);
        assertThat(latencies.distributions()).doesNotContainKey(Stretch.DECISION_TO_ACK);
    }

    @Test
    void isWithinOnePercentAndKeepsWhatWasReadBefore() throws Exception {
        Stage delivered = latencies.delivered();
        for (int i = 1; i <= 1000; i++) {
            latencies.acknowledged(TimeUnit.MILLISECONDS.toNanos(i));
            if (i % 100 == 0) {
                latencies.distributions();
            }
        }
        Slot slot = Slot.of(open("/x", 0));
        slot.alerts().add(alert(slot.event()));
        slot.alerts().add(alert(slot.event()));
        delivered.on(slot, true);

        Distribution acks = latencies.distributions().get(Stretch.DECISION_TO_ACK);
        assertThat(acks.count()).isEqualTo(1000);
        assertThat(acks.p50Nanos() / 1e6).isBetween(495.0, 506.0);
        assertThat(acks.p99Nanos() / 1e6).isBetween(980.0, 1001.0);
        assertThat(acks.sumNanos() / 1e9).isBetween(495.0, 506.0);
        assertThat(latencies.distributions().get(Stretch.EVENT_TO_SINK).count()).isEqualTo(2);
    }

    @Test
    void takesWhatNoClockCouldTellWithoutAWord() throws Exception {
        Stage decided = latencies.decided();
        Slot ahead = Slot.of(open("/x", -3600 * SECOND));
        ahead.alerts().add(alert(ahead.event()));
        decided.on(ahead, true);
        Slot old = Slot.of(
                new FileOpen(Context.of(1, Origin.AUDIT, Actor.ofPid(7, 1)), FileTarget.ofPath("/x"), 0, 0, false));
        old.alerts().add(alert(old.event()));
        decided.on(old, true);
        Slot tick = Slot.of(new ClockTick(Context.of(1, Origin.SENSOR, Actor.NONE)));
        for (int i = 0; i < 64; i++) {
            decided.on(tick, true);
        }

        Distribution decisions = latencies.distributions().get(Stretch.EVENT_TO_DECISION);
        assertThat(decisions.count()).isEqualTo(2);
        assertThat(decisions.p50Nanos()).isLessThan(1024);
        assertThat(decisions.maxNanos()).isCloseTo(24 * 3600 * SECOND, Percentage.withPercentage(1));
    }

    private static KernelEvent open(String path, long agoNanos) {
        Instant now = Instant.now();
        long nanos = now.getEpochSecond() * SECOND + now.getNano() - agoNanos;
        return new FileOpen(Context.of(nanos, Origin.AUDIT, Actor.ofPid(7, 1)), FileTarget.ofPath(path), 0, 0, false);
    }

    private static Alert alert(KernelEvent event) {
        RuleDescription rule = RuleLoader.load(List.of(new RuleSource("t.drl", RULE)))
                .describe()
                .get(0);
        return new Alert("id", 1, rule, "m", event, List.of(event), 0, new Alert.Coverage(0, false, true));
    }
}
