// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.event;

/**
 * A syscall that a seccomp filter acted upon.
 *
 * @param context when, who, and with what result
 * @param deniedSyscall the syscall's name
 * @param signal signal delivered, 0 if none
 * @param code SECCOMP_RET_* value
 */
public record SeccompAction(Context context, String deniedSyscall, int signal, long code) implements KernelEvent {
    @Override
    public EventKind kind() {
        return EventKind.SECCOMP_ACTION;
    }
}
