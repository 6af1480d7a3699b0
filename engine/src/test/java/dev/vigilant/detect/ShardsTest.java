// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.detect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vigilant.alert.Alert;
import dev.vigilant.counter.Counter;
import dev.vigilant.counter.Counters;
import dev.vigilant.event.Actor;
import dev.vigilant.event.ClockTick;
import dev.vigilant.event.Container;
import dev.vigilant.event.Context;
import dev.vigilant.event.FileOpen;
import dev.vigilant.event.FileTarget;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.event.Origin;
import dev.vigilant.pipeline.Pipeline;
import dev.vigilant.pipeline.Slot;
import dev.vigilant.rules.RuleLoader;
import dev.vigilant.rules.RuleSet;
import dev.vigilant.rules.RuleSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShardsTest {
    private static final int EVENTS = 20_000;
    private static final RuleSet RULES = RuleLoader.load(List.of(new RuleSource("test.drl", """
            package test;
            rule "alone" @id("alone") @severity("warning") @description("d")
            when
                $o : FileOpen( file.path == "/f/1" )
            then
                alert( $o );
            end
            rule "own" @id("own") @severity("warning") @description("d")
            when
                $w : FileOpen( file.path str[under] "/f", write )
                $r : FileOpen( file.path str[under] "/f", !write, file.path == $w.file.path, container.id == $w.container.id, this after[0s,1ms] $w )
            then
                alert( $w, $r );
            end
            rule "host" @id("host") @severity("warning") @description("d")
            when
                $w : FileOpen( file.path str[under] "/f", write, container == null )
                $r : FileOpen( file.path str[under] "/f", !write, container == null, file.path == $w.file.path, this after[0s,1ms] $w )
            then
                alert( $w, $r );
            end
            rule "across" @id("across") @severity("warning") @description("d")
            when
                $w : FileOpen( file.path str[under] "/f", write, container != null )
                $r : FileOpen( file.path str[under] "/f", !write, container == null, file.path == $w.file.path, this after[0s,1ms] $w )
            then
                alert( $w, $r );
            end
            """)));

    @Test
    void allRulesOfTheTestAreSound() {
        assertThat(RULES.refused()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5})
    void tellTheSameAsOne(int shards) {
        Counters alone = new Counters();
        Counters shared = new Counters();
        List<Alert> expected = alerts(1, alone);
        List<Alert> told = alerts(shards, shared);

        assertThat(texts(told)).containsExactlyElementsOf(texts(expected));
        assertThat(told.stream().map(alert -> alert.rule().id()).distinct())
                .containsExactlyInAnyOrder("alone", "own", "host", "across");
        assertThat(told.stream().map(Alert::sequence))
                .containsExactlyElementsOf(IntStream.rangeClosed(1, told.size())
                        .mapToObj(i -> (long) i)
                        .toList());
        for (Counter counter : Counter.values()) {
            assertThat(shared.get(counter)).as(counter.label()).isEqualTo(alone.get(counter));
        }
        assertThat(shared.get(Counter.EVENTS_GATED)).isPositive();
    }

    @Test
    void eachHandsOverWhatItRemembers() {
        Container container = Container.undescribed("a".repeat(64), "docker");
        try (Detection detection = new Detection(RULES, 3, "node", new Counters())) {
            judged(detection, open(0, "/f/7", 1, container));
            judged(detection, open(0, "/f/8", 1, null));
            CompletableFuture<Detection.Handover> handover = detection.replace(RULES);
            assertThat(judged(detection, open(500_000, "/f/7", 0, container))).containsExactly("own");
            assertThat(judged(detection, open(500_000, "/f/7", 0, null))).containsExactly("across");
            assertThat(judged(detection, open(500_000, "/f/8", 0, null))).containsExactly("host");
            // Both writes are remembered where they belong, and the container's one by the rules across containers too.
            assertThat(handover.join().kept()).isEqualTo(3);
        }
    }

    private static List<String> judged(Detection detection, FileOpen open) {
        Slot slot = Slot.of(open);
        detection.on(slot, true);
        return slot.alerts().stream().map(alert -> alert.rule().id()).toList();
    }

    private static List<Alert> alerts(int shards, Counters counters) {
        List<Alert> alerts = new ArrayList<>();
        try (Detection detection = new Detection(RULES, shards, "node", counters);
                Pipeline pipeline = new Pipeline(
                        256,
                        List.of(
                                detection.judges(),
                                List.of(detection.teller().with((slot, end) -> alerts.addAll(slot.alerts())))),
                        counters)) {
            events().forEach(pipeline::event);
        }
        return alerts;
    }

    /** In the order in which they were told; those about one event in any. */
    private static List<String> texts(List<Alert> alerts) {
        List<String> texts = new ArrayList<>();
        List<String> same = new ArrayList<>();
        KernelEvent event = null;
        for (Alert alert : alerts) {
            if (alert.event() != event && event != null) {
                texts.addAll(same.stream().sorted().toList());
                same.clear();
            }
            event = alert.event();
            same.add(alert.rule().id()
                    + alert.evidence().stream()
                            .map(e -> e.context().timeNanos())
                            .toList());
        }
        texts.addAll(same.stream().sorted().toList());
        return texts;
    }

    private static List<KernelEvent> events() {
        Random random = new Random(11);
        List<KernelEvent> events = new ArrayList<>();
        List<Container> containers = IntStream.range(0, 7)
                .mapToObj(i -> Container.undescribed(("" + i).repeat(64), "docker"))
                .toList();
        for (int i = 0; i < EVENTS; i++) {
            long nanos = i * 100_000L;
            if (random.nextInt(50) == 0) {
                events.add(new ClockTick(Context.of(nanos, Origin.SENSOR, Actor.NONE)));
                continue;
            }
            int chosen = random.nextInt(9);
            events.add(open(
                    nanos,
                    (random.nextInt(10) == 0 ? "/g/" : "/f/") + random.nextInt(30),
                    random.nextInt(3) == 0 ? 1 : 0,
                    chosen < 7 ? containers.get(chosen) : null));
        }
        return events;
    }

    private static FileOpen open(long nanos, String path, long flags, Container container) {
        FileOpen open = new FileOpen(
                Context.of(nanos, Origin.AUDIT, Actor.ofPid(7, 1)), FileTarget.ofPath(path), flags, 0, false);
        open.context().identify(null, container);
        return open;
    }
}
