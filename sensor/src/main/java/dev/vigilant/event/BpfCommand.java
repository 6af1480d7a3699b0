// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.event;

/**
 * A use of the bpf syscall.
 *
 * @param context when, who, and with what result
 * @param command BPF_* command of linux/bpf.h
 */
public record BpfCommand(Context context, int command) implements KernelEvent {
    @Override
    public EventKind kind() {
        return EventKind.BPF_COMMAND;
    }
}
