// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.source;

import dev.vigilant.event.EventKind;
import java.util.List;

/**
 * What one pattern of a rule wants sensed, said so that a sensor can push it into the kernel: the kind of event, and those
 * numeric conditions that narrow it. A sensor may sense more than this, never less.
 *
 * @param kind the kind of event
 * @param conditions all of them hold for every event the rule could want; empty means any event of the kind
 * @param syscalls for {@link EventKind#SYSTEM_CALL}, the names that the rule asks for; empty means any
 */
public record Interest(EventKind kind, List<Condition> conditions, List<String> syscalls) {
    public Interest {
        conditions = List.copyOf(conditions);
        syscalls = List.copyOf(syscalls);
    }

    /** An interest in a kind that has a record of its own. */
    public Interest(EventKind kind, List<Condition> conditions) {
        this(kind, conditions, List.of());
    }

    /** How a field is compared. */
    public enum Comparison {
        EQUAL,
        NOT_EQUAL,
        LESS,
        LESS_OR_EQUAL,
        GREATER,
        GREATER_OR_EQUAL,
        /** At least one bit of the value is set in the field. */
        ANY_BIT
    }

    /**
     * A condition on a numeric component of the event's record.
     *
     * @param component name of the record component: {@code flags}, {@code mode}, {@code newFd}, {@code family}
     * @param comparison how it is compared
     * @param value with what
     */
    public record Condition(String component, Comparison comparison, long value) {}
}
