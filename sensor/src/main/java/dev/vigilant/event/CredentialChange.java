// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.event;

/**
 * A process that asked for other user or group ids (setuid family).
 *
 * @param context when, who, and with what result
 * @param operation the syscall: setuid, setresuid, setgid, setgroups, ...
 * @param targetId the id asked for, -1 when left alone
 */
public record CredentialChange(Context context, String operation, long targetId) implements KernelEvent {
    @Override
    public EventKind kind() {
        return EventKind.CREDENTIAL_CHANGE;
    }
}
