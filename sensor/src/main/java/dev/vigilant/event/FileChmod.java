// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.event;

/**
 * Permission bits that were changed: chmod, fchmod, fchmodat, fchmodat2.
 *
 * @param context when, who, and with what result
 * @param file the file
 * @param mode the new mode bits, with S_ISUID, S_ISGID, S_ISVTX
 */
public record FileChmod(Context context, FileTarget file, int mode) implements FileEvent {
    @Override
    public EventKind kind() {
        return EventKind.FILE_CHMOD;
    }

    /** The setuid bit is set. */
    @Bits(component = "mode", mask = 0x800)
    public boolean setuid() {
        return (mode & 0x800) != 0;
    }

    /** The setgid bit is set. */
    @Bits(component = "mode", mask = 0x400)
    public boolean setgid() {
        return (mode & 0x400) != 0;
    }

    /** An execute bit is set. */
    @Bits(component = "mode", mask = 0x49)
    public boolean executable() {
        return (mode & 0x49) != 0;
    }
}
