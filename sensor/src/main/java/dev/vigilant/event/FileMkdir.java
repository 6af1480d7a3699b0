// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.event;

/**
 * A directory that was made.
 *
 * @param context when, who, and with what result
 * @param file the directory
 * @param mode permission bits asked for
 */
public record FileMkdir(Context context, FileTarget file, int mode) implements FileEvent {
    @Override
    public EventKind kind() {
        return EventKind.FILE_MKDIR;
    }
}
