// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.event;

import org.jspecify.annotations.Nullable;

/**
 * An anonymous file in memory that was made.
 *
 * @param context when, who, and with what result
 * @param name name given to it, null when the source does not tell
 * @param flags MFD_* flags
 */
public record MemfdCreate(Context context, @Nullable String name, long flags) implements KernelEvent {
    @Override
    public EventKind kind() {
        return EventKind.MEMFD_CREATE;
    }
}
