// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.daemon;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vigilant.pipeline.Pipeline;
import dev.vigilant.rules.RuleCost;
import dev.vigilant.sink.AlertSink;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What a running daemon says of itself: the summary as it would be now, and what only a running one has.
 *
 * <p>Threading: any thread reads; nothing that senses or decides waits for it.
 *
 * @param config what it was told to do
 * @param sensor what it senses with, as its ready line says
 * @param blindSpots what it cannot see, a sentence each
 * @param ready when it began to sense
 * @param summary of the time from its start to now
 * @param costs of the rules, by their ids
 * @param sinks in the order of the configuration
 */
record Status(
        Config config,
        Supplier<String> sensor,
        List<String> blindSpots,
        Instant ready,
        Supplier<Summary> summary,
        Supplier<Map<String, RuleCost>> costs,
        Pipeline pipeline,
        List<AlertSink> sinks,
        Reloader reloader) {
    Status {
        blindSpots = List.copyOf(blindSpots);
        sinks = List.copyOf(sinks);
    }

    /** As one object: sizes in bytes, times in seconds. */
    ObjectNode json() {
        Summary now = summary.get();
        ObjectNode root = now.json();
        ObjectNode daemon = root.putObject("daemon");
        daemon.put("pid", ProcessHandle.current().pid());
        daemon.put("ready", ready.toString());
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        daemon.put("resident_bytes", residentBytes());
        daemon.put("heap_used_bytes", heap.getUsed());
        daemon.put("heap_max_bytes", heap.getMax());
        ObjectNode sensing = root.putObject("sensor");
        sensing.put("description", sensor.get());
        blindSpots.forEach(sensing.putArray("cannot_see")::add);
        ObjectNode rules = root.putObject("rules");
        rules.put("running", reloader.running());
        reloader.last().ifPresent(reload -> {
            ObjectNode last = rules.putObject("last_reload");
            last.put("time", reload.time().toString());
            last.put("done", reload.done());
            last.put("message", reload.message());
        });
        ObjectNode costing = rules.putObject("costs");
        costs.get()
                .forEach((id, cost) ->
                        costing.putObject(id).put("asked", cost.asked()).put("seconds", cost.nanos() / 1e9));
        root.putObject("ring").put("backlog", pipeline.backlog()).put("slots", config.ringSlots());
        ArrayNode all = root.putArray("sinks");
        for (int i = 0; i < sinks.size(); i++) {
            all.addObject()
                    .put("sink", config.sinks().get(i))
                    .put("waiting", sinks.get(i).waiting());
        }
        root.put("undelivered", now.undelivered());
        return root;
    }

    /** One line of JSON. */
    byte[] document() {
        return (json() + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static long residentBytes() {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }
}
