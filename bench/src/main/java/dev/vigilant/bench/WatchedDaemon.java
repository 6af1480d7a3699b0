// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * {@code vigilant run} as a process of its own, looked at from outside.
 *
 * <p>Threading: one thread; two of its own take the daemon's output.
 */
final class WatchedDaemon implements AutoCloseable {
    /** Of utime and stime in /proc/PID/stat: USER_HZ, which is 100 on all architectures that matter. */
    private static final long TICKS_PER_SECOND = 100;

    private static final long START_SECONDS = 60;
    private static final String TIME = "\"@timestamp\":\"";

    private final Process process;
    private final Path summary;
    private final Queue<String> alerts = new ConcurrentLinkedQueue<>();
    private final List<String> said = new CopyOnWriteArrayList<>();
    private final Queue<Long> delays = new ConcurrentLinkedQueue<>();
    private final long startNanos = System.nanoTime();
    private volatile long readyNanos;
    private volatile long alertNanos;

    /** Starts it; {@link #awaitReady} waits. */
    WatchedDaemon(String sensor, String... options) throws IOException {
        summary = Files.createTempFile("vigilant-summary", ".json");
        List<String> command = new ArrayList<>(List.of("./vigilant", "run", "--sensor", sensor));
        command.addAll(List.of("--rules", "bench/storm/storm.drl", "--summary", summary.toString()));
        command.addAll(List.of(options));
        process = new ProcessBuilder(command).start();
        read(process.getInputStream(), true);
        read(process.getErrorStream(), false);
    }

    private void read(InputStream stream, boolean isAlerts) {
        Thread thread = new Thread(() -> {
            try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    take(line, isAlerts);
                }
            } catch (IOException ended) {
                // Its output is closed when it ends.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private void take(String line, boolean isAlert) {
        if (isAlert && line.contains("vigilant-storm-alarm")) {
            if (alertNanos == 0) {
                alertNanos = System.nanoTime();
            }
            delays.add(Duration.between(time(line), Instant.now()).toNanos());
        }
        if (!isAlert && line.startsWith("vigilant: ready") && readyNanos == 0) {
            readyNanos = System.nanoTime();
        }
        if (isAlert) {
            alerts.add(line);
        } else {
            said.add(line);
        }
    }

    /** When the event of an alert happened, as the kernel stamped it. */
    private static Instant time(String alert) {
        int from = alert.indexOf(TIME) + TIME.length();
        return Instant.parse(alert.substring(from, alert.indexOf('"', from)));
    }

    /** How long the alarms so far took, in nanoseconds from the event to the line having been read; they are forgotten. */
    List<Long> takeDelays() {
        List<Long> taken = new ArrayList<>(delays);
        delays.clear();
        return taken;
    }

    /** Waits until it senses. */
    void awaitSensing() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (readyNanos == 0) {
            if (System.nanoTime() > deadline || !process.isAlive()) {
                throw new IOException("vigilant does not start: " + said);
            }
            Thread.sleep(10);
        }
    }

    /** Waits until it senses, then touches the file of the alarm until the first alert of that. */
    void awaitReady(Path alarm) throws IOException, InterruptedException {
        awaitSensing();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (alertNanos == 0) {
            if (System.nanoTime() > deadline || !process.isAlive()) {
                throw new IOException("vigilant does not start: " + said);
            }
            Files.writeString(alarm, "");
            Thread.sleep(10);
        }
    }

    long pid() {
        return process.pid();
    }

    double readySeconds() {
        return (readyNanos - startNanos) / 1e9;
    }

    double alertSeconds() {
        return (alertNanos - startNanos) / 1e9;
    }

    /** Lines of alerts that have the text. */
    long alerts(String text) {
        return alerts.stream().filter(line -> line.contains(text)).count();
    }

    /** CPU time of all threads so far. */
    double cpuSeconds() throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid() + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (double) (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
    }

    double residentMib() throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid() + "/status")).stream()
                        .filter(line -> line.startsWith("VmRSS:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                        .sum()
                / 1024.0;
    }

    /** Waits until it has worked off what it was given: it takes less than 5 % of a processor. At most 20 seconds. */
    void awaitQuiet() throws IOException, InterruptedException {
        double before = cpuSeconds();
        for (int i = 0; i < 40; i++) {
            Thread.sleep(500);
            double now = cpuSeconds();
            if (now - before < 0.025) {
                return;
            }
            before = now;
        }
    }

    void signal(String name) throws IOException, InterruptedException {
        int exit = new ProcessBuilder("kill", "-" + name, Long.toString(pid()))
                .start()
                .waitFor();
        if (exit != 0) {
            throw new IOException("kill -" + name + " " + pid() + ": exit " + exit);
        }
    }

    /** Ends it; its own account of what it did. */
    JsonNode stop() throws IOException, InterruptedException {
        process.destroy();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new IOException("vigilant does not end: " + said);
        }
        try {
            return new ObjectMapper().readTree(summary.toFile());
        } finally {
            Files.delete(summary);
        }
    }

    @Override
    public void close() {
        process.destroy();
    }
}
