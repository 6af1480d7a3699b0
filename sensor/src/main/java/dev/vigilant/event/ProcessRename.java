// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.event;

/**
 * A process that gave itself another name (comm); feeds the process table, not the rules.
 *
 * @param context when, who, and with what result
 * @param name the new comm
 */
public record ProcessRename(Context context, String name) implements KernelEvent {
    @Override
    public EventKind kind() {
        return EventKind.PROCESS_RENAME;
    }
}
