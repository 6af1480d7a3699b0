// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.event;

/**
 * A process that set its own capabilities with capset.
 *
 * @param context when, who, and with what result
 * @param effective bit set of CAP_* numbers
 * @param permitted bit set of CAP_* numbers
 * @param inheritable bit set of CAP_* numbers
 */
public record CapabilitySet(Context context, long effective, long permitted, long inheritable) implements KernelEvent {
    @Override
    public EventKind kind() {
        return EventKind.CAPABILITY_SET;
    }

    /** CAP_SYS_ADMIN is in the effective set. */
    @Bits(component = "effective", mask = 0x200000)
    public boolean sysAdmin() {
        return (effective & 0x200000) != 0;
    }
}
