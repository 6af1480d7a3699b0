// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.event;

import org.jspecify.annotations.Nullable;

/**
 * An extended attribute that was set or removed.
 *
 * @param context when, who, and with what result
 * @param file the file
 * @param name attribute name, null when the source does not tell
 * @param removed whether it was removed
 */
public record FileXattr(
        Context context, FileTarget file, @Nullable String name, boolean removed) implements FileEvent {
    @Override
    public EventKind kind() {
        return EventKind.FILE_XATTR;
    }
}
