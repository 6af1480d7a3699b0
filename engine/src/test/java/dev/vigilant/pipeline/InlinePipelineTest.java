// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vigilant.counter.Counter;
import dev.vigilant.counter.Counters;
import dev.vigilant.event.Actor;
import dev.vigilant.event.ClockTick;
import dev.vigilant.event.Context;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.event.Origin;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InlinePipelineTest {
    private final Counters counters = new Counters();
    private final List<String> seen = new ArrayList<>();

    private Stage noting(String name) {
        return (slot, end) -> seen.add(name + slot.event().context().timeNanos() + (end ? "." : ""));
    }

    @Test
    void anEventPassesAllStagesBeforeTheNextAndTheLastEndsTheBatch() {
        try (InlinePipeline pipeline = new InlinePipeline(List.of(noting("a"), noting("b")), counters)) {
            for (int i = 0; i < 3; i++) {
                pipeline.event(tick(i));
            }
        }

        assertThat(seen).containsExactly("a0", "b0", "a1", "b1", "a2.", "b2.");
    }

    @Test
    void aLongStreamHasBatchesThatEnd() {
        try (InlinePipeline pipeline = new InlinePipeline(List.of(noting("a")), counters)) {
            for (int i = 0; i < 10_000; i++) {
                pipeline.event(tick(i));
            }
        }

        assertThat(seen).hasSize(10_000);
        assertThat(seen.stream().filter(s -> s.endsWith("."))).hasSize(10);
    }

    @Test
    void withoutEventsNoStageRuns() {
        new InlinePipeline(List.of(noting("a")), counters).close();

        assertThat(seen).isEmpty();
    }

    @Test
    void aStageThatFailsKeepsNeitherTheOthersNorTheNextEvent() {
        Stage failing = (slot, end) -> {
            if (slot.event().context().timeNanos() == 1) {
                throw new IllegalStateException("broken");
            }
        };
        try (InlinePipeline pipeline = new InlinePipeline(List.of(failing, noting("a")), counters)) {
            for (int i = 0; i < 3; i++) {
                pipeline.event(tick(i));
            }
        }

        assertThat(seen).containsExactly("a0", "a1", "a2.");
        assertThat(counters.get(Counter.STAGE_ERRORS)).isEqualTo(1);
    }

    private static KernelEvent tick(long time) {
        return new ClockTick(Context.of(time, Origin.SENSOR, Actor.NONE));
    }
}
