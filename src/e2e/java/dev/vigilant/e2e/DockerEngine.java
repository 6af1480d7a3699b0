// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * A docker daemon: the one that runs, or one that is started here and stopped at the end, with an image of busybox and all
 * its applets.
 */
final class DockerEngine implements AutoCloseable {
    static final String IMAGE = "vigilant-e2e/busybox:1";

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Deque<Process> started = new ArrayDeque<>();
    private boolean imageIsOurs;

    DockerEngine() throws IOException {
        Runtime.getRuntime().addShutdownHook(new Thread(this::stopDaemons));
        if (!answers()) {
            Path logs = Repository.work("docker");
            if (!Files.exists(Path.of("/run/containerd/containerd.sock"))
                    || Command.run("ctr", "version").exit() != 0) {
                start(logs.resolve("containerd.log"), "containerd");
                await("containerd", () -> Command.run("ctr", "version").exit() == 0);
            }
            start(
                    logs.resolve("dockerd.log"),
                    "dockerd",
                    "--containerd",
                    "/run/containerd/containerd.sock",
                    "--iptables=false",
                    "--bridge=none");
            await("dockerd", DockerEngine::answers);
        }
        if (Command.run("docker", "image", "inspect", IMAGE).exit() != 0) {
            buildImage();
            imageIsOurs = true;
        }
    }

    private static boolean answers() {
        return Command.run("docker", "version").exit() == 0;
    }

    private void start(Path log, String... words) throws IOException {
        started.push(new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start());
    }

    private static void await(String what, java.util.function.BooleanSupplier ready) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!ready.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(what + " did not come up; its log is in src/target/e2e/docker");
            }
            LockSupport.parkNanos(100_000_000);
        }
    }

    private static void buildImage() throws IOException {
        Path root = Files.createTempDirectory("busybox");
        String script =
                "cd " + root + " && mkdir -p bin etc tmp root proc sys dev var run && cp /bin/busybox bin/busybox"
                        + " && for a in $(/bin/busybox --list-full); do mkdir -p $(dirname $a); [ -e $a ] || ln -s /bin/busybox $a; done"
                        + " && echo 'root:x:0:0:root:/root:/bin/sh' > etc/passwd && echo 'root:x:0:' > etc/group && chmod 1777 tmp"
                        + " && tar -c . | docker import - " + IMAGE + "; r=$?; rm -rf " + root + "; exit $r";
        Command built = Command.run("sh", "-c", script);
        if (built.exit() != 0) {
            throw new IllegalStateException("the image could not be made: " + built.output());
        }
    }

    /** Starts a container that sleeps; returns its full id. */
    static String sleeper(String name, String... options) {
        List<String> words = new ArrayList<>(List.of("docker", "run", "-d", "--name", name, "--network", "none"));
        words.addAll(List.of(options));
        words.addAll(List.of(IMAGE, "sleep", "900"));
        return Command.output(words.toArray(String[]::new));
    }

    static void remove(String name) {
        Command.run("docker", "rm", "-f", name);
    }

    @Override
    public void close() {
        if (imageIsOurs) {
            Command.run("docker", "rmi", IMAGE);
        }
        stopDaemons();
    }

    private void stopDaemons() {
        while (!started.isEmpty()) {
            Process process = started.pop();
            process.destroy();
            process.onExit()
                    .orTimeout(30, java.util.concurrent.TimeUnit.SECONDS)
                    .exceptionally(late -> {
                        process.destroyForcibly();
                        return process;
                    })
                    .join();
        }
    }
}
