// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.event;

/**
 * A use of the kernel keyring: add_key, request_key, keyctl.
 *
 * @param context when, who, and with what result
 * @param operation the syscall
 * @param command KEYCTL_* command, -1 for the others
 */
public record KeyringChange(Context context, String operation, long command) implements KernelEvent {
    @Override
    public EventKind kind() {
        return EventKind.KEYRING_CHANGE;
    }
}
