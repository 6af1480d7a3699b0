// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.event;

/**
 * What /proc said about a process at one moment; feeds the process table, not the rules.
 *
 * @param context when, who, and with what result
 * @param facts the files of /proc/PID that were read
 */
public record ProcessSnapshot(Context context, ProcFacts facts) implements KernelEvent {
    @Override
    public EventKind kind() {
        return EventKind.PROCESS_SNAPSHOT;
    }
}
