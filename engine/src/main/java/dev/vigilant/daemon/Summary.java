// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.daemon;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vigilant.counter.Counter;
import dev.vigilant.counter.Counters;
import dev.vigilant.event.EventKind;
import dev.vigilant.pipeline.Latencies.Distribution;
import dev.vigilant.pipeline.Latencies.Stretch;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/** What a run or a replay did: everything that came in is accounted for. */
final class Summary {
    private final Counters counters;
    private final Map<EventKind, Long> events;
    private final Map<String, Long> alerts;
    private final Map<String, Map<String, Long>> suppressed;
    private final Map<Stretch, Distribution> latencies;
    private final long startNanos;

    /**
     * @param events events by kind
     * @param alerts alerts by rule id
     * @param suppressed alerts that were kept back, by rule id and reason
     * @param latencies how long it took
     * @param startNanos {@link System#nanoTime} at the start
     */
    Summary(
            Counters counters,
            Map<EventKind, Long> events,
            Map<String, Long> alerts,
            Map<String, Map<String, Long>> suppressed,
            Map<Stretch, Distribution> latencies,
            long startNanos) {
        this.counters = counters;
        this.events = events;
        this.alerts = alerts;
        this.suppressed = suppressed;
        this.latencies = latencies;
        this.startNanos = startNanos;
    }

    /** Records that came in and became neither part of an event nor a counted rejection; 0 unless there is a bug. */
    long unaccounted() {
        long out = counters.get(Counter.RECORDS_IN_EVENTS);
        for (Counter counter : Counter.values()) {
            if (counter.name().startsWith("REJECTED_")) {
                out += counters.get(counter);
            }
        }
        return counters.get(Counter.RECORDS_IN) - out;
    }

    /** Alerts that a sink did not take; with several sinks, each counts. */
    long undelivered() {
        return counters.get(Counter.ALERTS_LOST_SINK_BROKEN)
                + counters.get(Counter.ALERTS_LOST_SPOOL_FULL)
                + counters.get(Counter.ALERTS_UNDELIVERABLE);
    }

    ObjectNode json() {
        ObjectNode root = new ObjectMapper().createObjectNode();
        ObjectNode records = root.putObject("records");
        records.put("in", counters.get(Counter.RECORDS_IN));
        records.put("in_events", counters.get(Counter.RECORDS_IN_EVENTS));
        records.put("unaccounted", unaccounted());
        ObjectNode rejected = records.putObject("rejected");
        ObjectNode eventsNode = root.putObject("events");
        ObjectNode out = eventsNode.putObject("out");
        events.forEach((kind, count) -> out.put(kind.label(), count));
        eventsNode.put("incomplete", counters.get(Counter.EVENTS_INCOMPLETE));
        ObjectNode lost = eventsNode.putObject("lost");
        ObjectNode rest = root.putObject("counters");
        for (Counter counter : Counter.values()) {
            long count = counters.get(counter);
            if (counter.name().startsWith("REJECTED_")) {
                rejected.put(counter.label().substring("rejected_".length()), count);
            } else if (counter.name().startsWith("LOST_")) {
                lost.put(counter.label().substring("lost_".length()), count);
            } else {
                rest.put(counter.label(), count);
            }
        }
        ObjectNode byRule = root.putObject("alerts");
        alerts.forEach(byRule::put);
        ObjectNode keptBack = root.putObject("suppressed");
        suppressed.forEach((rule, reasons) -> reasons.forEach(keptBack.withObject("/" + rule)::put));
        latency(root.putObject("latency"));
        root.put("wall_seconds", (System.nanoTime() - startNanos) / 1e9);
        root.put("cpu_seconds", cpu().toNanos() / 1e9);
        root.put("peak_heap_bytes", peakHeap());
        return root;
    }

    /** In seconds, as other durations of the summary. */
    private void latency(ObjectNode node) {
        latencies.forEach((stretch, times) -> {
            ObjectNode one = node.putObject(stretch.label());
            one.put("count", times.count());
            one.put("sum", times.sumNanos() / 1e9);
            one.put("p50", times.p50Nanos() / 1e9);
            one.put("p90", times.p90Nanos() / 1e9);
            one.put("p99", times.p99Nanos() / 1e9);
            one.put("p999", times.p999Nanos() / 1e9);
            one.put("max", times.maxNanos() / 1e9);
        });
    }

    private static Duration cpu() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    }

    private static long peakHeap() {
        long peak = 0;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            if (pool.getType() == MemoryType.HEAP) {
                peak += pool.getPeakUsage().getUsed();
            }
        }
        return peak;
    }

    /** @throws IOException when the file cannot be written */
    void write(Path file) throws IOException {
        byte[] bytes =
                new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsBytes(json());
        Files.write(file, bytes);
    }

    /** One paragraph for a person. */
    String text() {
        long rejected = counters.get(Counter.RECORDS_IN) - counters.get(Counter.RECORDS_IN_EVENTS) - unaccounted();
        long lost = 0;
        for (Counter counter : Counter.values()) {
            lost += counter.name().startsWith("LOST_") ? counters.get(counter) : 0;
        }
        long total = events.values().stream().mapToLong(Long::longValue).sum();
        long raised = alerts.values().stream().mapToLong(Long::longValue).sum();
        long undelivered = undelivered();
        long keptBack = counters.get(Counter.ALERTS_SUPPRESSED);
        return String.format(
                Locale.ROOT,
                "vigilant: %,d records in = %,d in events + %,d rejected + %,d unaccounted; %,d events (%,d incomplete, "
                        + "%,d gated), %,d lost; %,d alerts by %d rules%s%s; %.1f s wall, %.1f s CPU, %d MiB peak heap",
                counters.get(Counter.RECORDS_IN),
                counters.get(Counter.RECORDS_IN_EVENTS),
                rejected,
                unaccounted(),
                total,
                counters.get(Counter.EVENTS_INCOMPLETE),
                counters.get(Counter.EVENTS_GATED),
                lost,
                raised,
                alerts.size(),
                keptBack == 0 ? "" : String.format(Locale.ROOT, ", %,d suppressed", keptBack),
                undelivered == 0 ? "" : String.format(Locale.ROOT, ", %,d not delivered", undelivered),
                (System.nanoTime() - startNanos) / 1e9,
                cpu().toMillis() / 1e3,
                peakHeap() >> 20);
    }
}
