// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.daemon;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vigilant.counter.Counter;
import dev.vigilant.pipeline.Latencies.Stretch;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;

/** A status in Prometheus' text format: the same counts, in its names and units. src/docs/metrics.md has them all. */
final class MetricsText {
    private static final Map<String, String> QUANTILES =
            Map.of("0.5", "p50", "0.9", "p90", "0.99", "p99", "0.999", "p999");

    private final StringBuilder out = new StringBuilder(1 << 14);
    private final JsonNode status;

    private MetricsText(JsonNode status) {
        this.status = status;
    }

    /** @param status as {@link Status#json} has it */
    static String of(JsonNode status) {
        MetricsText text = new MetricsText(status);
        text.counts();
        text.daemon();
        text.latencies();
        return text.out.toString();
    }

    private void counts() {
        for (Counter counter : Counter.values()) {
            type(counter.label() + "_total", "counter");
            sample(counter.label() + "_total", "", number(count(counter)));
        }
        type("events_total", "counter");
        status.path("events")
                .path("out")
                .properties()
                .forEach(kind -> sample("events_total", label("kind", kind.getKey()), number(kind.getValue())));
        type("alerts_total", "counter");
        status.path("alerts")
                .properties()
                .forEach(rule -> sample("alerts_total", label("rule", rule.getKey()), number(rule.getValue())));
        JsonNode costs = status.path("rules").path("costs");
        type("rule_conditions_asked_total", "counter");
        costs.properties()
                .forEach(rule -> sample(
                        "rule_conditions_asked_total",
                        label("rule", rule.getKey()),
                        number(rule.getValue().path("asked"))));
        type("rule_seconds_total", "counter");
        costs.properties()
                .forEach(rule -> sample(
                        "rule_seconds_total",
                        label("rule", rule.getKey()),
                        number(rule.getValue().path("seconds"))));
        type("suppressed_total", "counter");
        status.path("suppressed")
                .properties()
                .forEach(rule -> rule.getValue()
                        .properties()
                        .forEach(reason -> sample(
                                "suppressed_total",
                                label("rule", rule.getKey()) + ',' + label("reason", reason.getKey()),
                                number(reason.getValue()))));
    }

    private JsonNode count(Counter counter) {
        String label = counter.label();
        if (label.startsWith("rejected_")) {
            return status.path("records").path("rejected").path(label.substring("rejected_".length()));
        }
        if (label.startsWith("lost_")) {
            return status.path("events").path("lost").path(label.substring("lost_".length()));
        }
        return status.path("counters").path(label);
    }

    private void daemon() {
        JsonNode daemon = status.path("daemon");
        gauge("ready_timestamp_seconds", seconds(daemon.path("ready").asText()));
        gauge("resident_memory_bytes", number(daemon.path("resident_bytes")));
        gauge("heap_used_bytes", number(daemon.path("heap_used_bytes")));
        gauge("heap_max_bytes", number(daemon.path("heap_max_bytes")));
        type("cpu_seconds_total", "counter");
        sample("cpu_seconds_total", "", number(status.path("cpu_seconds")));
        gauge("rules", number(status.path("rules").path("running")));
        JsonNode reload = status.path("rules").path("last_reload");
        if (!reload.isMissingNode()) {
            gauge("last_reload_successful", reload.path("done").asBoolean() ? "1" : "0");
            gauge("last_reload_timestamp_seconds", seconds(reload.path("time").asText()));
        }
        gauge("ring_backlog", number(status.path("ring").path("backlog")));
        gauge("ring_slots", number(status.path("ring").path("slots")));
        type("sink_waiting_alerts", "gauge");
        for (JsonNode sink : status.path("sinks")) {
            sample("sink_waiting_alerts", label("sink", sink.path("sink").asText()), number(sink.path("waiting")));
        }
        gauge("undelivered_alerts", number(status.path("undelivered")));
    }

    private void latencies() {
        for (Stretch stretch : Stretch.values()) {
            JsonNode times = status.path("latency").path(stretch.label());
            if (times.isMissingNode()) {
                continue;
            }
            String name = stretch.label() + "_seconds";
            type(name, "summary");
            QUANTILES.keySet().stream()
                    .sorted()
                    .forEach(q ->
                            sample(name, label("quantile", q), number(times.path(String.valueOf(QUANTILES.get(q))))));
            sample(name + "_sum", "", number(times.path("sum")));
            sample(name + "_count", "", number(times.path("count")));
        }
    }

    private void gauge(String name, String value) {
        type(name, "gauge");
        sample(name, "", value);
    }

    private void type(String name, String type) {
        out.append("# TYPE vigilant_").append(name).append(' ').append(type).append('\n');
    }

    private void sample(String name, String labels, String value) {
        out.append("vigilant_").append(name);
        if (!labels.isEmpty()) {
            out.append('{').append(labels).append('}');
        }
        out.append(' ').append(value).append('\n');
    }

    private static String label(String name, String value) {
        return name + "=\"" + value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }

    private static String number(JsonNode value) {
        return value.isIntegralNumber() ? value.asText() : String.format(Locale.ROOT, "%.9f", value.asDouble());
    }

    private static String seconds(String time) {
        return String.format(Locale.ROOT, "%.3f", Instant.parse(time).toEpochMilli() / 1e3);
    }
}
