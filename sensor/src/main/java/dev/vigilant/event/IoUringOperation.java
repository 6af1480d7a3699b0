// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.event;

/**
 * A use of io_uring: setup, register, or one submitted operation.
 *
 * @param context when, who, and with what result
 * @param operation io_uring_setup, io_uring_register or the opcode's name
 */
public record IoUringOperation(Context context, String operation) implements KernelEvent {
    @Override
    public EventKind kind() {
        return EventKind.IO_URING_OPERATION;
    }
}
