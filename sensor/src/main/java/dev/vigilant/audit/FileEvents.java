// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.audit;

import dev.vigilant.event.ChangeRoot;
import dev.vigilant.event.FileChmod;
import dev.vigilant.event.FileChown;
import dev.vigilant.event.FileLink;
import dev.vigilant.event.FileMkdir;
import dev.vigilant.event.FileMknod;
import dev.vigilant.event.FileOpen;
import dev.vigilant.event.FileRename;
import dev.vigilant.event.FileSymlink;
import dev.vigilant.event.FileTarget;
import dev.vigilant.event.FileTruncate;
import dev.vigilant.event.FileUnlink;
import dev.vigilant.event.FileXattr;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.event.MountChange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Events of the syscalls that are about files and mounts. */
final class FileEvents {
    private static final int O_CREAT_WRONLY_TRUNC = 0x241;
    private static final int AT_REMOVEDIR = 0x200;
    private static final int NO_FD = -1;

    private FileEvents() {}

    static @Nullable KernelEvent event(SyscallView v) {
        return switch (v.name()) {
            case "open" -> open(v, NO_FD, v.argument(1), v.intArgument(2));
            case "creat" -> open(v, NO_FD, O_CREAT_WRONLY_TRUNC, v.intArgument(1));
            case "openat" -> open(v, 0, v.argument(2), v.intArgument(3));
            case "openat2" -> openat2(v);
            case "open_by_handle_at" -> open(v, NO_FD, v.argument(2), 0);
            case "rename" -> rename(v, NO_FD, NO_FD);
            case "renameat", "renameat2" -> rename(v, 0, 2);
            case "link" -> link(v, NO_FD, NO_FD);
            case "linkat" -> link(v, 0, 2);
            case "symlink" -> symlink(v, NO_FD);
            case "symlinkat" -> symlink(v, 1);
            case "unlink" -> new FileUnlink(v.context(), v.file(NO_FD, "DELETE"), false);
            case "rmdir" -> new FileUnlink(v.context(), v.file(NO_FD, "DELETE"), true);
            case "unlinkat" -> new FileUnlink(v.context(), v.file(0, "DELETE"), (v.intArgument(2) & AT_REMOVEDIR) != 0);
            case "mkdir" -> new FileMkdir(v.context(), v.file(NO_FD, "CREATE"), permissions(v.intArgument(1)));
            case "mkdirat" -> new FileMkdir(v.context(), v.file(0, "CREATE"), permissions(v.intArgument(2)));
            case "mknod" -> mknod(v, NO_FD, v.intArgument(1), v.argument(2));
            case "mknodat" -> mknod(v, 0, v.intArgument(2), v.argument(3));
            default -> attribute(v);
        };
    }

    private static @Nullable KernelEvent attribute(SyscallView v) {
        return switch (v.name()) {
            case "chmod", "fchmod" -> new FileChmod(v.context(), v.file(), permissions(v.intArgument(1)));
            case "fchmodat", "fchmodat2" -> new FileChmod(v.context(), v.file(0), permissions(v.intArgument(2)));
            case "chown", "fchown", "lchown", "chown32", "fchown32", "lchown32" ->
                new FileChown(v.context(), v.file(), v.intArgument(1), v.intArgument(2));
            case "fchownat" -> new FileChown(v.context(), v.file(0), v.intArgument(2), v.intArgument(3));
            case "setxattr", "lsetxattr", "fsetxattr", "setxattrat" ->
                new FileXattr(v.context(), v.file(), null, false);
            case "removexattr", "lremovexattr", "fremovexattr", "removexattrat" ->
                new FileXattr(v.context(), v.file(), null, true);
            case "truncate", "ftruncate", "truncate64", "ftruncate64" ->
                new FileTruncate(v.context(), v.file(), v.argument(1));
            case "chroot" -> new ChangeRoot(v.context(), v.file());
            case "mount" -> mount(v, NO_FD, NO_FD, v.argument(3));
            case "umount2" -> mount(v, NO_FD, NO_FD, v.argument(1));
            case "move_mount" -> mount(v, 2, 0, 0);
            case "open_tree", "open_tree_attr", "mount_setattr", "fspick" -> mount(v, 0, NO_FD, 0);
            case "umount", "pivot_root", "fsopen", "fsconfig", "fsmount" -> mount(v, NO_FD, NO_FD, 0);
            default -> null;
        };
    }

    private static int permissions(int mode) {
        return mode & 07777;
    }

    private static FileOpen open(SyscallView v, int directory, long flags, int mode) {
        boolean created = false;
        for (PathItem item : v.paths()) {
            created |= item.is("CREATE");
        }
        FileTarget file = v.file(directory, "CREATE", "NORMAL");
        return new FileOpen(v.context(), file, flags & 0xffffffffL, permissions(mode), created);
    }

    private static FileOpen openat2(SyscallView v) {
        Fields how = v.record(RecordType.OPENAT2);
        long flags = how == null ? 0 : how.number("oflag", 8, 0);
        int mode = how == null ? 0 : (int) how.number("mode", 8, 0);
        return open(v, 0, flags, mode);
    }

    private static FileRename rename(SyscallView v, int from, int to) {
        if (!v.hasNamed()) {
            // Refused, or RENAME_EXCHANGE: the kernel tells the two directories only, the new one first.
            return new FileRename(v.context(), v.target(null, from), v.inDirectory(to, 1));
        }
        return new FileRename(v.context(), v.file(from, "DELETE", "NORMAL", "UNKNOWN"), v.file(to, "CREATE"));
    }

    private static FileLink link(SyscallView v, int from, int to) {
        return new FileLink(v.context(), v.file(from, "NORMAL", "UNKNOWN"), v.file(to, "CREATE"));
    }

    /**
     * The kernel notes the link's text as a path of its own, without an inode. Where text and name end alike it takes that
     * note for the link's (__audit_inode_child of kernel/auditsc.c): then the text stands where the name should.
     */
    private static FileSymlink symlink(SyscallView v, int directory) {
        PathItem link = null;
        PathItem text = null;
        for (PathItem item : v.paths()) {
            if (item.is("CREATE")) {
                link = item;
            } else if (item.is("UNKNOWN") && item.inode() == 0) {
                text = item;
            }
        }
        if (text != null) {
            return new FileSymlink(v.context(), link(v, directory, link, text), text.name());
        }
        FileTarget file = link == null ? v.file(directory) : v.target(v.besideParent(link, directory), directory);
        return new FileSymlink(v.context(), file, link == null ? null : link.name());
    }

    /** Refused, a link has no path of its own, but for one whose directory is not there: that is noted before the text. */
    private static FileTarget link(SyscallView v, int directory, @Nullable PathItem link, PathItem text) {
        PathItem first = v.paths().get(0);
        boolean refused = link == null && (first.equals(text) || first.is("PARENT"));
        return refused ? v.inDirectory(directory, v.paths().size()) : v.target(link == null ? first : link, directory);
    }

    /** Device numbers are packed as new_encode_dev of linux/kdev_t.h does. */
    private static FileMknod mknod(SyscallView v, int directory, int mode, long device) {
        int major = (int) ((device & 0xfff00) >> 8);
        int minor = (int) ((device & 0xff) | ((device >> 12) & 0xfff00));
        return new FileMknod(v.context(), v.file(directory, "CREATE"), mode & 0177777, major, minor);
    }

    /** The kernel looks up the mount point first, then what is mounted, if that is a path at all. */
    private static MountChange mount(SyscallView v, int to, int from, long flags) {
        List<PathItem> paths = v.paths();
        FileTarget file = paths.isEmpty() ? null : v.target(paths.get(0), to);
        boolean hasDevice = paths.size() > 1 && !v.name().equals("pivot_root");
        String device = hasDevice ? v.target(paths.get(1), from).path() : null;
        return new MountChange(v.context(), v.name(), null, device, file, flags & 0xffffffffL);
    }
}
