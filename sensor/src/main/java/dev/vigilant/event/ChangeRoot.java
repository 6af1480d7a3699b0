// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.event;

/**
 * A process that changed its root directory with chroot.
 *
 * @param context when, who, and with what result
 * @param file the new root
 */
public record ChangeRoot(Context context, FileTarget file) implements FileEvent {
    @Override
    public EventKind kind() {
        return EventKind.CHANGE_ROOT;
    }
}
