// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.event;

/**
 * A capability that the kernel was asked about on behalf of a process.
 *
 * @param context when, who, and with what result
 * @param capability CAP_* number of linux/capability.h
 * @param granted whether the kernel granted it
 */
public record CapabilityUse(Context context, int capability, boolean granted) implements KernelEvent {
    @Override
    public EventKind kind() {
        return EventKind.CAPABILITY_USE;
    }
}
