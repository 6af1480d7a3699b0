// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.proc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MountedFileSystemsTest {
    @TempDir
    private Path directory;

    @Test
    void typeIsThatOfTheDevice() throws IOException {
        MountedFileSystems systems = of("""
                22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/root rw
                36 22 0:4095 / /mnt/a\\040b rw - overlay overlay rw,lowerdir=/x
                37 22 0:46 / /x rw master:1 propagate_from:2 - fuse.sshfs host: rw
                """);

        assertThat(systems.typeOf(254, 0)).isEqualTo("ext4");
        assertThat(systems.typeOf(0, 4095)).isEqualTo("overlay");
        assertThat(systems.typeOf(0, 46)).isEqualTo("fuse.sshfs");
        assertThat(systems.typeOf(1, 1)).isNull();
    }

    @Test
    void damagedLinesAreSkipped() throws IOException {
        MountedFileSystems systems = of("""

                22 1 254
                22 1 a:b / / rw - ext4 x rw
                22 1 9999999999999999999999:0 / / rw - ext4 x rw
                22 1 254:0 / / rw
                36 22 7:7 / /x rw - xfs
                """);

        assertThat(systems.typeOf(7, 7)).isEqualTo("xfs");
        assertThat(systems.typeOf(254, 0)).isNull();
    }

    @Test
    void refreshForgetsWhatIsNoLongerMounted() throws IOException {
        MountedFileSystems systems = of("36 22 7:7 / /x rw - xfs /dev/x rw\n");
        Files.writeString(directory.resolve("mountinfo"), "36 22 7:8 / /x rw - btrfs /dev/x rw\n");

        systems.refresh();

        assertThat(systems.typeOf(7, 7)).isNull();
        assertThat(systems.typeOf(7, 8)).isEqualTo("btrfs");
    }

    @Test
    void missingFileMeansNothingIsKnown() {
        assertThat(new MountedFileSystems(directory.resolve("none")).typeOf(7, 7))
                .isNull();
    }

    private MountedFileSystems of(String mountinfo) throws IOException {
        return new MountedFileSystems(Files.writeString(directory.resolve("mountinfo"), mountinfo));
    }
}
