// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.event;

/**
 * What the sensor could not see, or what was done to it.
 *
 * @param context when, who, and with what result
 * @param cause a Counter's name, or what happened: audit_taken_over, audit_disabled, rules_removed
 * @param count how many records or events it concerns, since the last such event
 * @param detail one sentence with the remedy
 */
public record SensorHealth(Context context, String cause, long count, String detail) implements KernelEvent {
    @Override
    public EventKind kind() {
        return EventKind.SENSOR_HEALTH;
    }
}
