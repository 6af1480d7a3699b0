// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.syscall;

import static dev.vigilant.syscall.SyscallFacts.NO_DIRECTORY;

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
import dev.vigilant.syscall.SyscallFacts.Mounted;
import dev.vigilant.syscall.SyscallFacts.Role;
import org.jspecify.annotations.Nullable;

/** Events of the syscalls that are about files and mounts. */
final class FileEvents {
    /** linux/mount.h */
    private static final long OPEN_TREE_CLONE = 1;

    private static final int O_CREAT_WRONLY_TRUNC = 0x241;
    private static final int AT_REMOVEDIR = 0x200;

    private FileEvents() {}

    static @Nullable KernelEvent event(SyscallFacts v) {
        return switch (v.name()) {
            case "open" -> open(v, 0, NO_DIRECTORY, v.argument(1), v.intArgument(2));
            case "creat" -> open(v, 0, NO_DIRECTORY, O_CREAT_WRONLY_TRUNC, v.intArgument(1));
            case "openat" -> open(v, 1, 0, v.argument(2), v.intArgument(3));
            case "openat2" -> open(v, 1, 0, v.memory(2, 0, 8), (int) v.memory(2, 1, 8));
            case "open_by_handle_at" -> open(v, 1, NO_DIRECTORY, v.argument(2), 0);
            case "rename" -> rename(v, 0, NO_DIRECTORY, 1, NO_DIRECTORY);
            case "renameat", "renameat2" -> rename(v, 1, 0, 3, 2);
            case "link" -> link(v, 0, NO_DIRECTORY, 1, NO_DIRECTORY);
            case "linkat" -> link(v, 1, 0, 3, 2);
            case "symlink" -> new FileSymlink(v.context(), v.file(Role.MADE, 1, NO_DIRECTORY), v.linkText());
            case "symlinkat" -> new FileSymlink(v.context(), v.file(Role.MADE, 2, 1), v.linkText());
            case "unlink" -> new FileUnlink(v.context(), v.file(Role.REMOVED, 0, NO_DIRECTORY), false);
            case "rmdir" -> new FileUnlink(v.context(), v.file(Role.REMOVED, 0, NO_DIRECTORY), true);
            case "unlinkat" ->
                new FileUnlink(v.context(), v.file(Role.REMOVED, 1, 0), (v.intArgument(2) & AT_REMOVEDIR) != 0);
            case "mkdir" ->
                new FileMkdir(v.context(), v.file(Role.MADE, 0, NO_DIRECTORY), permissions(v.intArgument(1)));
            case "mkdirat" -> new FileMkdir(v.context(), v.file(Role.MADE, 1, 0), permissions(v.intArgument(2)));
            case "mknod" -> mknod(v, 0, NO_DIRECTORY, v.intArgument(1), v.argument(2));
            case "mknodat" -> mknod(v, 1, 0, v.intArgument(2), v.argument(3));
            default -> attribute(v);
        };
    }

    private static @Nullable KernelEvent attribute(SyscallFacts v) {
        return switch (v.name()) {
            case "chmod", "fchmod" ->
                new FileChmod(v.context(), v.file(Role.USED, 0, NO_DIRECTORY), permissions(v.intArgument(1)));
            case "fchmodat", "fchmodat2" ->
                new FileChmod(v.context(), v.file(Role.USED, 1, 0), permissions(v.intArgument(2)));
            case "chown", "fchown", "lchown", "chown32", "fchown32", "lchown32" ->
                new FileChown(v.context(), v.file(Role.USED, 0, NO_DIRECTORY), v.intArgument(1), v.intArgument(2));
            case "fchownat" -> new FileChown(v.context(), v.file(Role.USED, 1, 0), v.intArgument(2), v.intArgument(3));
            case "setxattr", "lsetxattr", "fsetxattr" -> xattr(v, 0, NO_DIRECTORY, 1, false);
            case "removexattr", "lremovexattr", "fremovexattr" -> xattr(v, 0, NO_DIRECTORY, 1, true);
            case "setxattrat" -> xattr(v, 1, 0, 3, false);
            case "removexattrat" -> xattr(v, 1, 0, 3, true);
            case "truncate", "ftruncate", "truncate64", "ftruncate64" ->
                new FileTruncate(v.context(), v.file(Role.USED, 0, NO_DIRECTORY), v.argument(1));
            case "chroot" -> new ChangeRoot(v.context(), v.file(Role.USED, 0, NO_DIRECTORY));
            default -> mount(v);
        };
    }

    private static @Nullable KernelEvent mount(SyscallFacts v) {
        return switch (v.name()) {
            case "mount" ->
                new MountChange(
                        v.context(),
                        v.name(),
                        v.text(2),
                        v.mountSource(0, NO_DIRECTORY),
                        v.mountPoint(1, NO_DIRECTORY),
                        v.argument(3) & 0xffffffffL);
            case "umount2" -> mount(v, v.mountPoint(0, NO_DIRECTORY), null, v.argument(1) & 0xffffffffL);
            case "umount" -> mount(v, v.mountPoint(0, NO_DIRECTORY), null, 0);
            case "pivot_root" -> mount(v, v.mountPoint(0, NO_DIRECTORY), null, 0);
            case "move_mount" -> moveMount(v);
            case "open_tree", "open_tree_attr" -> openTree(v, v.mountPoint(1, 0));
            case "mount_setattr", "fspick" -> mount(v, v.mountPoint(1, 0), null, 0);
            case "fsopen" -> new MountChange(v.context(), v.name(), v.text(0), null, null, 0);
            case "fsconfig" -> mounted(v, v.mounted(0), null);
            case "fsmount" -> {
                Mounted made = v.mounted(SyscallFacts.RETURNED);
                yield mounted(v, made == null ? v.mounted(0) : made, null);
            }
            default -> null;
        };
    }

    /** A copy of a mount is made of what is at the path: that is the source of all that is done with its descriptor. */
    private static MountChange openTree(SyscallFacts v, @Nullable FileTarget file) {
        boolean copied = (v.argument(2) & OPEN_TREE_CLONE) != 0;
        return mount(v, file, copied && file != null ? file.path() : null, 0);
    }

    /** What is moved is a descriptor's mount, or what is at a path. */
    private static MountChange moveMount(SyscallFacts v) {
        FileTarget place = v.mountPoint(3, 2);
        Mounted moved = v.mounted(0);
        return moved == null ? mount(v, place, v.mountSource(1, 0), 0) : mounted(v, moved, place);
    }

    private static MountChange mounted(SyscallFacts v, @Nullable Mounted mounted, @Nullable FileTarget place) {
        return mounted == null
                ? mount(v, place, null, 0)
                : new MountChange(v.context(), v.name(), mounted.fileSystem(), mounted.source(), place, 0);
    }

    private static MountChange mount(SyscallFacts v, @Nullable FileTarget file, @Nullable String device, long flags) {
        return new MountChange(v.context(), v.name(), null, device, file, flags);
    }

    private static int permissions(int mode) {
        return mode & 07777;
    }

    private static FileOpen open(SyscallFacts v, int path, int directory, long flags, int mode) {
        return new FileOpen(
                v.context(), v.file(Role.OPENED, path, directory), flags & 0xffffffffL, permissions(mode), v.created());
    }

    private static FileRename rename(SyscallFacts v, int from, int fromDirectory, int to, int toDirectory) {
        return new FileRename(
                v.context(), v.file(Role.RENAMED, from, fromDirectory), v.file(Role.RENAMED_TO, to, toDirectory));
    }

    private static FileLink link(SyscallFacts v, int from, int fromDirectory, int to, int toDirectory) {
        return new FileLink(v.context(), v.file(Role.LINKED, from, fromDirectory), v.file(Role.MADE, to, toDirectory));
    }

    private static FileXattr xattr(SyscallFacts v, int path, int directory, int name, boolean removed) {
        return new FileXattr(v.context(), v.file(Role.USED, path, directory), v.text(name), removed);
    }

    /** Device numbers are packed as new_encode_dev of linux/kdev_t.h does. */
    private static FileMknod mknod(SyscallFacts v, int path, int directory, int mode, long device) {
        int major = (int) ((device & 0xfff00) >> 8);
        int minor = (int) ((device & 0xff) | ((device >> 12) & 0xfff00));
        return new FileMknod(v.context(), v.file(Role.MADE, path, directory), mode & 0177777, major, minor);
    }
}
