// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.event;

/**
 * A name that was removed by unlink, unlinkat or rmdir.
 *
 * @param context when, who, and with what result
 * @param file the name removed
 * @param directory whether a directory was asked to go
 */
public record FileUnlink(Context context, FileTarget file, boolean directory) implements FileEvent {
    @Override
    public EventKind kind() {
        return EventKind.FILE_UNLINK;
    }
}
