// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vigilant.event.EventKind;
import dev.vigilant.event.FileChmod;
import dev.vigilant.event.FileLink;
import dev.vigilant.event.FileMkdir;
import dev.vigilant.event.FileRename;
import dev.vigilant.event.FileSymlink;
import dev.vigilant.event.FileUnlink;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.source.Interest;
import dev.vigilant.source.Interest.FileDemand;
import dev.vigilant.source.Interest.Place;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where paths lead of calls that leave no open file. Needs root, BTF and libbpf1. */
@Timeout(120)
class BpfPathsIT {
    /** Only what has this name in its true path is wanted: no path that the scripts ask for has it. */
    private static final String HIDDEN = "vigilant-it-hidden";

    @TempDir
    private Path directory;

    @BeforeEach
    void kernelLetsUs() throws Exception {
        Sensing.kernelLetsUs();
        Files.createDirectories(directory.resolve(HIDDEN).resolve("deep"));
        Files.createDirectories(directory.resolve("by"));
        Sensing.run(directory, "ln -s ../" + HIDDEN + " by/link; ln -s by/link second");
    }

    private Sensing sense(String script) throws Exception {
        List<Interest> interests = Stream.of(
                        EventKind.FILE_RENAME,
                        EventKind.FILE_LINK,
                        EventKind.FILE_SYMLINK,
                        EventKind.FILE_UNLINK,
                        EventKind.FILE_MKDIR,
                        EventKind.FILE_CHMOD)
                .map(kind -> new Interest(
                        kind,
                        List.of(),
                        List.of(),
                        Place.ANYWHERE,
                        false,
                        Set.of(),
                        new FileDemand(Set.of(HIDDEN), Set.of(), Set.of(), Set.of())))
                .toList();
        return Sensing.of(
                Sensing.settings(Sensing.ROOM, Sensing.ROOM, Set.of()), interests, directory, "umask 022; " + script);
    }

    private List<String> summaries(Sensing sensing) throws Exception {
        String here = directory.toRealPath().resolve(HIDDEN).toString();
        return sensing.own().stream()
                .map(BpfPathsIT::summary)
                .filter(text -> !text.isEmpty())
                .map(text -> text.replace(here, "H"))
                .toList();
    }

    private static String summary(KernelEvent event) {
        if (event instanceof FileRename rename) {
            return "rename " + rename.file().path();
        } else if (event instanceof FileLink link) {
            return "link " + link.file().path();
        } else if (event instanceof FileSymlink link) {
            return "symlink " + link.file().path();
        } else if (event instanceof FileMkdir made) {
            return "mkdir " + made.file().path();
        } else if (event instanceof FileUnlink removed) {
            return "unlink " + removed.file().path();
        } else if (event instanceof FileChmod changed) {
            return "chmod " + changed.file().type() + " " + changed.file().path();
        }
        return "";
    }

    /** Each way leads to the directory, and none names it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "by/link",
                "second",
                "./by/../second/.",
                "second/deep/..",
                "$PWD/second",
                "/proc/self/cwd/second",
                "/proc/self/root/$PWD/second",
                "/proc/self/fd/7"
            })
    void linksInDirectoriesAreFollowed(String way) throws Exception {
        Sensing sensing = sense(
                "exec 7<by/link; D=" + way
                        + "; : > $D/a; chmod 600 $D/a; mv $D/a $D/b; ln $D/b $D/c; ln -s x $D/d; mkdir $D/e; rm $D/c; rmdir $D/e");

        assertThat(summaries(sensing))
                .contains(
                        "chmod file H/a",
                        "rename H/a",
                        "link H/b",
                        "symlink H/d",
                        "mkdir H/e",
                        "unlink H/c",
                        "unlink H/e");
    }

    @Test
    void lastNameIsFollowedWhereTheCallDoes() throws Exception {
        Sensing sensing = sense(": > second/a; ln -s second/a to; chmod 600 to; ln -L to other; mv to from; rm from");

        assertThat(summaries(sensing)).containsExactly("chmod file H/a", "link H/a");
    }

    @Test
    void mountsAreGoneThroughBothWays() throws Exception {
        Sensing sensing = sense("unshare -m sh -c 'mount -t tmpfs none second/deep; mkdir second/deep/in; "
                + "ln -s second/deep/in way; chmod 700 way; chmod 755 way/../..'");

        assertThat(summaries(sensing)).contains("chmod directory H/deep/in", "chmod directory H");
    }

    @Test
    void changedRootIsTheRoot() throws Exception {
        Files.copy(Path.of("/bin/busybox"), directory.resolve("busybox"));
        Sensing sensing = sense(
                "chmod 755 busybox; ln -s /../../" + HIDDEN + "/deep up; /usr/sbin/chroot . /busybox chmod 700 /up");

        assertThat(summaries(sensing)).contains("chmod directory H/deep");
    }
}
