// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.event;

/**
 * A syscall for which there is no event of its own.
 *
 * @param context when, who, and with what result
 * @param name the syscall's name, or its number
 * @param a0 first argument
 * @param a1 second argument
 * @param a2 third argument
 * @param a3 fourth argument
 */
public record SystemCall(Context context, String name, long a0, long a1, long a2, long a3) implements KernelEvent {
    @Override
    public EventKind kind() {
        return EventKind.SYSTEM_CALL;
    }
}
