// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program that ran: its exit code and what it printed, both streams together. */
record Command(int exit, String output, long pid) {
    private static final long LIMIT_SECONDS = 120;

    static Command run(String... words) {
        return run(Map.of(), List.of(words));
    }

    static Command run(Map<String, String> environment, List<String> words) {
        try {
            ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
            builder.environment().putAll(environment);
            Process process = builder.redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("did not end: " + words);
            }
            return new Command(process.exitValue(), output, process.pid());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The output of a program that must succeed. */
    static String output(String... words) {
        Command command = run(words);
        if (command.exit != 0) {
            throw new IllegalStateException(String.join(" ", words) + ": exit " + command.exit + ": " + command.output);
        }
        return command.output.trim();
    }
}
