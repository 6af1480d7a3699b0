// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.site;

import dev.vigilant.event.KernelEvent;
import dev.vigilant.rules.ast.Limit;
import dev.vigilant.rules.ast.Rule;
import dev.vigilant.rules.field.FieldPath;
import dev.vigilant.rules.field.UnknownFieldException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How many alerts a rule raises at most in a span of event time that begins with the first of them. It is about alerts and
 * not about events, so that no condition of a rule can say it: it is applied to what Drools found.
 *
 * @param alerts how many
 * @param perNanos in how many nanoseconds
 * @param by the fields that each count on their own, for each type of event that the rule alerts about
 * @param suppression what is told of the others
 */
public record RateLimit(int alerts, long perNanos, List<Keyed> by, Suppression suppression) {
    public RateLimit {
        by = List.copyOf(by);
    }

    /** Fields of a type of event. */
    public record Keyed(Class<? extends KernelEvent> type, List<FieldPath> paths) {
        public Keyed {
            paths = List.copyOf(paths);
        }
    }

    /** The limits that rules say themselves, by their ids; a rule on several kinds of events has one. */
    static Map<String, RateLimit> ofRules(Map<String, List<Rule>> byId) {
        Map<String, RateLimit> limits = new LinkedHashMap<>();
        byId.forEach((id, rules) -> {
            Limit limit = rules.get(0).limit();
            if (limit != null) {
                limits.put(
                        id,
                        new RateLimit(
                                limit.alerts(),
                                limit.perNanos(),
                                rules.stream().map(RateLimit::keyed).toList(),
                                new Suppression(id, "the rule's own limit of " + limit.text())));
            }
        });
        return limits;
    }

    private static Keyed keyed(Rule rule) {
        List<FieldPath> paths = new ArrayList<>();
        List<String> by = rule.limit() == null ? List.of() : rule.limit().by();
        for (String field : by) {
            try {
                paths.add(FieldPath.compile(rule.alertType(), List.of(field.split("\\."))));
            } catch (UnknownFieldException e) {
                throw new IllegalArgumentException("the front end let an unknown field pass: " + field, e);
            }
        }
        return new Keyed(rule.alertType(), paths);
    }

    /** What tells one count from another: each combination of the fields' values. */
    public List<String> key(KernelEvent event) {
        return by.stream()
                .filter(keyed -> keyed.type().isInstance(event))
                .limit(1)
                .flatMap(keyed -> keyed.paths().stream())
                .map(path -> String.valueOf(path.get(event)))
                .toList();
    }
}
