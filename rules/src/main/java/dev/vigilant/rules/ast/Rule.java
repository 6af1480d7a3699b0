// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.ast;

import dev.vigilant.alert.RuleDescription;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A rule: patterns that have to be there together, and which of their events are the evidence.
 *
 * @param description what it says of itself
 * @param patterns in the order written; a condition refers to earlier ones by their binding
 * @param evidence bindings named in {@code alert(...)}; the last one's event is the newest
 * @param position where it begins
 */
public record Rule(RuleDescription description, List<Pattern> patterns, List<String> evidence, Position position) {
    public Rule {
        patterns = List.copyOf(patterns);
        evidence = List.copyOf(evidence);
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
