// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.event;

/**
 * A process (thread group) that ended.
 *
 * @param context when, who, and with what result
 * @param exitCode status given to exit_group, 0 when killed
 * @param signal signal that ended it, 0 if none
 */
public record ProcessExit(Context context, int exitCode, int signal) implements KernelEvent {
    @Override
    public EventKind kind() {
        return EventKind.PROCESS_EXIT;
    }
}
