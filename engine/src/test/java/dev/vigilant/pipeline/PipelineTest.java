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
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PipelineTest {
    private final Counters counters = new Counters();

    @Test
    void everyEventPassesAllStagesInOrder() {
        List<String> seen = Collections.synchronizedList(new ArrayList<>());
        Stage first = (slot, end) -> seen.add("a" + time(slot.event()));
        Stage second = (slot, end) -> seen.add("b" + time(slot.event()));
        try (Pipeline pipeline = new Pipeline(64, List.of(List.of(first), List.of(second)), counters)) {
            for (int i = 0; i < 1000; i++) {
                pipeline.event(tick(i));
            }
        }

        assertThat(seen.stream().filter(s -> s.startsWith("a"))).hasSize(1000);
        List<String> last = seen.stream().filter(s -> s.startsWith("b")).toList();
        for (int i = 0; i < 1000; i++) {
            assertThat(last.get(i)).isEqualTo("b" + i);
            assertThat(seen.indexOf("a" + i)).isLessThan(seen.indexOf("b" + i));
        }
    }

    @Test
    void aStageDoesNotKeepACoreBusyWhileItWaitsForASlowerOne() throws InterruptedException {
        CountDownLatch first = new CountDownLatch(1);
        List<Long> cpuNanos = Collections.synchronizedList(new ArrayList<>());
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        Stage slow = (slot, end) -> Thread.sleep(500);
        Stage fast = (slot, end) -> {
            cpuNanos.add(threads.getCurrentThreadCpuTime());
            first.countDown();
        };
        try (Pipeline pipeline = new Pipeline(8, List.of(List.of(slow), List.of(fast)), counters)) {
            pipeline.event(tick(1));
            first.await();
            pipeline.event(tick(2));
        }

        assertThat(cpuNanos).hasSize(2);
        assertThat(cpuNanos.get(1) - cpuNanos.get(0)).isLessThan(100_000_000L);
    }

    @Test
    void theProducerWaitsForRoomAndNothingIsLost() throws InterruptedException {
        CountDownLatch go = new CountDownLatch(1);
        List<Long> seen = Collections.synchronizedList(new ArrayList<>());
        Stage slow = (slot, end) -> {
            go.await();
            seen.add(time(slot.event()));
        };
        Pipeline pipeline = new Pipeline(64, List.of(List.of(slow)), counters);
        Thread producer = new Thread(() -> IntStream.range(0, 100).forEach(i -> pipeline.event(tick(i))));
        producer.start();
        while (pipeline.backlog() < 64) {
            Thread.onSpinWait();
        }
        assertThat(producer.isAlive()).isTrue();
        go.countDown();
        producer.join();
        pipeline.close();

        assertThat(seen)
                .containsExactlyElementsOf(LongStream.range(0, 100).boxed().toList());
    }

    @Test
    void aStageThatFailsOnOneEventGoesOnWithTheNext() {
        List<Long> seen = Collections.synchronizedList(new ArrayList<>());
        Stage failing = (slot, end) -> {
            if (time(slot.event()) == 3) {
                throw new IllegalStateException("broken");
            }
        };
        Stage after = (slot, end) -> seen.add(time(slot.event()));
        try (Pipeline pipeline = new Pipeline(64, List.of(List.of(failing), List.of(after)), counters)) {
            for (int i = 0; i < 10; i++) {
                pipeline.event(tick(i));
            }
        }

        assertThat(seen).hasSize(10);
        assertThat(counters.get(Counter.STAGE_ERRORS)).isEqualTo(1);
    }

    private static KernelEvent tick(long time) {
        return new ClockTick(Context.of(time, Origin.SENSOR, Actor.NONE));
    }

    private static long time(KernelEvent event) {
        return event.context().timeNanos();
    }
}
