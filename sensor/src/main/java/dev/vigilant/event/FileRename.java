// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.event;

/**
 * A file that was renamed.
 *
 * @param context when, who, and with what result
 * @param file the old name
 * @param target the new name
 */
public record FileRename(Context context, FileTarget file, FileTarget target) implements FileEvent {
    @Override
    public EventKind kind() {
        return EventKind.FILE_RENAME;
    }
}
