// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vigilant.event.ChangeRoot;
import dev.vigilant.event.FileChmod;
import dev.vigilant.event.FileChown;
import dev.vigilant.event.FileLink;
import dev.vigilant.event.FileMkdir;
import dev.vigilant.event.FileMknod;
import dev.vigilant.event.FileOpen;
import dev.vigilant.event.FileRename;
import dev.vigilant.event.FileSymlink;
import dev.vigilant.event.FileTruncate;
import dev.vigilant.event.FileUnlink;
import dev.vigilant.event.FileXattr;
import dev.vigilant.event.MountChange;
import dev.vigilant.event.Outcome;
import org.junit.jupiter.api.Test;

/** Records as Linux 6.18 wrote them. */
class FileEventsTest {
    private static final String CWD = "CWD cwd=\"/srv/w\"\n";
    private static final String PARENT =
            "PATH item=0 name=\"/srv/w\" inode=2154745 dev=fe:00 mode=040755 ouid=0 ogid=0 rdev=00:00 nametype=PARENT\n";

    private static String path(int item, String name, String nameType) {
        return path(item, name, nameType, "0100644", "00:00");
    }

    private static String path(int item, String name, String nameType, String mode, String rdev) {
        return "PATH item=" + item + " name=" + name + " inode=" + (100 + item) + " dev=fe:00 mode=" + mode
                + " ouid=3 ogid=4 rdev=" + rdev + " nametype=" + nameType + " cap_fp=0\n";
    }

    @Test
    void openTellsFileFlagsAndMode() {
        FileOpen open = Records.syscall(
                FileOpen.class,
                257,
                "success=yes exit=5 a0=ffffff9c a1=55 a2=241 a3=9ed",
                CWD + PARENT + path(1, "\"sub/../plain\"", "CREATE"));

        assertThat(open.file().path()).isEqualTo("/srv/w/plain");
        assertThat(open.file().rawPath()).isEqualTo("sub/../plain");
        assertThat(open.file().inode()).isEqualTo(101);
        assertThat(open.file().deviceMajor()).isEqualTo(0xfe);
        assertThat(open.file().uid()).isEqualTo(3);
        assertThat(open.file().gid()).isEqualTo(4);
        assertThat(open.file().mode()).isEqualTo(0100644);
        assertThat(open.flags()).isEqualTo(0x241);
        assertThat(open.mode()).isEqualTo(04755);
        assertThat(open.created()).isTrue();
        assertThat(open.write()).isTrue();
        assertThat(open.result()).isEqualTo(5);
        assertThat(open.syscall()).isEqualTo("openat");
    }

    @Test
    void ownRootAndWorkingDirectoryAreFollowed() {
        assertThat(opened("/proc/self/root/etc/shadow")).isEqualTo("/etc/shadow");
        assertThat(opened("/proc/thread-self/cwd/a/../b")).isEqualTo("/srv/w/b");
        assertThat(opened("/proc/self/root")).isEqualTo("/proc/self/root");
        assertThat(opened("/proc/1/root/etc/shadow")).isEqualTo("/proc/1/root/etc/shadow");
    }

    private static String opened(String name) {
        return Records.syscall(
                        FileOpen.class,
                        257,
                        "success=yes exit=5 a0=ffffff9c a1=55 a2=0 a3=0",
                        CWD + path(0, "\"" + name + "\"", "NORMAL"))
                .file()
                .path();
    }

    @Test
    void nameWithControlCharactersIsDecoded() {
        FileOpen open = Records.syscall(
                FileOpen.class,
                2,
                "success=yes exit=5 a0=1 a1=0 a2=0 a3=0",
                CWD + path(0, "6E616D65207769746820C3A40A", "NORMAL"));

        assertThat(open.file().path()).isEqualTo("/srv/w/name with ä\n");
        assertThat(open.created()).isFalse();
    }

    @Test
    void failedOpenTellsWhatWasAskedFor() {
        FileOpen open = Records.syscall(
                FileOpen.class,
                257,
                "success=no exit=-2 a0=ffffff9c a1=55 a2=41 a3=180",
                CWD + "PATH item=0 name=\"/nonexistent/dir/x\" nametype=UNKNOWN cap_fp=0\n");

        assertThat(open.file().path()).isEqualTo("/nonexistent/dir/x");
        assertThat(open.file().inode()).isZero();
        assertThat(open.context().outcome()).isEqualTo(Outcome.FAILURE);
        assertThat(open.result()).isEqualTo(-2);
    }

    @Test
    void openat2TakesFlagsFromItsOwnRecord() {
        FileOpen open = Records.syscall(
                FileOpen.class,
                437,
                "success=yes exit=7 a0=ffffff9c a1=55 a2=7ff a3=18",
                "OPENAT2 oflag=0102 mode=0640 resolve=0x0\n" + CWD + PARENT + path(1, "\"f\"", "CREATE"));

        assertThat(open.flags()).isEqualTo(0102);
        assertThat(open.mode()).isEqualTo(0640);
        assertThat(open.create()).isTrue();
    }

    @Test
    void nameRelativeToADescriptorIsNotGivenTheWorkingDirectory() {
        FileOpen open = Records.syscall(
                FileOpen.class,
                257,
                "success=yes exit=5 a0=4 a1=55 a2=41 a3=1a0",
                CWD + PARENT + path(1, "\"made\"", "CREATE"));

        assertThat(open.file().path()).isEqualTo("made");
    }

    @Test
    void namelessItemsBesideNamedOnesAreTheFileSystemsOwn() {
        FileOpen open = Records.syscall(
                FileOpen.class,
                257,
                "success=yes exit=5 a0=ffffff9c a1=55 a2=1 a3=0",
                CWD + path(0, "\"/etc/passwd\"", "NORMAL") + path(1, "(null)", "PARENT") + path(2, "(null)", "CREATE"));

        assertThat(open.file().path()).isEqualTo("/etc/passwd");
        assertThat(open.created()).isFalse();
    }

    @Test
    void renameOverAFileTellsBothNames() {
        FileRename rename = Records.syscall(
                FileRename.class,
                82,
                "success=yes exit=0 a0=1 a1=2 a2=0 a3=0",
                CWD
                        + PARENT
                        + PARENT.replace("item=0", "item=1")
                        + path(2, "\"hard3\"", "DELETE")
                        + path(3, "\"created\"", "DELETE")
                        + path(4, "\"created\"", "CREATE"));

        assertThat(rename.file().path()).isEqualTo("/srv/w/hard3");
        assertThat(rename.target().path()).isEqualTo("/srv/w/created");
        assertThat(rename.target().inode()).isEqualTo(104);
    }

    @Test
    void renameBetweenDescriptorsJoinsEachNameWithItsOwnDirectory() {
        FileRename rename = Records.syscall(
                FileRename.class,
                264,
                "success=yes exit=0 a0=ffffff9c a1=1 a2=4 a3=2",
                CWD
                        + PARENT
                        + PARENT.replace("item=0", "item=1")
                        + path(2, "\"created\"", "DELETE")
                        + path(3, "\"moved\"", "CREATE"));

        assertThat(rename.file().path()).isEqualTo("/srv/w/created");
        assertThat(rename.target().path()).isEqualTo("moved");
    }

    @Test
    void exchangeTellsTheDirectoriesOnly() {
        FileRename rename = Records.syscall(
                FileRename.class,
                316,
                "success=yes exit=0 a0=ffffff9c a1=1 a2=ffffff9c a3=2",
                CWD + PARENT.replace("/srv/w", "/new/") + PARENT.replace("item=0", "item=1"));

        assertThat(rename.file().path()).isEqualTo("/srv/w/");
        assertThat(rename.target().path()).isEqualTo("/new/");
    }

    @Test
    void linksTellBothEnds() {
        FileLink link = Records.syscall(
                FileLink.class,
                86,
                "success=yes exit=0 a0=1 a1=2 a2=0 a3=0",
                CWD + PARENT + path(1, "\"plain\"", "NORMAL") + path(2, "\"hard\"", "CREATE"));
        FileSymlink symlink = Records.syscall(
                FileSymlink.class,
                88,
                "success=yes exit=0 a0=1 a1=2 a2=0 a3=0",
                CWD + PARENT + "PATH item=1 name=2E2E2F72656C20746172676574 nametype=UNKNOWN cap_fp=0\n"
                        + path(2, "\"sub/link\"", "CREATE", "0120777", "00:00"));

        assertThat(link.file().path()).isEqualTo("/srv/w/plain");
        assertThat(link.target().path()).isEqualTo("/srv/w/hard");
        assertThat(symlink.file().path()).isEqualTo("/srv/w/sub/link");
        assertThat(symlink.file().type()).isEqualTo("symlink");
        assertThat(symlink.target()).isEqualTo("../rel target");
    }

    /** The kernel takes the note of the text for the note of the link when their ends are alike. */
    @Test
    void symlinkWhoseTextEndsLikeItsNameLiesWhereItWasMade() {
        String sub = PARENT.replace("/srv/w", "sub/");
        String created = path(1, "\"name\"", "CREATE", "0120777", "00:00");
        String abs = PARENT.replace("/srv/w", "/srv/");

        assertSymlink("a1=ffffff9c", sub + created, "/srv/w/sub/name", "name");
        assertSymlink("a1=ffffff9c", PARENT + created, "/srv/w/name", "name");
        assertSymlink("a1=ffffff9c", sub + created.replace("name\"", "etc/name\""), "/srv/w/sub/name", "etc/name");
        assertSymlink("a1=ffffff9c", abs + created.replace("\"name\"", "\"/etc/name\""), "/srv/name", "/etc/name");
        assertSymlink("a1=4", PARENT + created, "name", "name");
        assertSymlink("a1=4", sub + created.replace("name\"", "etc/name\""), "sub/name", "etc/name");
    }

    private static void assertSymlink(String directory, String paths, String path, String target) {
        FileSymlink symlink =
                Records.syscall(FileSymlink.class, 266, "success=yes exit=0 a0=1 " + directory + " a2=2", CWD + paths);
        assertThat(symlink.file().path()).isEqualTo(path);
        assertThat(symlink.file().inode()).isEqualTo(101);
        assertThat(symlink.target()).isEqualTo(target);
    }

    @Test
    void refusedSymlinkIsNotToldByItsText() {
        String text = "PATH item=1 name=\"plain\" nametype=UNKNOWN cap_fp=0\n";
        String link = "PATH item=0 name=\"nodir/link\" nametype=UNKNOWN cap_fp=0\n";

        FileSymlink exists = Records.syscall(
                FileSymlink.class, 266, "success=no exit=-17 a0=1 a1=ffffff9c a2=2", CWD + PARENT + text);
        FileSymlink nowhere = Records.syscall(FileSymlink.class, 88, "success=no exit=-2 a0=1 a1=2", CWD + link + text);

        assertThat(exists.file().path()).isEqualTo("/srv/w/");
        assertThat(exists.target()).isEqualTo("plain");
        assertThat(nowhere.file().path()).isEqualTo("/srv/w/nodir/link");
        assertThat(nowhere.target()).isEqualTo("plain");
    }

    @Test
    void unlinkTellsTheNameAndWhetherADirectoryWasMeant() {
        String removed = CWD + PARENT + path(1, "\"x\"", "DELETE");

        FileUnlink file = Records.syscall(FileUnlink.class, 87, "success=yes exit=0 a0=1 a1=0 a2=0 a3=0", removed);
        FileUnlink directory =
                Records.syscall(FileUnlink.class, 263, "success=yes exit=0 a0=ffffff9c a1=1 a2=200 a3=0", removed);

        assertThat(file.file().path()).isEqualTo("/srv/w/x");
        assertThat(file.directory()).isFalse();
        assertThat(directory.directory()).isTrue();
        assertThat(Records.syscall(FileUnlink.class, 84, "success=yes exit=0 a0=1", removed)
                        .directory())
                .isTrue();
    }

    @Test
    void refusedCallTellsTheDirectory() {
        FileUnlink unlink =
                Records.syscall(FileUnlink.class, 87, "success=no exit=-2 a0=1 a1=0 a2=0 a3=0", CWD + PARENT);
        FileMkdir viaDescriptor =
                Records.syscall(FileMkdir.class, 258, "success=no exit=-17 a0=4 a1=1 a2=1ed a3=0", CWD + PARENT);

        assertThat(unlink.file().path()).isEqualTo("/srv/w/");
        assertThat(unlink.file().inode()).isZero();
        assertThat(viaDescriptor.file().path()).isEmpty();
    }

    @Test
    void mknodTellsTheDeviceAskedFor() {
        FileMknod node = Records.syscall(
                FileMknod.class,
                259,
                "success=yes exit=0 a0=ffffff9c a1=1 a2=21b6 a3=10012c",
                CWD + PARENT + path(1, "\"chr\"", "CREATE", "020644", "01:12c"));

        assertThat(node.characterDevice()).isTrue();
        assertThat(node.mode() & 0777).isEqualTo(0666);
        assertThat(node.deviceMajor()).isEqualTo(1);
        assertThat(node.deviceMinor()).isEqualTo(300);
        assertThat(node.file().rdevMinor()).isEqualTo(300);
    }

    @Test
    void attributesAreTold() {
        String plain = CWD + path(0, "\"plain\"", "NORMAL");
        String nameless = path(0, "(null)", "NORMAL");

        assertThat(Records.syscall(FileChmod.class, 90, "success=yes exit=0 a0=1 a1=9ed", plain)
                        .mode())
                .isEqualTo(04755);
        assertThat(Records.syscall(FileChmod.class, 452, "success=yes exit=0 a0=ffffff9c a1=1 a2=1c9", plain)
                        .file()
                        .path())
                .isEqualTo("/srv/w/plain");
        FileChmod byDescriptor = Records.syscall(FileChmod.class, 91, "success=yes exit=0 a0=8 a1=1ff", CWD + nameless);
        assertThat(byDescriptor.file().path()).isEmpty();
        assertThat(byDescriptor.file().inode()).isEqualTo(100);
        FileChown chown = Records.syscall(FileChown.class, 92, "success=yes exit=0 a0=1 a1=3e8 a2=ffffffff", plain);
        assertThat(chown.uid()).isEqualTo(1000);
        assertThat(chown.gid()).isEqualTo(-1);
        assertThat(Records.syscall(FileXattr.class, 188, "success=yes exit=0 a0=1 a1=2", plain)
                        .removed())
                .isFalse();
        assertThat(Records.syscall(FileXattr.class, 197, "success=yes exit=0 a0=1 a1=2", plain)
                        .removed())
                .isTrue();
        assertThat(Records.syscall(FileTruncate.class, 76, "success=yes exit=0 a0=1 a1=a", plain)
                        .length())
                .isEqualTo(10);
    }

    @Test
    void bindMountTellsWhereAndWhat() {
        MountChange mount = Records.syscall(
                MountChange.class,
                165,
                "success=yes exit=0 a0=1 a1=2 a2=3 a3=1000",
                CWD
                        + path(0, "\"sub\"", "NORMAL", "040755", "00:00")
                        + path(1, "\"src\"", "NORMAL", "040755", "00:00"));

        assertThat(mount.file().path()).isEqualTo("/srv/w/sub");
        assertThat(mount.device()).isEqualTo("/srv/w/src");
        assertThat(mount.bind()).isTrue();
        assertThat(mount.operation()).isEqualTo("mount");
    }

    @Test
    void mountTellsItsTargetWhateverElseWasLookedUp() {
        String directory = path(0, "\"../w/./mnt\"", "NORMAL", "040755", "00:00");
        String link = path(0, "\"link\"", "NORMAL", "040755", "00:00");
        String noSource = "PATH item=1 name=\"nosrc\" nametype=UNKNOWN cap_fp=0\n";
        String noTarget = "PATH item=0 name=\"nodir/x\" nametype=UNKNOWN cap_fp=0\n";

        assertMount("success=yes exit=0 a3=0", directory, "/srv/w/mnt", null);
        assertMount("success=yes exit=0 a3=200021", directory, "/srv/w/mnt", null);
        // The link's own name: the kernel does not tell where it led.
        assertMount("success=yes exit=0 a3=0", link, "/srv/w/link", null);
        assertMount("success=no exit=-2 a3=1000", directory + noSource, "/srv/w/mnt", "/srv/w/nosrc");
        assertMount("success=no exit=-2 a3=1000", noTarget, "/srv/w/nodir/x", null);
        assertMount("success=no exit=-20 a3=0", path(0, "\"f\"", "NORMAL"), "/srv/w/f", null);
        assertMount("success=no exit=-22 a3=2000", directory + path(1, "\"a\"", "NORMAL"), "/srv/w/mnt", "/srv/w/a");
    }

    private static void assertMount(String outcome, String paths, String target, String device) {
        MountChange mount = Records.syscall(MountChange.class, 165, "a0=1 a1=2 a2=3 " + outcome, CWD + paths);
        assertThat(mount.file().path()).isEqualTo(target);
        assertThat(mount.device()).isEqualTo(device);
    }

    @Test
    void otherMountCallsTellTheirTarget() {
        String one = CWD + path(0, "\"mnt\"", "NORMAL", "040755", "00:00");
        String two = one + path(1, "\"mnt/old\"", "NORMAL", "040755", "00:00");

        MountChange umount = Records.syscall(MountChange.class, 166, "success=yes exit=0 a0=1 a1=2", one);
        assertThat(umount.flags()).isEqualTo(2);
        assertThat(umount.file().path()).isEqualTo("/srv/w/mnt");
        MountChange pivot = Records.syscall(MountChange.class, 155, "success=yes exit=0 a0=1 a1=2", two);
        assertThat(pivot.file().path()).isEqualTo("/srv/w/mnt");
        assertThat(pivot.device()).isNull();
        MountChange move =
                Records.syscall(MountChange.class, 429, "success=yes exit=0 a0=1c a1=1 a2=ffffff9c a3=2", two);
        assertThat(move.file().path()).isEqualTo("/srv/w/mnt");
        assertThat(move.device()).isEqualTo("mnt/old");
        MountChange fsopen = Records.syscall(MountChange.class, 430, "success=yes exit=9 a0=1 a1=0", "");
        assertThat(fsopen.file()).isNull();
        assertThat(Records.syscall(ChangeRoot.class, 161, "success=yes exit=0 a0=1", one)
                        .file()
                        .path())
                .isEqualTo("/srv/w/mnt");
    }

    @Test
    void fileSystemIsLookedUpByDevice() {
        Records records =
                new Records(AuditDecoder.Options.LIVE, (major, minor) -> major == 0xfe && minor == 0 ? "ext4" : null);
        records.record("SYSCALL", 1, "arch=c000003e syscall=2 success=yes exit=3 a0=1 a1=0 pid=1");
        records.record("PATH", 1, path(0, "\"/x\"", "NORMAL").substring(5).trim());
        records.record("EOE", 1, "");

        assertThat(((FileOpen) records.events.get(0)).file().fileSystem()).isEqualTo("ext4");
    }
}
