// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.jna;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnonymousMountIT {
    @Test
    void deviceIsTheOneThatALaterMountShows(@TempDir Path directory) throws Exception {
        String before = Files.readString(Path.of("/proc/self/mountinfo"));
        OptionalLong device = AnonymousMount.deviceOf("debugfs");
        assumeTrue(device.isPresent(), "the kernel has no debugfs, or does not let us mount it");
        assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).isEqualTo(before);

        run("mount", "-t", "debugfs", "none", directory.toString());
        try {
            String line = Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
                    .filter(l -> l.contains(" " + directory + " "))
                    .findFirst()
                    .orElseThrow();
            assertThat(line.split(" ")[2])
                    .isEqualTo((device.getAsLong() >>> 32) + ":" + (device.getAsLong() & 0xffffffffL));
        } finally {
            run("umount", directory.toString());
        }
    }

    @Test
    void unknownFileSystemIsEmpty() {
        assertThat(AnonymousMount.deviceOf("no_such_fs")).isEmpty();
    }

    private static void run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).inheritIO().start();
        assertThat(process.waitFor()).isZero();
    }
}
