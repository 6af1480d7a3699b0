// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.alert;

import java.util.Locale;
import java.util.Optional;

/** Syslog severities, most severe first, named as in ECS {@code log.level} here. */
public enum Severity {
    EMERGENCY,
    ALERT,
    CRITICAL,
    ERROR,
    WARNING,
    NOTICE,
    INFORMATIONAL,
    DEBUG;

    /** ECS {@code event.severity}: syslog's number, 0 is the most severe. */
    public int number() {
        return ordinal();
    }

    /** Lower-case name, as in {@code log.level}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether this is as severe as {@code other} or more. */
    public boolean atLeast(Severity other) {
        return ordinal() <= other.ordinal();
    }

    /** Reads a name as rules write it, in any case; {@code info} is informational. */
    public static Optional<Severity> of(String name) {
        String upper = name.trim().toUpperCase(Locale.ROOT);
        if (upper.equals("INFO")) {
            return Optional.of(INFORMATIONAL);
        }
        for (Severity severity : values()) {
            if (severity.name().equals(upper)) {
                return Optional.of(severity);
            }
        }
        return Optional.empty();
    }
}
