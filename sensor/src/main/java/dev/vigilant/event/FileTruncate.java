// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.event;

/**
 * A file that was cut by truncate or ftruncate.
 *
 * @param context when, who, and with what result
 * @param file the file
 * @param length new length in bytes
 */
public record FileTruncate(Context context, FileTarget file, long length) implements FileEvent {
    @Override
    public EventKind kind() {
        return EventKind.FILE_TRUNCATE;
    }
}
