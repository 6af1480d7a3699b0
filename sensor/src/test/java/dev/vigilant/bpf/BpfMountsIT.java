// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.vigilant.event.EventKind;
import dev.vigilant.event.MountChange;
import dev.vigilant.event.Outcome;
import dev.vigilant.source.Interest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is told of mounts that are made by descriptors. Needs root, BTF, libbpf1 and gcc. */
@Timeout(120)
class BpfMountsIT {
    @TempDir
    private Path directory;

    @BeforeEach
    void kernelLetsUs() throws Exception {
        Sensing.kernelLetsUs();
        Sensing.compile("mounts", directory);
    }

    /** Operation, outcome, type of the file system, what is mounted and where; H stands for the working directory. */
    private List<String> told(String script) throws Exception {
        String here = directory.toRealPath().toString();
        Sensing sensing = Sensing.of(
                Sensing.settings(Sensing.ROOM, Sensing.ROOM, Set.of()),
                List.of(new Interest(EventKind.MOUNT_CHANGE, List.of())),
                directory,
                "mkdir -p from/in to; unshare -m sh -ec '" + script + "'");
        return sensing.own(MountChange.class).stream()
                .filter(event -> "mounts".equals(event.context().actor().name()))
                .map(BpfMountsIT::line)
                .map(line -> line.replace(here, "H"))
                .toList();
    }

    private String type() throws IOException {
        return Files.getFileStore(directory).type();
    }

    private static String line(MountChange event) {
        String failed = event.context().outcome() == Outcome.FAILURE ? "(failed) " : "";
        return event.operation() + " " + failed + event.fileSystem() + " " + event.device() + " "
                + (event.file() == null ? null : event.file().path());
    }

    @Test
    void copyIsToldByTheNameOfWhatWasCopied() throws Exception {
        assumeTrue(
                Files.getFileStore(directory).equals(Files.getFileStore(Path.of("/"))), "needs the root's file system");

        assertThat(told("./mounts bind from/in to"))
                .containsExactly("open_tree null H/from/in H/from/in", "move_mount " + type() + " H/from/in H/to");
    }

    @Test
    void copyOfAKernelFileIsToldByItsName() throws Exception {
        assertThat(told("touch f; ./mounts bind /proc/sys/kernel/ostype f"))
                .containsExactly(
                        "open_tree null /proc/sys/kernel/ostype /proc/sys/kernel/ostype",
                        "move_mount proc /proc/sys/kernel/ostype H/f");
    }

    @Test
    void newFileSystemIsToldByItsTypeAndSource() throws Exception {
        assertThat(told("./mounts new tmpfs some-source to"))
                .containsExactly(
                        "fsopen tmpfs null null",
                        "fsconfig tmpfs some-source null",
                        "fsconfig tmpfs some-source null",
                        "fsmount tmpfs some-source null",
                        "move_mount tmpfs some-source H/to");
    }

    @Test
    void whatIsMovedIsToldByItsSource() throws Exception {
        assertThat(told(
                        "mount -t tmpfs other-source from; mkdir from/deep; ./mounts move from to; ./mounts path to from;"
                                + " ./mounts bind from/deep to"))
                .containsExactly(
                        "move_mount tmpfs other-source H/to",
                        "move_mount null H/to H/from",
                        "open_tree null H/from/deep H/from/deep",
                        "move_mount tmpfs other-source H/to");
    }

    @Test
    void whatFailsIsToldTheSame() throws Exception {
        assertThat(told("./mounts aim ext4 /dev/vigilant-none; ./mounts new tmpfs some missing; ./mounts move from to"))
                .containsExactly(
                        "fsopen ext4 null null",
                        "fsconfig ext4 /dev/vigilant-none null",
                        "fsconfig (failed) ext4 /dev/vigilant-none null",
                        "fsmount (failed) ext4 /dev/vigilant-none null",
                        "fsopen tmpfs null null",
                        "fsconfig tmpfs some null",
                        "fsconfig tmpfs some null",
                        "fsmount tmpfs some null",
                        "move_mount (failed) tmpfs some H/missing",
                        "move_mount (failed) " + type() + " H/from H/to");
    }
}
