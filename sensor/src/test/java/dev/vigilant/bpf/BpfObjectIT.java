// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether the committed object is what its sources say. Needs clang, llvm and libbpf-dev as Debian 12 has them. */
class BpfObjectIT {
    private static final Path SOURCES = Path.of("src/main/bpf").toAbsolutePath();
    private static final String COMPILER = "Debian clang version 14.";

    @TempDir
    Path directory;

    @BeforeEach
    void toolsAreThere() throws Exception {
        assumeTrue(has("clang"), "clang is not there: apt install clang");
        assumeTrue(has("llvm-strip"), "llvm-strip is not there: apt install llvm");
        assumeTrue(
                Files.exists(Path.of("/usr/include/bpf/bpf_helpers.h")),
                "libbpf's headers are not there: apt install libbpf-dev");
        String version = run("clang", "--version");
        assumeTrue(
                version.startsWith(COMPILER),
                "another compiler makes other code: " + version.lines().findFirst());
    }

    private static boolean has(String program) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(d -> Files.isExecutable(Path.of(d, program)));
    }

    private String run(String... command) throws IOException, InterruptedException {
        Path output = directory.resolve("output");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        int status = process.waitFor();
        String said = Files.readString(output);
        assertThat(status).as("%s said: %s", command[0], said).isZero();
        return said;
    }

    private static byte[] committed() throws IOException {
        try (InputStream in = BpfSensor.class.getResourceAsStream("vigilant.bpf.o")) {
            return in.readAllBytes();
        }
    }

    @Test
    void committedObjectIsWhatTheSourcesCompileTo() throws Exception {
        Path object = directory.resolve("again.o");
        run(SOURCES.resolve("build").toString(), object.toString());

        assertThat(Files.readAllBytes(object))
                .as("sources were changed without: sensor/src/main/bpf/build")
                .isEqualTo(committed());
    }

    @Test
    void anotherDirectoryMakesNoDifference() throws Exception {
        Path elsewhere = Files.createDirectories(directory.resolve("a b/elsewhere"));
        try (Stream<Path> files = Files.list(SOURCES)) {
            for (Path file : files.toList()) {
                Files.copy(file, elsewhere.resolve(file.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        Path object = directory.resolve("elsewhere.o");
        run(elsewhere.resolve("build").toString(), object.toString());

        assertThat(Files.readAllBytes(object)).isEqualTo(committed());
    }
}
