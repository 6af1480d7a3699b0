// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.ast;

import dev.vigilant.alert.RuleDescription;
import dev.vigilant.event.KernelEvent;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A rule: patterns that have to be there together, and which of their events are the evidence.
 *
 * @param description what it says of itself
 * @param patterns in the order written; a condition refers to earlier ones by their binding
 * @param evidence bindings named in {@code alert(...)}; the last one's event is the newest
 * @param limit how often it wants to be told, null for each time
 * @param position where it begins
 */
public record Rule(
        RuleDescription description,
        List<Pattern> patterns,
        List<String> evidence,
        @Nullable Limit limit,
        Position position) {
    public Rule {
        patterns = List.copyOf(patterns);
        evidence = List.copyOf(evidence);
    }

    /** A rule that is told each time. */
    public Rule(RuleDescription description, List<Pattern> patterns, List<String> evidence, Position position) {
        this(description, patterns, evidence, null, position);
    }

    /** The same, described otherwise. */
    public Rule with(RuleDescription other) {
        return new Rule(other, patterns, evidence, limit, position);
    }

    /** The same with other patterns. */
    public Rule with(List<Pattern> others) {
        return new Rule(description, others, evidence, limit, position);
    }

    /** Type of the event that its alerts are about. */
    public Class<? extends KernelEvent> alertType() {
        String last = evidence.get(evidence.size() - 1);
        return patterns.stream()
                .filter(p -> last.equals(p.binding()))
                .<Class<? extends KernelEvent>>map(Pattern::type)
                .findFirst()
                .orElse(KernelEvent.class);
    }

    /** Whether one event alone decides. */
    public boolean single() {
        return patterns.size() == 1;
    }

    /** Canonical: two rules with the same text are the same, wherever they stand and whatever they say of themselves. */
    public String text() {
        return patterns.stream()
                .map(Pattern::text)
                .collect(Collectors.joining(" ", description.id() + ": ", " -> " + String.join(", ", evidence)));
    }
}
