// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.bench;

import dev.vigilant.bpf.RecordDecoder;
import dev.vigilant.container.ContainerLookup;
import dev.vigilant.counter.Counter;
import dev.vigilant.counter.Counters;
import dev.vigilant.detect.Detection;
import dev.vigilant.enrich.Enricher;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.pipeline.Slot;
import dev.vigilant.rules.RuleLoader;
import dev.vigilant.rules.RulePacks;
import dev.vigilant.rules.RuleSet;
import dev.vigilant.rules.RuleSource;
import dev.vigilant.source.EventSink;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a record of the made stream costs on its way to the alert, in CPU time of one thread, with the built-in rules and with more
 * of them in Falco's style beside: see bench/README.md. Each line is the quickest of several rounds.
 *
 * <p>{@code java -cp bench/target/bench.jar dev.vigilant.bench.StreamBenchmark [RECORDS [RULES]]}
 */
public final class StreamBenchmark {
    private static final int ROUNDS = 5;

    private final int records;
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

    private StreamBenchmark(int records) {
        this.records = records;
    }

    /** What gets the events in one round. */
    private interface Stages extends EventSink, AutoCloseable {
        @Override
        default void close() {}
    }

    /** Makes what gets the events. */
    @FunctionalInterface
    private interface Maker {
        Stages make(Counters counters);
    }

    /** Measures all. */
    public static void main(String[] args) {
        int records = args.length > 0 ? Integer.parseInt(args[0]) : 2_000_000;
        int most = args.length > 1 ? Integer.parseInt(args[1]) : 1_000;
        new StreamBenchmark(records).run(RuleLoader.builtIn(), most);
    }

    private void run(RuleSet builtIn, int most) {
        List<RuleSource> sources = new ArrayList<>(RulePacks.builtIn());
        sources.add(MoreRules.source(most - builtIn.rules().size()));
        RuleSet more = RuleLoader.load(sources);
        measure("decode", counters -> event -> {});
        measure("decode, enrich", counters -> new Enricher(ContainerLookup.NONE)::enrich);
        measure("all, " + builtIn.rules().size() + " rules", counters -> new Detecting(builtIn, counters));
        measure("all, " + more.rules().size() + " rules", counters -> new Detecting(more, counters));
        measure("Drools alone, " + builtIn.rules().size() + " rules", counters -> new Alone(builtIn, counters));
    }

    private void measure(String what, Maker maker) {
        double best = Double.MAX_VALUE;
        Counters counters = new Counters();
        for (int round = 0; round < ROUNDS; round++) {
            counters = new Counters();
            best = Math.min(best, round(maker, counters));
        }
        System.out.printf(
                Locale.ROOT,
                "%-30s %6.3f us of CPU a record; of %,d records %.1f %% were gated, %.2f %% made an alert%n",
                what,
                best,
                counters.get(Counter.BPF_RECORDS_IN),
                100.0 * counters.get(Counter.EVENTS_GATED) / counters.get(Counter.BPF_RECORDS_IN),
                100.0 * counters.get(Counter.ALERTS_RAISED) / counters.get(Counter.BPF_RECORDS_IN));
    }

    /** Microseconds a record. Making the records is not counted. */
    private double round(Maker maker, Counters counters) {
        long spent = 0;
        try (Stages stages = maker.make(counters)) {
            RecordDecoder decoder = new RecordDecoder(stages, counters, false);
            EventFrames frames = new EventFrames();
            EventStream stream = new EventStream(frames, 1);
            for (int made = 0; made < records; made += EventFrames.ROOM) {
                stream.make(EventFrames.ROOM);
                long start = threads.getCurrentThreadCpuTime();
                frames.drain(decoder);
                spent += threads.getCurrentThreadCpuTime() - start;
            }
        }
        return spent / 1e3 / counters.get(Counter.BPF_RECORDS_IN);
    }

    /** Enrichment and detection as in the daemon. */
    private static final class Detecting implements Stages {
        private final Enricher enricher = new Enricher(ContainerLookup.NONE);
        private final Detection detection;

        Detecting(RuleSet rules, Counters counters) {
            this.detection = new Detection(rules, 1, "node", counters);
        }

        @Override
        public void event(KernelEvent event) {
            enricher.enrich(event);
            detection.on(Slot.of(event), true);
        }

        @Override
        public void close() {
            detection.close();
        }
    }

    /** Every event goes to Drools. */
    private static final class Alone implements Stages {
        private final Enricher enricher = new Enricher(ContainerLookup.NONE);
        private final BareSession session;
        private final Counters counters;

        Alone(RuleSet rules, Counters counters) {
            this.session = new BareSession(rules);
            this.counters = counters;
        }

        @Override
        public void event(KernelEvent event) {
            enricher.enrich(event);
            session.offer(event);
        }

        @Override
        public void close() {
            counters.add(Counter.ALERTS_RAISED, session.matches());
            session.close();
        }
    }
}
