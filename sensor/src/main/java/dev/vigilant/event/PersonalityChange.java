// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.event;

/**
 * A process whose execution domain was changed.
 *
 * @param context when, who, and with what result
 * @param persona PER_* and ADDR_NO_RANDOMIZE bits
 */
public record PersonalityChange(Context context, long persona) implements KernelEvent {
    @Override
    public EventKind kind() {
        return EventKind.PERSONALITY_CHANGE;
    }

    /** ADDR_NO_RANDOMIZE: address space randomisation is switched off. */
    @Bits(component = "persona", mask = 0x40000)
    public boolean noRandomize() {
        return (persona & 0x40000) != 0;
    }
}
