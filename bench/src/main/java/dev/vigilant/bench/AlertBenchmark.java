// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.bench;

import dev.vigilant.alert.Alert;
import dev.vigilant.alert.EcsJson;
import dev.vigilant.alert.Host;
import dev.vigilant.bpf.RecordDecoder;
import dev.vigilant.container.ContainerLookup;
import dev.vigilant.counter.Counters;
import dev.vigilant.detect.Detection;
import dev.vigilant.enrich.Enricher;
import dev.vigilant.pipeline.Slot;
import dev.vigilant.rules.RuleLoader;
import java.util.ArrayList;
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
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** Alerts of a busy node's stream as the documents that go to sinks; figures are per alert. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class AlertBenchmark {
    private static final int ALERTS = 200;

    private final EcsJson json = new EcsJson(new Host("node", "id", "6.18", "x86_64"));
    private final List<Alert> alerts = new ArrayList<>();

    @Setup
    public void detect() throws Exception {
        Counters counters = new Counters();
        Enricher enricher = new Enricher(ContainerLookup.NONE);
        try (Detection detection = new Detection(RuleLoader.builtIn(), 1, "node", counters)) {
            RecordDecoder decoder = new RecordDecoder(
                    event -> {
                        enricher.enrich(event);
                        Slot slot = Slot.of(event);
                        detection.on(slot, true);
                        alerts.addAll(slot.alerts());
                    },
                    counters,
                    false);
            EventFrames frames = new EventFrames();
            EventStream stream = new EventStream(frames, 1);
            while (alerts.size() < ALERTS) {
                stream.make(EventFrames.ROOM);
                frames.drain(decoder);
            }
        }
        alerts.subList(ALERTS, alerts.size()).clear();
    }

    @Benchmark
    @OperationsPerInvocation(ALERTS)
    public void document(Blackhole hole) {
        for (Alert alert : alerts) {
            hole.consume(json.alert(alert));
        }
    }
}
