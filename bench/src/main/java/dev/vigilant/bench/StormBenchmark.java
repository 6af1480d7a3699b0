// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What live sensing costs and loses, whole processes on this machine: {@code bench/storm/run}, see bench/README.md. Prints a
 * table, and writes all it measured to {@code bench/target/storm-*.json}.
 *
 * <p>Threading: the main thread, and one for a second storm.
 */
public final class StormBenchmark {
    private static final List<String> SENSORS = List.of("bare", "ebpf", "audit");
    private static final double SLICE_SECONDS = 0.5;
    private static final int SLICES = 4;
    private static final int IDLE_SECONDS = 10;
    private static final int WARM_UP_SECONDS = 15;
    private static final int STOPPED_MILLIS = 2_000;
    private static final int EXECS = 200;
    private static final int ALARMS_A_SECOND = 200;

    private final ObjectNode result = new ObjectMapper().createObjectNode();
    private final Path directory = Files.createTempDirectory(Path.of("/var/tmp"), "vigilant-storm");
    private final Path wanted = Files.writeString(directory.resolve("vigilant-storm-wanted"), "");
    private final Path alarm = Files.writeString(directory.resolve("vigilant-storm-alarm"), "");
    private final Path ordinary = Files.writeString(directory.resolve("ordinary"), "");

    private StormBenchmark() throws IOException {}

    /** See bench/README.md. */
    public static void main(String[] args) throws IOException, InterruptedException {
        StormBenchmark bench = new StormBenchmark();
        String what = args.length == 0 ? "" : args[0];
        try {
            switch (what) {
                case "storms" -> bench.storms(args.length > 1 ? Integer.parseInt(args[1]) : 3);
                case "rate" -> bench.rate(args.length > 1 ? args[1] : "300000", args.length > 2 ? args[2] : "60");
                case "latency" -> bench.latency(args.length > 1 ? args[1] : "100000", args.length > 2 ? args[2] : "20");
                case "alerts" -> bench.alerts(args.length > 1 ? args[1] : "40000", args.length > 2 ? args[2] : "10");
                case "stopped" -> bench.stopped();
                default -> {
                    System.err.println("usage: run storms [ROUNDS] | rate [EVENTS_A_SECOND SECONDS]"
                            + " | latency [EVENTS_A_SECOND SECONDS] | alerts [ALERTS_A_SECOND SECONDS] | stopped");
                    System.exit(2);
                }
            }
            bench.write(Path.of("bench/target/storm-" + what + ".json"));
        } finally {
            bench.tidy();
        }
    }

    private void tidy() throws IOException {
        for (Path file : List.of(wanted, alarm, ordinary, directory)) {
            Files.deleteIfExists(file);
        }
    }

    private void write(Path file) throws IOException {
        result.put("kernel", System.getProperty("os.version"));
        result.put("java", System.getProperty("java.version"));
        result.put("processors", Runtime.getRuntime().availableProcessors());
        new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(file.toFile(), result);
        System.err.println("written: " + file);
    }

    /** Operations, and how long they took. */
    private record Done(long operations, long nanos) {
        double nanosEach() {
            return (double) nanos / operations;
        }
    }

    private static Process start(String kind, String... more) throws IOException {
        List<String> command = new ArrayList<>(List.of("bench/target/storm", kind));
        command.addAll(Arrays.asList(more));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static Done await(Process storm) throws IOException, InterruptedException {
        String out = new String(storm.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).trim();
        if (storm.waitFor() != 0) {
            throw new IOException("the storm failed: " + out);
        }
        String[] numbers = out.split(" ");
        return new Done(Long.parseLong(numbers[0]), Long.parseLong(numbers[1]));
    }

    /** The storms: name, then kind and arguments. */
    private Map<String, List<String>> kinds() throws IOException {
        Map<String, List<String>> kinds = new LinkedHashMap<>();
        String seconds = Double.toString(SLICE_SECONDS);
        kinds.put("getppid", List.of("getppid", seconds));
        kinds.put(
                "open+close, no rule wants it, /usr/share",
                List.of("open", seconds, deepFile().toString()));
        kinds.put("open+close, no rule wants it, /var/tmp", List.of("open", seconds, ordinary.toString()));
        kinds.put("open+close in a container, no rule wants it", List.of("contained", seconds, ordinary.toString()));
        kinds.put("open+close, a rule wants it", List.of("open", seconds, wanted.toString()));
        kinds.put("fork+exec+wait", List.of("exec", seconds));
        kinds.put("socket+connect+close", List.of("connect", seconds, closedPort()));
        return kinds;
    }

    private static Path deepFile() throws IOException {
        return List.of("/usr/share/doc/base-files/copyright", "/usr/share/zoneinfo/Etc/UTC", "/usr/bin/env").stream()
                .map(Path::of)
                .filter(Files::isReadable)
                .findFirst()
                .orElseThrow(() -> new IOException("no file to open"));
    }

    private static String closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return Integer.toString(socket.getLocalPort());
        }
    }

    private void storms(int rounds) throws IOException, InterruptedException {
        Map<String, List<String>> kinds = kinds();
        for (int round = 0; round < rounds; round++) {
            for (String sensor : SENSORS) {
                System.err.println("round " + (round + 1) + " " + sensor + ", load "
                        + Files.readString(Path.of("/proc/loadavg")).trim());
                if (sensor.equals("bare")) {
                    for (Map.Entry<String, List<String>> kind : kinds.entrySet()) {
                        put(sensor, kind.getKey(), "ns", quickest(slices(kind.getValue())));
                    }
                } else {
                    watched(sensor, kinds);
                }
            }
        }
        print(kinds);
    }

    private static Done storm(List<String> kind) throws IOException, InterruptedException {
        return await(start(kind.get(0), kind.subList(1, kind.size()).toArray(new String[0])));
    }

    /** Several storms one after the other: whatever else the machine does makes some of them slower, and none faster. */
    private List<Done> slices(List<String> kind) throws IOException, InterruptedException {
        List<Done> slices = new ArrayList<>();
        for (int i = 0; i < SLICES; i++) {
            slices.add(storm(kind));
        }
        return slices;
    }

    private static double quickest(List<Done> slices) {
        return slices.stream().mapToDouble(Done::nanosEach).min().orElseThrow();
    }

    private void watched(String sensor, Map<String, List<String>> kinds) throws IOException, InterruptedException {
        try (WatchedDaemon daemon = new WatchedDaemon(sensor)) {
            daemon.awaitReady(alarm);
            put(sensor, "start", "ready_s", daemon.readySeconds());
            put(sensor, "start", "alert_s", daemon.alertSeconds());
            daemon.awaitQuiet();
            double idle = daemon.cpuSeconds();
            Thread.sleep(IDLE_SECONDS * 1000L);
            put(sensor, "idle", "cpu_percent", 100 * (daemon.cpuSeconds() - idle) / IDLE_SECONDS);
            put(sensor, "idle", "rss_mib", daemon.residentMib());
            long opens = 0;
            for (Map.Entry<String, List<String>> kind : kinds.entrySet()) {
                double before = daemon.cpuSeconds();
                List<Done> slices = slices(kind.getValue());
                daemon.awaitQuiet();
                long operations = slices.stream().mapToLong(Done::operations).sum();
                put(sensor, kind.getKey(), "ns", quickest(slices));
                put(sensor, kind.getKey(), "cpu_us", 1e6 * (daemon.cpuSeconds() - before) / operations);
                put(sensor, kind.getKey(), "operations", operations);
                opens += kind.getKey().equals("open+close, a rule wants it") ? operations : 0;
            }
            put(sensor, "after", "rss_mib", daemon.residentMib());
            JsonNode summary = daemon.stop();
            put(sensor, "open+close, a rule wants it", "told", told(summary, opens));
            result.withArray("/summaries/" + sensor).add(summary);
        }
    }

    /** Percent of the opens that became events; those of the machine's own work count too, so that it is a little too high. */
    private static double told(JsonNode summary, long opens) {
        return Math.min(100, 100.0 * summary.at("/events/out/file_open").asLong() / opens);
    }

    private void put(String sensor, String what, String figure, double value) {
        String name = what.replace("/", "~1");
        result.withArray("/figures/" + sensor + "/" + name + "/" + figure).add(Math.round(value * 1000) / 1000.0);
    }

    private double least(String sensor, String what) {
        double least = Double.NaN;
        for (JsonNode value : result.path("figures").path(sensor).path(what).path("ns")) {
            least = Double.isNaN(least) ? value.asDouble() : Math.min(least, value.asDouble());
        }
        return least;
    }

    private double median(String sensor, String what, String figure) {
        List<Double> values = new ArrayList<>();
        result.path("figures").path(sensor).path(what).path(figure).forEach(v -> values.add(v.asDouble()));
        values.sort(null);
        return values.isEmpty() ? Double.NaN : values.get(values.size() / 2);
    }

    private void print(Map<String, List<String>> kinds) {
        System.out.println(
                "| operation | bare | ebpf adds | daemon CPU | audit adds | daemon CPU |\n|---|---|---|---|---|---|");
        for (String kind : kinds.keySet()) {
            double bare = least("bare", kind);
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %.3f us | %.3f us | %.2f us | %.3f us | %.2f us |%n",
                    kind,
                    bare / 1000,
                    (least("ebpf", kind) - bare) / 1000,
                    median("ebpf", kind, "cpu_us"),
                    (least("audit", kind) - bare) / 1000,
                    median("audit", kind, "cpu_us"));
        }
        System.out.println("\n| | ebpf | audit |\n|---|---|---|");
        line("wanted opens that became events, %", "open+close, a rule wants it", "told");
        line("start to ready, s", "start", "ready_s");
        line("start to first alert, s", "start", "alert_s");
        line("idle: CPU, %", "idle", "cpu_percent");
        line("idle: RSS, MiB", "idle", "rss_mib");
        line("after the storms: RSS, MiB", "after", "rss_mib");
    }

    private void line(String name, String what, String figure) {
        System.out.printf(
                Locale.ROOT,
                "| %s | %.2f | %.2f |%n",
                name,
                median("ebpf", what, figure),
                median("audit", what, figure));
    }

    private void rate(String perSecond, String seconds) throws IOException, InterruptedException {
        try (WatchedDaemon daemon = new WatchedDaemon("ebpf")) {
            daemon.awaitReady(alarm);
            warmUp(daemon);
            double before = daemon.cpuSeconds();
            // One thread alone cannot open that often.
            String half = Double.toString(Double.parseDouble(perSecond) / 2);
            Process other = start("open", seconds, wanted.toString(), half);
            Done one = storm(List.of("open", seconds, wanted.toString(), half));
            Done two = await(other);
            Done done = new Done(one.operations() + two.operations(), Math.max(one.nanos(), two.nanos()));
            daemon.awaitQuiet();
            double cpu = daemon.cpuSeconds() - before;
            JsonNode summary = daemon.stop();
            result.set("summary", summary);
            result.put("events_per_second", 1e9 / done.nanosEach());
            result.put("events", done.operations());
            result.put("cpu_us_per_event", 1e6 * cpu / done.operations());
            System.out.printf(
                    Locale.ROOT,
                    "%,d events at %,.0f a second; lost %s; daemon CPU %.2f us an event%n",
                    done.operations(),
                    1e9 / done.nanosEach(),
                    summary.at("/events/lost"),
                    1e6 * cpu / done.operations());
        }
    }

    /** What a daemon that runs for hours has long compiled. */
    private void warmUp(WatchedDaemon daemon) throws IOException, InterruptedException {
        storm(List.of("open", Integer.toString(WARM_UP_SECONDS), wanted.toString(), "100000"));
        storm(List.of("write", Integer.toString(WARM_UP_SECONDS), alarm.toString(), "1000"));
        daemon.awaitQuiet();
    }

    /** How long an alert takes while events come in numbers: from the kernel's time stamp until somebody has read the line. */
    private void latency(String perSecond, String seconds) throws IOException, InterruptedException {
        try (WatchedDaemon daemon = new WatchedDaemon("ebpf")) {
            daemon.awaitReady(alarm);
            warmUp(daemon);
            daemon.takeDelays();
            double before = daemon.cpuSeconds();
            Process alarms = start("write", seconds, alarm.toString(), Integer.toString(ALARMS_A_SECOND));
            Done done = storm(List.of("open", seconds, wanted.toString(), perSecond));
            long alarmed = await(alarms).operations();
            double cpu = daemon.cpuSeconds() - before;
            double resident = daemon.residentMib();
            daemon.awaitQuiet();
            List<Long> delays = daemon.takeDelays();
            JsonNode summary = daemon.stop();
            result.set("summary", summary);
            result.put("events_per_second", 1e9 / done.nanosEach());
            result.put("alerts", delays.size());
            result.put("rss_mib", resident);
            delays.sort(null);
            System.out.printf(
                    Locale.ROOT,
                    "%,.0f events a second, %d of %d alarms told: p50 %.2f ms, p99 %.2f ms, longest %.2f ms;"
                            + " lost %s; daemon CPU %.2f us an event, RSS %.0f MiB%n",
                    1e9 / done.nanosEach(),
                    delays.size(),
                    alarmed,
                    delays.get(delays.size() / 2) / 1e6,
                    delays.get(delays.size() * 99 / 100) / 1e6,
                    delays.get(delays.size() - 1) / 1e6,
                    summary.at("/events/lost"),
                    1e6 * cpu / done.operations(),
                    resident);
        }
    }

    /** Alerts in numbers, to a file: first as they meet a daemon that had few before, then once more. */
    private void alerts(String perSecond, String seconds) throws IOException, InterruptedException {
        Path file = directory.resolve("alerts.json");
        try (WatchedDaemon daemon = new WatchedDaemon("ebpf", "--sink", "file:" + file)) {
            daemon.awaitSensing();
            warmUp(daemon);
            for (String time : List.of("first", "again")) {
                result.put(time, alarms(daemon, file, perSecond, seconds));
                System.out.println(time + ": " + result.get(time).asText());
            }
            JsonNode summary = daemon.stop();
            result.set("summary", summary);
            System.out.printf(Locale.ROOT, "lost in both: %s%n", summary.at("/events/lost"));
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private String alarms(WatchedDaemon daemon, Path file, String perSecond, String seconds)
            throws IOException, InterruptedException {
        Files.newOutputStream(file).close(); // The daemon appends to it.
        double before = daemon.cpuSeconds();
        Done done = storm(List.of("write", seconds, alarm.toString(), perSecond));
        daemon.awaitQuiet();
        double cpu = daemon.cpuSeconds() - before;
        try (Stream<String> lines = Files.lines(file)) {
            return String.format(
                    Locale.ROOT,
                    "%,d alarms at %,.0f a second; %,d told; daemon CPU %.2f us an alarm",
                    done.operations(),
                    1e9 / done.nanosEach(),
                    lines.filter(line -> line.contains("\"storm-alarm\"")).count(),
                    1e6 * cpu / done.operations());
        }
    }

    /** The daemon does not run for two seconds while opens flood it, programs start, and one file is opened for writing. */
    private void stopped() throws IOException, InterruptedException {
        try (WatchedDaemon daemon = new WatchedDaemon("ebpf")) {
            daemon.awaitReady(alarm);
            daemon.awaitQuiet();
            daemon.signal("STOP");
            Process flood = start("open", Double.toString(STOPPED_MILLIS / 1000.0), wanted.toString());
            Thread.sleep(STOPPED_MILLIS / 2);
            long execs = 0;
            for (int i = 0; i < EXECS; i++) {
                execs += new ProcessBuilder("/bin/true").start().waitFor() == 0 ? 1 : 0;
            }
            Process writer = start("write", "0.0001", alarm.toString(), "1");
            await(writer);
            Done done = await(flood);
            daemon.signal("CONT");
            daemon.awaitQuiet();
            long alarms = daemon.alerts("vigilant-storm-alarm opened by " + writer.pid() + "\"");
            JsonNode summary = daemon.stop();
            result.set("summary", summary);
            result.put("flood", done.operations());
            result.put("execs", execs);
            result.put("alarms_of_the_write", alarms);
            System.out.printf(
                    Locale.ROOT,
                    "flood of %,d opens; %d execs and a write meanwhile: %s execs and %s opens told, %d alerts of the write; lost %s%n",
                    done.operations(),
                    execs,
                    summary.at("/events/out/process_exec"),
                    summary.at("/events/out/file_open"),
                    alarms,
                    summary.at("/events/lost"));
        }
    }
}
