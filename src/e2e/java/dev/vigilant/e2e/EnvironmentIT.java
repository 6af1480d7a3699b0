// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What leaves the daemon of a program's environment: the variables that rules ask for, and no other, in recordings, alerts
 * and printed events. Needs root, docker, kernel audit, and BTF for the eBPF sensor.
 */
class EnvironmentIT {
    private static final String CONTAINER = "vigilant-e2e-environment";
    private static final String ASKED = "/tmp/vigilant-e2e-asked.so";
    private static final String SECRET = "vigilant-e2e-s3cret";

    private static DockerEngine docker;

    @BeforeAll
    static void start() throws Exception {
        Preconditions.check();
        docker = new DockerEngine();
        DockerEngine.remove(CONTAINER);
        DockerEngine.sleeper(CONTAINER);
    }

    @AfterAll
    static void stop() {
        if (docker != null) {
            DockerEngine.remove(CONTAINER);
            docker.close();
        }
    }

    /** The values come from a file: on a command line they would rightly be in the events, as arguments. */
    private static void execWithVariables(Path directory) throws IOException {
        Path variables = Files.writeString(
                directory.resolve("variables"),
                "SECRET_XYZ=" + SECRET + "\nLD_PRELOAD=" + ASKED + "\nOTHER=" + SECRET + "2\n");
        Command exec = Command.run(
                "docker", "exec", "--env-file", variables.toString(), CONTAINER, "sh", "-c", "sleep 0.5; sleep 0.2; :");
        assertThat(exec.exit()).as(exec.output()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"audit", "ebpf"})
    void alertsTellWhatRulesAskForAlone(String sensor) throws Exception {
        Path directory = Repository.work("environment-alerts-" + sensor);
        Path alerts = directory.resolve("alerts.json");
        Files.deleteIfExists(alerts);
        try (VigilantDaemon daemon = new VigilantDaemon("--sensor", sensor, "--sink", "file:" + alerts)) {
            execWithVariables(directory);
            assertThat(daemon.terminate()).isZero();
        }
        tells(alerts);
    }

    @ParameterizedTest
    @ValueSource(strings = {"audit", "ebpf"})
    void recordingsHoldWhatRulesAskForAlone(String sensor) throws Exception {
        Path directory = Repository.work("environment-record-" + sensor);
        Path recording = directory.resolve("recording");
        sense(directory, directory.resolve("said"), "record", "--sensor", sensor, "-o", recording.toString());

        tells(recording);
        Path replayed = directory.resolve("events.json");
        Process events = new ProcessBuilder(Repository.LAUNCHER.toString(), "events", recording.toString())
                .redirectOutput(replayed.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(events.waitFor()).isZero();
        tells(replayed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"audit", "ebpf"})
    void printedEventsTellWhatRulesAskForAlone(String sensor) throws Exception {
        Path directory = Repository.work("environment-events-" + sensor);
        Path events = directory.resolve("events.json");
        sense(directory, events, "events", "--sensor", sensor);

        tells(events);
    }

    /** Runs a command that senses until it is told to stop, with the exec while it does. */
    private static void sense(Path directory, Path output, String... command) throws Exception {
        String[] words = new String[command.length + 1];
        words[0] = Repository.LAUNCHER.toString();
        System.arraycopy(command, 0, words, 1, command.length);
        Path errors = directory.resolve("errors.txt");
        Process process = new ProcessBuilder(words)
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start();
        try {
            for (int i = 0; process.isAlive() && !Files.readString(errors).contains("vigilant: ready"); i++) {
                assertThat(i).as(Files.readString(errors)).isLessThan(1800);
                Thread.sleep(100);
            }
            execWithVariables(directory);
            Thread.sleep(500);
            process.destroy();
            assertThat(process.waitFor(60, TimeUnit.SECONDS))
                    .as(Files.readString(errors))
                    .isTrue();
            assertThat(process.exitValue()).as(Files.readString(errors)).isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    /** Recordings are not text; what was written from a string is found in them all the same. */
    private static void tells(Path file) throws IOException {
        String told = Files.readString(file, StandardCharsets.ISO_8859_1);
        assertThat(told.contains(ASKED))
                .as("the variable that is asked for in %s", file)
                .isTrue();
        assertThat(told.contains(SECRET))
                .as("another variable's value in %s", file)
                .isFalse();
    }
}
