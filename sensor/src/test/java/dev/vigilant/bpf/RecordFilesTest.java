// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vigilant.bpf.BpfRecord.Kind;
import dev.vigilant.bpf.BpfRecord.Tag;
import dev.vigilant.event.ChangeRoot;
import dev.vigilant.event.FileChmod;
import dev.vigilant.event.FileOpen;
import dev.vigilant.event.FileRename;
import dev.vigilant.event.MountChange;
import dev.vigilant.event.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Files of records: which name a rule gets to see. */
class RecordFilesTest {
    private static final int OPENED = 255;

    private static MadeRecord opened(int flags, String fileSystem, String raw, String path) {
        return MadeRecord.call("openat", -100, 1, 0x80000)
                .result(3)
                .text(Tag.PATH, 1, raw)
                .file(OPENED, flags, fileSystem, path);
    }

    private static FileOpen failed(String base, String raw) {
        return MadeRecord.call("openat", -100, 1, 0)
                .result(-2)
                .text(Tag.PATH, 1, raw)
                .text(Tag.BASE, 1, base)
                .event(FileOpen.class);
    }

    @Test
    void openHasTheFileThatWasOpenedAndTheNameThatWasAsked() {
        FileOpen open = opened(0, "overlay", "../x/link", "/etc/shadow").event(FileOpen.class);

        assertThat(open.file().path()).isEqualTo("/etc/shadow");
        assertThat(open.file().rawPath()).isEqualTo("../x/link");
        assertThat(open.file().inode()).isEqualTo(17);
        assertThat(open.file().deviceMajor()).isEqualTo(8);
        assertThat(open.file().deviceMinor()).isEqualTo(1);
        assertThat(open.file().mode()).isEqualTo(0100640);
        assertThat(open.file().type()).isEqualTo("file");
        assertThat(open.file().uid()).isEqualTo(9);
        assertThat(open.file().gid()).isEqualTo(42);
        assertThat(open.file().fileSystem()).isEqualTo("overlay");
        assertThat(open.flags()).isEqualTo(0x80000);
        assertThat(open.created()).isFalse();
        assertThat(open.context().outcome()).isEqualTo(Outcome.SUCCESS);
        assertThat(open.context().result()).isEqualTo(3);
    }

    @Test
    void aPathEndsAtTheFirstZeroWhereverItIs() {
        String text = "/\u0001x\u00e9\u007f/\ud83d\ude00abcdefghij";
        byte[] whole = text.getBytes(StandardCharsets.UTF_8);
        for (int length = 1; length <= whole.length; length++) {
            String path = new String(whole, 0, length, StandardCharsets.UTF_8);
            for (int behind = 0; behind < 10; behind++) {
                byte[] content = Arrays.copyOf(whole, length + behind);
                Arrays.fill(content, length, content.length, (byte) 1);
                if (behind > 0) {
                    content[length] = 0;
                }
                FileOpen open = MadeRecord.call("openat", -100, 1, 0)
                        .result(3)
                        .text(Tag.PATH, 1, "x")
                        .file(OPENED, 0, "ext4", content)
                        .event(FileOpen.class);
                assertThat(open.file().path()).isEqualTo(path);
            }
        }
    }

    @Test
    void openThatMadeTheFileSaysSo() {
        assertThat(opened(RecordFiles.CREATED, "ext4", "x", "/tmp/x")
                        .event(FileOpen.class)
                        .created())
                .isTrue();
    }

    @Test
    void processesOwnFilesOfProcAreNamedSelf() {
        assertThat(opened(RecordFiles.OWN, "proc", "/proc/self/environ", "/proc/200/environ")
                        .event(FileOpen.class)
                        .file()
                        .path())
                .isEqualTo("/proc/self/environ");
        assertThat(opened(RecordFiles.OWN, "proc", "environ", "/proc/200/task/201/environ")
                        .event(FileOpen.class)
                        .file()
                        .path())
                .isEqualTo("/proc/self/task/201/environ");
        assertThat(opened(RecordFiles.OWN, "proc", "/proc/self", "/proc/200")
                        .event(FileOpen.class)
                        .file()
                        .path())
                .isEqualTo("/proc/self");
    }

    @Test
    void numberThatTheProgramAskedForStays() {
        assertThat(opened(RecordFiles.OWN, "proc", "/proc/1/environ", "/proc/1/environ")
                        .event(FileOpen.class)
                        .file()
                        .path())
                .isEqualTo("/proc/1/environ");
    }

    @Test
    void otherProcessesFilesOfProcKeepTheirNumber() {
        assertThat(opened(0, "proc", "x", "/proc/7/environ")
                        .event(FileOpen.class)
                        .file()
                        .path())
                .isEqualTo("/proc/7/environ");
    }

    @Test
    void hostsFileIsNamedBelowTheRootOfPid1() {
        assertThat(opened(RecordFiles.HOST | 32, "ext4", "shadow", "/etc/shadow")
                        .event(FileOpen.class)
                        .file()
                        .path())
                .isEqualTo("/proc/1/root/etc/shadow");
    }

    @Test
    void failedOpenJoinsDirectoryAndName() {
        assertThat(failed("/srv/w", "a/b").file().path()).isEqualTo("/srv/w/a/b");
        assertThat(failed("/srv/w", "a/b").file().rawPath()).isEqualTo("a/b");
        assertThat(failed("/srv/w", "a/b").context().outcome()).isEqualTo(Outcome.FAILURE);
        assertThat(failed("/srv/w", "../../etc/./shadow").file().path()).isEqualTo("/etc/shadow");
        assertThat(failed("/", "/etc/shadow").file().path()).isEqualTo("/etc/shadow");
    }

    @Test
    void failedOpenInAChrootIsNamedFromTheTrueRoot() {
        assertThat(failed("/jail", "/etc/shadow").file().path()).isEqualTo("/jail/etc/shadow");
        assertThat(failed("/jail", "/etc/shadow").file().rawPath()).isEqualTo("/etc/shadow");
    }

    @Test
    void rootDirectoryOfAChrootHasNoParent() {
        assertThat(failed("/jail", "/../../etc/shadow").file().path()).isEqualTo("/jail/etc/shadow");
        assertThat(failed("/", "/../etc/shadow").file().path()).isEqualTo("/etc/shadow");
    }

    @Test
    void nameThatCouldNotBeReadIsEmpty() {
        FileOpen open = MadeRecord.call("openat", -100, 1, 0)
                .result(-14)
                .unreadable(Tag.PATH, 1)
                .text(Tag.BASE, 1, "/srv")
                .event(FileOpen.class);

        assertThat(open.file().path()).isEmpty();
        assertThat(open.context().outcome()).isEqualTo(Outcome.FAILURE);
    }

    @Test
    void fileIsFoundBehindANameThatCouldNotBeRead() {
        FileOpen open = MadeRecord.call("openat", -100, 1, 0)
                .result(3)
                .unreadable(Tag.PATH, 1)
                .file(OPENED, 0, "ext4", "/etc/shadow")
                .event(FileOpen.class);

        assertThat(open.file().path()).isEqualTo("/etc/shadow");
    }

    @Test
    void nameThatIsNoUtf8IsReadAllTheSame() {
        byte[] name = {'/', 'a', (byte) 0xff, (byte) 0xfe, '/', 's'};
        FileOpen open = MadeRecord.call("openat", -100, 1, 0)
                .result(3)
                .section(Tag.PATH, 1, name)
                .file(OPENED, 0, "ext4", name)
                .event(FileOpen.class);

        assertThat(open.file().path()).isEqualTo("/a\ufffd\ufffd/s");
        assertThat(open.file().rawPath()).isEqualTo("/a\ufffd\ufffd/s");
    }

    @Test
    void descriptorStandsForItsFile() {
        FileChmod chmod = MadeRecord.call("fchmod", 5, 04755)
                .file(0, 0, "ext4", "/srv/tool")
                .event(FileChmod.class);

        assertThat(chmod.file().path()).isEqualTo("/srv/tool");
        assertThat(chmod.mode()).isEqualTo(04755);
    }

    @Test
    void renameJoinsEachNameToItsOwnDirectory() {
        FileRename rename = MadeRecord.call("renameat", 5, 1, 6, 1)
                .text(Tag.PATH, 1, "x")
                .text(Tag.BASE, 1, "/from")
                .text(Tag.PATH, 3, "y")
                .text(Tag.BASE, 3, "/to")
                .event(FileRename.class);

        assertThat(rename.file().path()).isEqualTo("/from/x");
        assertThat(rename.target().path()).isEqualTo("/to/y");
    }

    @Test
    void newRootIsTheDirectoryThatItBecame() {
        assertThat(MadeRecord.call("chroot", 1)
                        .text(Tag.PATH, 0, "/srv/jail")
                        .event(ChangeRoot.class)
                        .file()
                        .path())
                .isEqualTo("/srv/jail");
    }

    @Test
    void sourceOfABindMountIsAPath() {
        MountChange mount = MadeRecord.call("mount", 1, 1, 0, 0x1000, 0)
                .text(Tag.PATH, 1, "b")
                .text(Tag.BASE, 1, "/srv")
                .text(Tag.PATH, 0, "../etc")
                .text(Tag.BASE, 0, "/srv")
                .unreadable(Tag.TEXT, 2)
                .event(MountChange.class);

        assertThat(mount.device()).isEqualTo("/etc");
        assertThat(mount.file().path()).isEqualTo("/srv/b");
        assertThat(mount.fileSystem()).isNull();
        assertThat(mount.bind()).isTrue();
    }

    @Test
    void sourceOfAFileSystemWithoutDeviceIsWhateverItWasCalled() {
        MountChange mount = MadeRecord.call("mount", 1, 1, 1, 0, 0)
                .text(Tag.PATH, 1, "/mnt")
                .text(Tag.BASE, 1, "/")
                .text(Tag.PATH, 0, "tmpfs")
                .text(Tag.BASE, 0, "/srv")
                .text(Tag.TEXT, 2, "tmpfs")
                .event(MountChange.class);

        assertThat(mount.device()).isEqualTo("tmpfs");
        assertThat(mount.fileSystem()).isEqualTo("tmpfs");
        assertThat(mount.file().path()).isEqualTo("/mnt");
    }

    @Test
    void openByRingIsAnOpen() {
        FileOpen open = MadeRecord.of(Kind.URING)
                .number(18)
                .arguments(0, 0, 0x241, 0644)
                .text(Tag.PATH, 1, "../etc/shadow")
                .text(Tag.BASE, 1, "/tmp")
                .event(FileOpen.class);

        assertThat(open.file().path()).isEqualTo("/etc/shadow");
        assertThat(open.flags()).isEqualTo(0x241);
        assertThat(open.mode()).isEqualTo(0644);
        assertThat(open.context().outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(open.context().syscall()).isNull();
    }
}
