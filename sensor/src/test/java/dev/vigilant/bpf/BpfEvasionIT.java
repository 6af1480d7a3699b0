// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vigilant.event.EventKind;
import dev.vigilant.event.FileLink;
import dev.vigilant.event.FileMkdir;
import dev.vigilant.event.FileOpen;
import dev.vigilant.event.FileRename;
import dev.vigilant.event.FileSymlink;
import dev.vigilant.event.FileUnlink;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.event.NetworkConnect;
import dev.vigilant.event.Outcome;
import dev.vigilant.event.ProcessSnapshot;
import dev.vigilant.source.Interest;
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
import org.junit.jupiter.params.provider.CsvSource;

/** Names that change while they are looked up, and calls that are none. Needs root, BTF, libbpf1 and gcc. */
@Timeout(120)
class BpfEvasionIT {
    private static final String SECRET = "vigilant-it-secret";

    @TempDir
    private Path directory;

    @BeforeEach
    void kernelLetsUs() {
        Sensing.kernelLetsUs();
    }

    /** Each open that got the file is told, and by its true name; whatever the name was before and after. */
    @ParameterizedTest
    @CsvSource({"rewritten, none", "rewritten, bpf_rdonly_cast", "raced, none", "raced, bpf_rdonly_cast"})
    void openByANameThatChangesMeanwhileIsToldByTheFilesTrueName(String way, String leftOut) throws Exception {
        Path evade = Sensing.compile("evade", directory);
        Path secret = directory.toRealPath().resolve(SECRET);
        Files.writeString(secret, "s");
        Sensing sensing = Sensing.of(
                Sensing.settings(Sensing.ROOM, 1 << 24, Set.of(leftOut)),
                List.of(Sensing.opensOf(SECRET)),
                directory,
                "rm -rf /tmp/evade-a /tmp/evade-b; " + evade + " " + way + " " + secret
                        + " > told; rm -rf /tmp/evade-a /tmp/evade-b");

        long times = Long.parseLong(Files.readString(directory.resolve("told")).split(" ", 2)[0]);
        assertThat(times).isPositive();
        assertThat(sensing.lost(EventKind.FILE_OPEN)).isZero();
        assertThat(sensing.own(FileOpen.class))
                .filteredOn(o -> o.context().outcome() == Outcome.SUCCESS
                        && o.read()
                        && o.file().path().equals(secret.toString()))
                .hasSize((int) times);
    }

    /** What follows a text in a record is found again, whatever the text's length and whatever stood there before. */
    @Test
    void namesOfEachLengthLeaveWhatFollowsReadable() throws Exception {
        String before = "n".repeat(200);
        StringBuilder script = new StringBuilder("cp /bin/true " + before + "; ");
        for (int length = 1; length <= 40; length++) {
            String name = "a".repeat(length);
            script.append("ln ")
                    .append(before)
                    .append(' ')
                    .append(name)
                    .append("; ./")
                    .append(before);
            script.append("; ./").append(name).append("; ");
        }
        Sensing sensing = Sensing.of(
                Sensing.settings(Sensing.ROOM, Sensing.ROOM, Set.of()),
                List.of(new Interest(EventKind.CHANGE_ROOT, List.of())),
                directory,
                script.toString());

        assertThat(sensing.own(ProcessSnapshot.class))
                .filteredOn(snapshot -> snapshot.facts().args().get(0).startsWith("./"))
                .hasSize(80)
                .allSatisfy(snapshot -> {
                    assertThat(snapshot.facts().workingDirectory())
                            .as(snapshot.facts().args().get(0))
                            .isEqualTo(directory.toRealPath().toString());
                    assertThat(snapshot.facts().stdin()).startsWith("pipe:");
                });
    }

    /** Where /proc is mounted, or what of it is bound where, does not tell what its files are. */
    @Test
    void filesOfProcAreNamedAlikeWhereverTheyAreMounted() throws Exception {
        Path evade = Sensing.compile("evade", directory);
        Sensing sensing = Sensing.of(
                Sensing.settings(Sensing.ROOM, Sensing.ROOM, Set.of()),
                List.of(Sensing.opensOf("core_pattern")),
                directory,
                "unshare -m " + evade + " deep /proc/sys/kernel/core_pattern; rm -rf ddd*;"
                        + " unshare -m sh -c 'mkdir bound; mount --bind /proc/sys/kernel bound; cat bound/core_pattern'");

        assertThat(sensing.own(FileOpen.class))
                .filteredOn(open -> String.valueOf(open.file().rawPath()).endsWith("core_pattern"))
                .extracting(open -> open.file().path())
                .hasSize(2)
                .containsOnly("/proc/sys/kernel/core_pattern");
    }

    /** On the file system of the root directory a bind mount makes no new name. */
    @Test
    void boundDirectoryIsNamedAsItIs() throws Exception {
        Path work = Files.createDirectories(directory.toRealPath().resolve("kept"));
        Sensing sensing = Sensing.of(
                Sensing.settings(Sensing.ROOM, Sensing.ROOM, Set.of()),
                List.of(Sensing.opensOf("kept")),
                directory,
                "touch kept/secret; mkdir -p bound; unshare -m sh -c 'mount --bind kept bound; cat bound/secret'");

        assertThat(sensing.own(FileOpen.class))
                .extracting(open -> open.file().path())
                .containsOnly(work + "/secret");
        assertThat(sensing.own(FileOpen.class))
                .anySatisfy(open ->
                        assertThat(String.valueOf(open.file().rawPath())).isEqualTo("bound/secret"));
    }

    /** A path that is too long to be told is told by its end, which is what rules ask of. */
    @Test
    void pathThatIsTooLongIsToldByItsEnd() throws Exception {
        Path evade = Sensing.compile("evade", directory);
        Sensing sensing = Sensing.of(
                Sensing.settings(Sensing.ROOM, Sensing.ROOM, Set.of()),
                List.of(Sensing.opensOf("core_pattern")),
                directory,
                evade + " buried /etc/core_pattern; rm -rf ddd*");

        assertThat(sensing.own(FileOpen.class))
                .filteredOn(open -> String.valueOf(open.file().rawPath()).endsWith("core_pattern"))
                .hasSize(1)
                .allSatisfy(open -> {
                    assertThat(open.file().path()).startsWith("/ddd").endsWith("ddd/core_pattern");
                    assertThat(open.file().path().length()).isGreaterThan(3700);
                });
    }

    @Test
    void operationsOfIoUringAreToldAsTheCallsThatTheyStandFor() throws Exception {
        Path uring = Sensing.compile("uring", directory);
        String here = directory.toRealPath() + "/work/";
        Sensing.run(directory, "mkdir work; touch work/a");
        List<Interest> interests = Stream.of(
                        EventKind.FILE_OPEN,
                        EventKind.FILE_RENAME,
                        EventKind.FILE_LINK,
                        EventKind.FILE_SYMLINK,
                        EventKind.FILE_UNLINK,
                        EventKind.FILE_MKDIR,
                        EventKind.NETWORK_CONNECT)
                .map(kind -> new Interest(kind, List.of()))
                .toList();
        Sensing sensing = Sensing.of(
                Sensing.settings(Sensing.ROOM, Sensing.ROOM, Set.of()),
                interests,
                directory,
                "cd work; for o in 'open a' 'write ./a' 'open2 a' 'write2 " + here
                        + "a' 'rename a b' 'link b ../work/c' 'symlink b d' 'mkdir e' 'unlink c' 'connect 127.0.0.9'; do "
                        + uring + " $o; done");

        List<KernelEvent> told = sensing.own().stream()
                .filter(e -> e.context().outcome() == Outcome.UNKNOWN
                        && interests.stream().anyMatch(i -> i.kind() == e.kind()))
                .toList();
        assertThat(told)
                .extracting(BpfEvasionIT::summary)
                .containsExactly(
                        "open " + here + "a read",
                        "open " + here + "a write",
                        "open " + here + "a read",
                        "open " + here + "a write",
                        "rename " + here + "a " + here + "b",
                        "link " + here + "b " + here + "c",
                        "symlink " + here + "d b",
                        "mkdir " + here + "e 755",
                        "unlink " + here + "c",
                        "connect 127.0.0.9 80");
    }

    private static String summary(KernelEvent event) {
        if (event instanceof FileOpen open) {
            return "open " + open.file().path() + (open.write() ? " write" : " read");
        } else if (event instanceof FileRename rename) {
            return "rename " + rename.file().path() + " " + rename.target().path();
        } else if (event instanceof FileLink link) {
            return "link " + link.file().path() + " " + link.target().path();
        } else if (event instanceof FileSymlink link) {
            return "symlink " + link.file().path() + " " + link.target();
        } else if (event instanceof FileMkdir made) {
            return "mkdir " + made.file().path() + " " + Integer.toOctalString(made.mode());
        } else if (event instanceof FileUnlink removed) {
            return "unlink " + removed.file().path();
        }
        NetworkConnect connect = (NetworkConnect) event;
        return "connect " + connect.address().ip() + " " + connect.address().port();
    }
}
