// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the project lies, and what it ships for the scenarios. */
final class Repository {
    static final Path HOME =
            Path.of(System.getProperty("vigilant.home", "..")).toAbsolutePath().normalize();
    static final Path LAUNCHER = HOME.resolve("vigilant");
    static final Path SHARED = Path.of(System.getProperty(
                    "vigilant.shared", HOME.resolve("../shared/attacks").toString()))
            .normalize();
    static final Path OWN = HOME.resolve("rules/src/test/scenarios");

    private Repository() {}

    /** A fresh directory of this name below target. */
    static Path work(String name) {
        try {
            return Files.createDirectories(HOME.resolve("src/target/e2e").resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
