// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.event;

/**
 * Time that passed without an event, so that session time goes on; rules do not see it.
 *
 * @param context when, who, and with what result
 */
public record ClockTick(Context context) implements KernelEvent {
    @Override
    public EventKind kind() {
        return EventKind.CLOCK_TICK;
    }
}
