// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** {@code vigilant run} as a process of its own, from the launcher. */
final class VigilantDaemon implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 180;

    private final Process process;
    private final List<String> lines = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch ready = new CountDownLatch(1);

    /** Starts it and waits until it senses. */
    VigilantDaemon(String... options) throws IOException, InterruptedException {
        this(List.of(), List.of(options));
    }

    /** The same, started by another program that is given its words. */
    static VigilantDaemon under(List<String> starter, String... options) throws IOException, InterruptedException {
        return new VigilantDaemon(starter, List.of(options));
    }

    private VigilantDaemon(List<String> starter, List<String> options) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(starter);
        words.addAll(List.of(Repository.LAUNCHER.toString(), "run"));
        words.addAll(options);
        process = new ProcessBuilder(words)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        Thread reader = new Thread(this::read);
        reader.setDaemon(true);
        reader.start();
        if (!ready.await(PATIENCE_SECONDS, TimeUnit.SECONDS) || !process.isAlive()) {
            close();
            throw new IllegalStateException("vigilant did not get ready: " + lines);
        }
    }

    private void read() {
        try (BufferedReader in =
                new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                lines.add(line);
                if (line.startsWith("vigilant: ready")) {
                    ready.countDown();
                }
            }
        } catch (IOException ended) {
            lines.add("(" + ended.getMessage() + ")");
        } finally {
            ready.countDown();
        }
    }

    /** Stops it as a service manager does. */
    int terminate() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("vigilant did not stop: " + lines);
        }
        return process.exitValue();
    }

    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            process.destroy();
            process.onExit()
                    .orTimeout(30, TimeUnit.SECONDS)
                    .exceptionally(late -> {
                        process.destroyForcibly();
                        return process;
                    })
                    .join();
        }
    }
}
