// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.detect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vigilant.counter.Counter;
import dev.vigilant.counter.Counters;
import dev.vigilant.detect.Detection.Handover;
import dev.vigilant.event.Actor;
import dev.vigilant.event.Context;
import dev.vigilant.event.FileOpen;
import dev.vigilant.event.FileTarget;
import dev.vigilant.event.Origin;
import dev.vigilant.pipeline.Pipeline;
import dev.vigilant.rules.RuleLoader;
import dev.vigilant.rules.RuleSet;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many changes of rules while events flow: {@code -Dvigilant.reloads=1000} for a long run, {@code -Dvigilant.rate=50000} for
 * events a second.
 */
class ReloadTest {
    private static final int RELOADS = Integer.getInteger("vigilant.reloads", 15);
    private static final int RATE = Integer.getInteger("vigilant.rate", 50_000);
    private static final int EACH = 100;
    private static final int WARM = Math.min(RELOADS / 2, 50);
    private static final String RULES = """
            package test;
            rule "chain" @id("chain") @severity("warning") @description("d")
            when
                $w : FileOpen( write, file.path str[startsWith] "/reload/" )
                $r : FileOpen( !write, file.path == $w.file.path, this after[0s,60s] $w )
            then
                alert( $w, $r );
            end
            rule "other" @id("other") @severity("warning") @description("d")
            when
                $o : FileOpen( file.path == "/other/%d" )
            then
                alert( $o );
            end
            """;

    @TempDir
    Path directory;

    private final AtomicLong alerts = new AtomicLong();
    private final AtomicLong sent = new AtomicLong();
    private final AtomicBoolean done = new AtomicBoolean();

    @Test
    void losesNothingAndLeaksNothing() throws Exception {
        Counters counters = new Counters();
        List<Handover> handovers = new ArrayList<>();
        long[] settled = new long[2];
        long start = System.nanoTime();
        try (Detection detect = new Detection(rules(0), 1, "node", counters);
                Pipeline pipeline = new Pipeline(
                        32_768,
                        List.of(
                                detect.judges(),
                                List.of(detect.teller()
                                        .with((slot, end) -> slot.alerts().forEach(alert -> {
                                            assertThat(alert.rule().id()).isEqualTo("chain");
                                            alerts.incrementAndGet();
                                        })))),
                        counters)) {
            Thread producer = new Thread(() -> produce(pipeline), "producer");
            producer.start();
            for (int i = 1; i <= RELOADS; i++) {
                handovers.add(detect.replace(rules(i)).get(60, TimeUnit.SECONDS));
                if (i == WARM) {
                    settled = memory();
                }
            }
            done.set(true);
            producer.join();
        }
        long[] after = memory();
        report(handovers, settled, after, System.nanoTime() - start);

        assertThat(counters.get(Counter.STAGE_ERRORS) + counters.get(Counter.RULE_ERRORS))
                .isZero();
        assertThat(alerts.get()).isEqualTo(sent.get() / EACH);
        // The chain's window of a minute of event time is remembered each time.
        assertThat(handovers.get(RELOADS - 1).kept()).isPositive();
        assertThat(after[0] - settled[0]).as("growth of metaspace").isLessThan(2 << 20);
        assertThat(after[1] - settled[1]).as("growth of the heap").isLessThan(32 << 20);
    }

    private RuleSet rules(int number) throws Exception {
        Path file = Files.writeString(directory.resolve("test.drl"), RULES.formatted(number));
        RuleSet rules = RuleLoader.builtInAnd(List.of(file));
        assertThat(rules.refused()).isEmpty();
        return rules;
    }

    /** Of each hundred events the first writes a file, and the last reads the one that was written last, once. */
    private void produce(Pipeline pipeline) {
        long began = System.nanoTime();
        long time = 1_790_000_000_000_000_000L;
        while (!done.get() || sent.get() % EACH != 0) {
            long n = sent.getAndIncrement();
            // A hundred events are a second of event time, so that a window of the chain holds sixty.
            time += 10_000_000L;
            int place = (int) (n % EACH);
            String path = place == 0 || place == EACH - 1 ? "/reload/" + n / EACH : "/srv/data/" + place;
            pipeline.event(new FileOpen(
                    Context.of(time, Origin.AUDIT, Actor.ofPid(7, 1)),
                    FileTarget.ofPath(path),
                    place == 0 ? 1 : 0,
                    0,
                    false));
            if (place == 0) {
                long ahead = n * 1_000_000_000L / RATE - (System.nanoTime() - began);
                if (ahead > 0) {
                    LockSupport.parkNanos(ahead);
                }
            }
        }
    }

    /** Metaspace and heap that are in use after a collection. */
    private static long[] memory() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        long metaspace = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getName().equals("Metaspace"))
                .mapToLong((MemoryPoolMXBean pool) -> pool.getUsage().getUsed())
                .sum();
        return new long[] {
            metaspace, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed()
        };
    }

    private void report(List<Handover> handovers, long[] settled, long[] after, long nanos) {
        long[] waits = handovers.stream().mapToLong(Handover::nanos).sorted().toArray();
        System.out.printf(
                "%d reloads in %.0f s, %,d events (%,.0f a second), %,d alerts; events waited p50 %.2f ms, max %.2f ms;"
                        + " metaspace %,d -> %,d, heap %,d -> %,d; kept %s%n",
                handovers.size(),
                nanos / 1e9,
                sent.get(),
                sent.get() / (nanos / 1e9),
                alerts.get(),
                waits[waits.length / 2] / 1e6,
                waits[waits.length - 1] / 1e6,
                settled[0],
                after[0],
                settled[1],
                after[1],
                Arrays.toString(
                        handovers.stream().mapToInt(Handover::kept).limit(5).toArray()));
    }
}
