// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.daemon;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A status for people: what is zero is left out where it says nothing. */
final class StatusText {
    private static final int DEAREST = 10;

    private final StringBuilder out = new StringBuilder();
    private final JsonNode status;

    private StatusText(JsonNode status) {
        this.status = status;
    }

    /** @param status as {@link Status#json} has it */
    static String of(JsonNode status) {
        StatusText text = new StatusText(status);
        text.daemon();
        text.events();
        text.alerts();
        text.latency();
        return text.out.toString().stripTrailing();
    }

    private void daemon() {
        JsonNode daemon = status.path("daemon");
        line(
                "daemon",
                String.format(
                        Locale.ROOT,
                        "pid %d, up %s, %.1f s CPU, %d MiB resident, heap %d of %d MiB",
                        daemon.path("pid").asLong(),
                        duration(status.path("wall_seconds").asDouble()),
                        status.path("cpu_seconds").asDouble(),
                        daemon.path("resident_bytes").asLong() >> 20,
                        daemon.path("heap_used_bytes").asLong() >> 20,
                        daemon.path("heap_max_bytes").asLong() >> 20));
        line(
                "sensor",
                String.format(
                        Locale.ROOT,
                        "%s",
                        status.path("sensor").path("description").asText()));
        status.path("sensor")
                .path("cannot_see")
                .forEach(blind -> line("", String.format(Locale.ROOT, "cannot see %s", blind.asText())));
        line(
                "rules",
                String.format(
                        Locale.ROOT,
                        "%d run",
                        status.path("rules").path("running").asLong()));
        JsonNode reload = status.path("rules").path("last_reload");
        if (!reload.isMissingNode()) {
            line(
                    "",
                    String.format(
                            Locale.ROOT,
                            "%s: %s",
                            reload.path("time").asText(),
                            reload.path("message").asText()));
        }
        costs(status.path("rules").path("costs"));
        line(
                "ring",
                String.format(
                        Locale.ROOT,
                        "%,d of %,d slots wait",
                        status.path("ring").path("backlog").asLong(),
                        status.path("ring").path("slots").asLong()));
    }

    private void costs(JsonNode costs) {
        List<Map.Entry<String, JsonNode>> dearest = new ArrayList<>(costs.properties());
        dearest.sort(Comparator.comparingDouble(
                rule -> -rule.getValue().path("seconds").asDouble()));
        dearest.stream()
                .limit(DEAREST)
                .forEach(rule -> line(
                        "",
                        String.format(
                                Locale.ROOT,
                                "%10.3f s  %s, conditions asked %,d times",
                                rule.getValue().path("seconds").asDouble(),
                                rule.getKey(),
                                rule.getValue().path("asked").asLong())));
    }

    private void events() {
        JsonNode events = status.path("events");
        line(
                "events",
                String.format(
                        Locale.ROOT,
                        "%,d; %,d of them gated, %,d incomplete",
                        sum(events.path("out")),
                        status.path("counters").path("events_gated").asLong(),
                        events.path("incomplete").asLong()));
        table(events.path("out"));
        line("lost", String.format(Locale.ROOT, "%,d", sum(events.path("lost"))));
        table(events.path("lost"));
        long rejected = sum(status.path("records").path("rejected"));
        if (rejected > 0) {
            line("rejected", String.format(Locale.ROOT, "%,d records", rejected));
            table(status.path("records").path("rejected"));
        }
    }

    private void alerts() {
        line("alerts", String.format(Locale.ROOT, "%,d", sum(status.path("alerts"))));
        table(status.path("alerts"));
        long suppressed = status.path("counters").path("alerts_suppressed").asLong();
        if (suppressed > 0) {
            line("suppressed", String.format(Locale.ROOT, "%,d", suppressed));
            status.path("suppressed")
                    .properties()
                    .forEach(rule -> rule.getValue()
                            .properties()
                            .forEach(reason -> line(
                                    "",
                                    String.format(
                                            Locale.ROOT,
                                            "%,10d  %s: %s",
                                            reason.getValue().asLong(),
                                            rule.getKey(),
                                            reason.getKey()))));
        }
        for (JsonNode sink : status.path("sinks")) {
            line(
                    "sink",
                    String.format(
                            Locale.ROOT,
                            "%s: %,d wait",
                            sink.path("sink").asText(),
                            sink.path("waiting").asLong()));
        }
        if (status.path("undelivered").asLong() > 0) {
            line(
                    "undelivered",
                    String.format(Locale.ROOT, "%,d", status.path("undelivered").asLong()));
        }
    }

    private void latency() {
        status.path("latency").properties().forEach(stretch -> {
            JsonNode times = stretch.getValue();
            line(
                    "latency",
                    String.format(
                            Locale.ROOT,
                            "%s: p50 %s, p90 %s, p99 %s, p99.9 %s, longest %s (%,d timed)",
                            stretch.getKey().replace('_', ' '),
                            millis(times.path("p50")),
                            millis(times.path("p90")),
                            millis(times.path("p99")),
                            millis(times.path("p999")),
                            millis(times.path("max")),
                            times.path("count").asLong()));
        });
    }

    private void table(JsonNode counts) {
        List<Map.Entry<String, JsonNode>> rows = new ArrayList<>(counts.properties());
        rows.removeIf(row -> row.getValue().asLong() == 0);
        rows.sort(Comparator.comparingLong(row -> -row.getValue().asLong()));
        rows.forEach(row ->
                line("", String.format(Locale.ROOT, "%,10d  %s", row.getValue().asLong(), row.getKey())));
    }

    private void line(String name, String text) {
        out.append(String.format(Locale.ROOT, "%-12s", name)).append(text).append('\n');
    }

    private static long sum(JsonNode counts) {
        long sum = 0;
        for (JsonNode count : counts) {
            sum += count.asLong();
        }
        return sum;
    }

    private static String millis(JsonNode seconds) {
        return String.format(Locale.ROOT, "%.2f ms", seconds.asDouble() * 1e3);
    }

    private static String duration(double seconds) {
        Duration up = Duration.ofSeconds((long) seconds);
        return up.toDays() > 0
                ? up.toDays() + " d " + up.toHoursPart() + " h"
                : up.toHours() > 0
                        ? up.toHours() + " h " + up.toMinutesPart() + " min"
                        : up.toMinutes() > 0
                                ? up.toMinutes() + " min " + up.toSecondsPart() + " s"
                                : up.toSeconds() + " s";
    }
}
