// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.gate;

import dev.vigilant.event.EventKind;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.rules.ast.Alternatives;
import dev.vigilant.rules.ast.Bindings;
import dev.vigilant.rules.ast.Condition;
import dev.vigilant.rules.ast.Pattern;
import dev.vigilant.rules.ast.Problem;
import dev.vigilant.rules.ast.Rule;
import dev.vigilant.rules.field.EventTypes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Patterns that say nothing the gate could tell events apart by, of kinds that come in floods: one of them makes every
 * event of the kind go through Drools, whatever the other rules ask.
 */
public final class DearPatterns {
    /** What a busy node does thousands of times a second. */
    private static final Set<EventKind> FLOODS =
            EnumSet.of(EventKind.FILE_OPEN, EventKind.PROCESS_FORK, EventKind.PROCESS_EXIT, EventKind.FD_DUPLICATE);

    private DearPatterns() {}

    /** A warning for each such pattern. */
    public static List<Problem> of(List<Rule> rules) {
        List<Problem> dear = new ArrayList<>();
        for (Rule rule : rules) {
            for (Pattern pattern : rule.patterns()) {
                EventTypes.kinds(pattern.type()).stream()
                        .filter(FLOODS::contains)
                        .filter(kind -> dear(kind.type(), pattern))
                        .findFirst()
                        .ifPresent(kind -> dear.add(problem(rule, pattern, kind)));
            }
        }
        return dear;
    }

    private static Problem problem(Rule rule, Pattern pattern, EventKind kind) {
        return new Problem(
                rule.description().name(),
                pattern.position(),
                "dear: nothing here tells one " + kind.type().getSimpleName()
                        + " from another before the rule engine sees it; say what the event has, not only what it has not:"
                        + " a path, a name, a number, a flag");
    }

    private static boolean dear(Class<? extends KernelEvent> event, Pattern pattern) {
        List<Condition> own = pattern.conditions().stream()
                .filter(c -> Bindings.of(c).isEmpty())
                .toList();
        return Alternatives.of(own, KindIndex.MAX_ALTERNATIVES).stream()
                .anyMatch(a -> a.stream().noneMatch(c -> telling(event, c)));
    }

    private static boolean telling(Class<? extends KernelEvent> event, Condition condition) {
        Term term = Term.of(event, condition);
        return term != null && (term.lookup() != null || condition instanceof Condition.Holds);
    }
}
