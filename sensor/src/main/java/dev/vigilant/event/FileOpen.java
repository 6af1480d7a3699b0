// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.event;

/**
 * A file that was opened or created: open, openat, openat2, creat, open_by_handle_at.
 *
 * @param context when, who, and with what result
 * @param file what was opened
 * @param flags O_* flags of asm-generic/fcntl.h
 * @param mode permission bits asked for at creation, 0 otherwise
 * @param created whether this call made the file
 */
public record FileOpen(Context context, FileTarget file, long flags, int mode, boolean created) implements FileEvent {
    @Override
    public EventKind kind() {
        return EventKind.FILE_OPEN;
    }

    /** Opened for writing: O_WRONLY or O_RDWR. */
    @Bits(component = "flags", mask = 0x3)
    public boolean write() {
        return (flags & 0x3) != 0;
    }

    /** Opened for reading: O_RDONLY or O_RDWR, and not only a reference (O_PATH). */
    public boolean read() {
        return (flags & 0x1) == 0 && (flags & 0x200000) == 0;
    }

    /** O_CREAT was given. */
    @Bits(component = "flags", mask = 0x40)
    public boolean create() {
        return (flags & 0x40) != 0;
    }

    /** O_TRUNC was given. */
    @Bits(component = "flags", mask = 0x200)
    public boolean truncate() {
        return (flags & 0x200) != 0;
    }

    /** O_APPEND was given. */
    @Bits(component = "flags", mask = 0x400)
    public boolean append() {
        return (flags & 0x400) != 0;
    }

    /** O_CREAT was given with an execute bit among the permissions. */
    @Bits(component = "mode", mask = 0x49)
    public boolean executableMode() {
        return (mode & 0x49) != 0;
    }
}
