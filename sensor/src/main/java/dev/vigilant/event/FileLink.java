// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.event;

/**
 * A hard link that was made.
 *
 * @param context when, who, and with what result
 * @param file the existing file
 * @param target the new name
 */
public record FileLink(Context context, FileTarget file, FileTarget target) implements FileEvent {
    @Override
    public EventKind kind() {
        return EventKind.FILE_LINK;
    }
}
