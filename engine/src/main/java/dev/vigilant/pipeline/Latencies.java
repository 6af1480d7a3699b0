// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.pipeline;

import dev.vigilant.event.EventKind;
import dev.vigilant.event.KernelEvent;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.HdrHistogram.SingleWriterRecorder;

/**
 * How long the road takes, by stretch, since the start; within 1 %.
 *
 * <h2>Sampling</h2>
 *
 * An event that raised an alert is always timed, of the others each 64th: clock and histogram take 28 ns, which is 2 ns an event
 * then. A time stamp that is ahead of the wall clock counts as no time at all.
 *
 * <p>Threading: one thread for each stage, any for {@link #acknowledged} and {@link #distributions}. Allocation: none but by
 * who reads.
 */
public final class Latencies {
    private static final int SAMPLE_MASK = 63;
    private static final int DIGITS = 2;
    private static final long LEAST_NANOS = 1000;
    private static final long MOST_NANOS = TimeUnit.DAYS.toNanos(1);

    /** From where to where. */
    public enum Stretch {
        /** From the kernel's time stamp of an event to the rules having decided on it. */
        EVENT_TO_DECISION,
        /** From the kernel's time stamp of an event to its alerts having been given to every sink. */
        EVENT_TO_SINK,
        /** From a rule having fired to Kafka having acknowledged the alert; outages and restarts included. */
        DECISION_TO_ACK;

        /** Name in summaries: lower case. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A stretch so far.
     *
     * @param count how many were timed
     * @param sumNanos all of them together
     * @param maxNanos the longest, at most a day
     */
    public record Distribution(
            long count, double sumNanos, long p50Nanos, long p90Nanos, long p99Nanos, long p999Nanos, long maxNanos) {
        private static Distribution of(Histogram all) {
            long count = all.getTotalCount();
            return new Distribution(
                    count,
                    all.getMean() * count,
                    all.getValueAtPercentile(50),
                    all.getValueAtPercentile(90),
                    all.getValueAtPercentile(99),
                    all.getValueAtPercentile(99.9),
                    all.getMaxValue());
        }
    }

    private final SingleWriterRecorder decisions = new SingleWriterRecorder(LEAST_NANOS, MOST_NANOS, DIGITS);
    private final SingleWriterRecorder deliveries = new SingleWriterRecorder(LEAST_NANOS, MOST_NANOS, DIGITS);
    private final Recorder acknowledgements = new Recorder(LEAST_NANOS, MOST_NANOS, DIGITS);
    private final Map<Stretch, Histogram> totals = new EnumMap<>(Stretch.class);

    /** What follows the detecting stage, on its thread. */
    public Stage decided() {
        WallClock clock = new WallClock();
        return new Stage() {
            private int passed;

            @Override
            public void on(Slot slot, boolean endOfBatch) {
                if ((++passed & SAMPLE_MASK) == 0 || !slot.alerts().isEmpty()) {
                    KernelEvent event = slot.event();
                    if (event.kind() != EventKind.CLOCK_TICK) {
                        decisions.recordValue(
                                bounded(clock.now() - event.context().timeNanos()));
                    }
                }
            }
        };
    }

    /** What follows the delivering stage, on its thread. */
    public Stage delivered() {
        WallClock clock = new WallClock();
        return (slot, endOfBatch) -> {
            if (!slot.alerts().isEmpty()) {
                long nanos = clock.now() - slot.event().context().timeNanos();
                deliveries.recordValueWithCount(bounded(nanos), slot.alerts().size());
            }
        };
    }

    /** Takes the time of an alert that Kafka acknowledged, in nanoseconds from its decision on. */
    public void acknowledged(long nanos) {
        acknowledgements.recordValue(bounded(nanos));
    }

    private static long bounded(long nanos) {
        return Math.min(Math.max(nanos, 0), MOST_NANOS);
    }

    /** What was timed so far, without stretches on which nothing was. */
    public synchronized Map<Stretch, Distribution> distributions() {
        total(Stretch.EVENT_TO_DECISION).add(decisions.getIntervalHistogram());
        total(Stretch.EVENT_TO_SINK).add(deliveries.getIntervalHistogram());
        total(Stretch.DECISION_TO_ACK).add(acknowledgements.getIntervalHistogram());
        Map<Stretch, Distribution> timed = new EnumMap<>(Stretch.class);
        totals.forEach((stretch, all) -> {
            if (all.getTotalCount() > 0) {
                timed.put(stretch, Distribution.of(all));
            }
        });
        return timed;
    }

    private Histogram total(Stretch stretch) {
        return totals.computeIfAbsent(stretch, s -> new Histogram(LEAST_NANOS, MOST_NANOS, DIGITS));
    }
}
