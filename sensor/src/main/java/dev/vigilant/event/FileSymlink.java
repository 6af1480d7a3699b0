// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.event;

import org.jspecify.annotations.Nullable;

/**
 * A symbolic link that was made.
 *
 * @param context when, who, and with what result
 * @param file the link
 * @param target what the link says, null when the source does not tell
 */
public record FileSymlink(
        Context context, FileTarget file, @Nullable String target) implements FileEvent {
    @Override
    public EventKind kind() {
        return EventKind.FILE_SYMLINK;
    }
}
