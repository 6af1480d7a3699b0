// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.bench;

import dev.vigilant.counter.Counters;
import dev.vigilant.event.Actor;
import dev.vigilant.event.ClockTick;
import dev.vigilant.event.Context;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.event.Origin;
import dev.vigilant.pipeline.Pipeline;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Events through the ring to a stage that does nothing on a thread of its own; figures are per event. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class RingBenchmark {
    private static final int EVENTS = 100_000;

    private final KernelEvent event = new ClockTick(Context.of(1, Origin.SENSOR, Actor.NONE));
    private Pipeline pipeline;

    @Setup
    public void start() {
        pipeline = new Pipeline(32_768, List.of(List.of((slot, end) -> {})), new Counters());
    }

    @TearDown
    public void stop() {
        pipeline.close();
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void handOver() {
        for (int i = 0; i < EVENTS; i++) {
            pipeline.event(event);
        }
        while (pipeline.backlog() > 0) {
            Thread.onSpinWait();
        }
    }
}
