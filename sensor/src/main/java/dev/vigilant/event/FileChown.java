// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.event;

/**
 * A file whose owner was changed.
 *
 * @param context when, who, and with what result
 * @param file the file
 * @param uid new owner, -1 when left alone
 * @param gid new group, -1 when left alone
 */
public record FileChown(Context context, FileTarget file, long uid, long gid) implements FileEvent {
    @Override
    public EventKind kind() {
        return EventKind.FILE_CHOWN;
    }
}
