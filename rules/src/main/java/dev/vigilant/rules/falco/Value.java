// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.falco;

import dev.vigilant.rules.ast.Condition;
import dev.vigilant.rules.ast.Operand;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a field of Falco is in an event of one kind. */
sealed interface Value {
    /** A value for places in an output that have none. */
    String MISSING = "<NA>";

    /**
     * A field of the event holds it.
     *
     * @param known holds when the field's number is one, and does not stand for a missing one
     */
    record Plain(Operand.Field field, Condition known) implements Value {}

    /** A field of the event holds it, and a directory ends in a slash for Falco and in none for Vigilant. */
    record Directory(Operand.Field field) implements Value {}

    /** A field of the event holds an IP address. */
    record Address(Operand.Field field) implements Value {}

    /**
     * A number of the event for which Falco has names.
     *
     * @param names texts by number
     * @param notNegative the text for all numbers from 0 on, null if they have none
     */
    record Named(
            Operand.Field field,
            Map<Long, String> names,
            @Nullable String notNegative) implements Value {}

    /** Bits of a number of the event, whose names Falco joins. */
    record Flags(Operand.Field field, Map<Long, String> names) implements Value {}

    /**
     * One of a few texts.
     *
     * @param known holds when there is a value at all
     * @param texts when it is which
     */
    record Choice(Condition known, Map<String, Condition> texts) implements Value {}

    /** The name of a user or group, of which the event has the number. */
    record Account(Operand.Field field, boolean group) implements Value {}

    /**
     * A descriptor when the call succeeded.
     *
     * @param number the descriptor
     * @param success when it is one
     * @param error what it is otherwise, null for -1
     */
    record Descriptor(Operand.Field number, Condition success, Operand.@Nullable Field error) implements Value {}

    /** The container's id, {@code host} without one. */
    record ContainerId(Operand.Field container, Operand.Field id) implements Value {}

    /** Mounts of the container, asked for by their source. */
    record Mount(Operand.Field sources, String glob) implements Value {}

    /**
     * Capabilities of the process, whose names Falco joins.
     *
     * @param set a bit for each
     * @param names the names of those in the set
     * @param known holds when the set is known
     * @param module holds when CAP_SYS_MODULE follows from the event itself
     */
    record CapabilitySet(Operand.Field set, Operand.Field names, Condition known, Condition module) implements Value {}

    /** Falco has no value for an event of that kind either. */
    record Absent() implements Value {}

    /** Falco would have a value, and Vigilant has none. */
    record Unknown(String why) implements Value {}
}
