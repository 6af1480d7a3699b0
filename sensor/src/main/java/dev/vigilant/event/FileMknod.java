// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.event;

/**
 * A device node, fifo or socket that was made by mknod.
 *
 * @param context when, who, and with what result
 * @param file the node
 * @param mode S_IF* type and permission bits asked for
 * @param deviceMajor major number asked for
 * @param deviceMinor minor number asked for
 */
public record FileMknod(Context context, FileTarget file, int mode, int deviceMajor, int deviceMinor)
        implements FileEvent {
    @Override
    public EventKind kind() {
        return EventKind.FILE_MKNOD;
    }

    /** Whether a block device was made. */
    public boolean blockDevice() {
        return (mode & 0xF000) == 0x6000;
    }

    /** Whether a character device was made. */
    public boolean characterDevice() {
        return (mode & 0xF000) == 0x2000;
    }
}
