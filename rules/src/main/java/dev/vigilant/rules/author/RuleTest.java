// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.author;

import dev.vigilant.alert.Severity;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.rules.ast.Position;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What rules have to make of some events.
 *
 * @param name how reports call it
 * @param position where it stands
 * @param events what happens
 * @param recording a recording, log or file of printed events that happens instead, null when the events stand in the test
 * @param alerts what is raised for it
 * @param silent rules that raise nothing
 * @param suppressed rules whose alerts the site's tuning keeps back
 */
public record RuleTest(
        String name,
        Position position,
        List<KernelEvent> events,
        @Nullable Path recording,
        List<Expected> alerts,
        List<Named> silent,
        List<Named> suppressed) {
    public RuleTest {
        events = List.copyOf(events);
        alerts = List.copyOf(alerts);
        silent = List.copyOf(silent);
        suppressed = List.copyOf(suppressed);
    }

    /**
     * An alert that is raised.
     *
     * @param rule id of the rule
     * @param count how often, 0 for at least once
     * @param severity with this severity, null for any
     * @param fields values in the alert's document, by path; a list has the value, or is the list
     * @param position where the test says so
     */
    public record Expected(
            String rule, int count, @Nullable Severity severity, Map<String, List<String>> fields, Position position) {
        public Expected {
            fields = Map.copyOf(fields);
        }
    }

    /** A rule that a test names. */
    public record Named(String rule, Position position) {}
}
