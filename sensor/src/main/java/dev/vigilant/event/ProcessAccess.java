// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.event;

import org.jspecify.annotations.Nullable;

/**
 * A process that reached into another: ptrace, process_vm_readv, process_vm_writev, pidfd_getfd.
 *
 * @param context when, who, and with what result
 * @param operation the syscall
 * @param request PTRACE_* request, 0 for the others
 * @param targetPid pid given by the caller, in its pid namespace
 * @param targetName comm of the target, null when the source does not tell
 */
public record ProcessAccess(
        Context context,
        String operation,
        long request,
        int targetPid,
        @Nullable String targetName) implements KernelEvent {
    @Override
    public EventKind kind() {
        return EventKind.PROCESS_ACCESS;
    }
}
