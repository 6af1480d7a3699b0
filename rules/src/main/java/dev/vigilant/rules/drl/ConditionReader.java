// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.drl;

import dev.vigilant.event.KernelEvent;
import dev.vigilant.rules.ast.Condition;
import dev.vigilant.rules.ast.Pattern;
import dev.vigilant.rules.ast.Pattern.Quantifier;
import dev.vigilant.rules.ast.Position;
import dev.vigilant.rules.ast.Problem;
import dev.vigilant.rules.ast.Rule;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads a condition that stands outside a rule and is about the event of its alerts. */
public final class ConditionReader {
    private ConditionReader() {}

    /**
     * The condition, or empty when it is none, which is told.
     *
     * @param rule names the events: the alert's own without a name, the others by their bindings
     */
    public static Optional<Condition> read(
            String text, Position start, Rule rule, Map<String, List<Object>> lists, Consumer<Problem> refused) {
        String alert = rule.evidence().get(rule.evidence().size() - 1);
        Map<String, Class<? extends KernelEvent>> others = new HashMap<>();
        Class<? extends KernelEvent> type = KernelEvent.class;
        for (Pattern pattern : rule.patterns()) {
            String binding = pattern.binding();
            if (alert.equals(binding)) {
                type = pattern.type();
            } else if (binding != null && pattern.quantifier() == Quantifier.EACH) {
                others.put(binding, pattern.type());
            }
        }
        try {
            return Optional.of(ConstraintParser.parse(text, start, new Scope(type, alert, others, lists, false)));
        } catch (RefusedException e) {
            refused.accept(new Problem("", e.position(), e.reason()));
            return Optional.empty();
        }
    }
}
