// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.event;

import org.jspecify.annotations.Nullable;

/**
 * A change of the mount tree: mount, umount, remount, move, pivot_root or the new mount API.
 *
 * @param context when, who, and with what result
 * @param operation the syscall: mount, umount2, pivot_root, move_mount, open_tree, fsopen, fsmount, mount_setattr
 * @param fileSystem file system type, null when the source does not tell
 * @param device what is mounted, or copied by open_tree to be mounted; null when the source does not tell
 * @param file where it is mounted; of open_tree what is opened
 * @param flags MS_* or MNT_* flags
 */
public record MountChange(
        Context context,
        String operation,
        @Nullable String fileSystem,
        @Nullable String device,
        @Nullable FileTarget file,
        long flags)
        implements KernelEvent {
    @Override
    public EventKind kind() {
        return EventKind.MOUNT_CHANGE;
    }

    /** MS_REMOUNT. */
    @Bits(component = "flags", mask = 0x20)
    public boolean remount() {
        return (flags & 0x20) != 0;
    }

    /** MS_BIND. */
    @Bits(component = "flags", mask = 0x1000)
    public boolean bind() {
        return (flags & 0x1000) != 0;
    }
}
