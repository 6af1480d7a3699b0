// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.event;

/**
 * A process that was created by fork, vfork, clone or clone3 (not a thread).
 *
 * @param context when, who, and with what result
 * @param childPid pid of the new process, in the initial pid namespace
 * @param flags clone flags, 0 when the source does not tell
 */
public record ProcessFork(Context context, int childPid, long flags) implements KernelEvent {
    @Override
    public EventKind kind() {
        return EventKind.PROCESS_FORK;
    }
}
