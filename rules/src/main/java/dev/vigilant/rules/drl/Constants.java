// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.drl;

import dev.vigilant.rules.ast.Condition;
import java.util.ArrayList;
import java.util.List;

/** Takes parts out of conditions that always or never hold, which front ends leave where a field has no value. */
final class Constants {
    private Constants() {}

    /** All that is asked, one condition after another; one that never holds when they cannot. */
    static List<Condition> without(List<Condition> conditions) {
        List<Condition> kept = new ArrayList<>();
        for (Condition condition : conditions) {
            Condition simple = without(condition);
            if (simple instanceof Condition.And and) {
                kept.addAll(and.parts());
            } else {
                kept.add(simple);
            }
        }
        return kept;
    }

    private static Condition without(Condition condition) {
        if (condition instanceof Condition.And and) {
            List<Condition> parts = without(and.parts());
            return parts.stream()
                    .filter(Constants::isNever)
                    .findFirst()
                    .orElse(parts.size() == 1 ? parts.get(0) : new Condition.And(parts, and.position()));
        }
        if (condition instanceof Condition.Or or) {
            List<Condition> parts = new ArrayList<>();
            for (Condition part : or.parts()) {
                Condition simple = without(part);
                if (isAlways(simple)) {
                    return simple;
                }
                if (!isNever(simple)) {
                    parts.add(simple);
                }
            }
            return parts.size() == 1 ? parts.get(0) : new Condition.Or(parts, or.position());
        }
        if (condition instanceof Condition.Not not) {
            Condition part = without(not.part());
            if (isAlways(part)) {
                return new Condition.Or(List.of(), not.position());
            }
            return isNever(part)
                    ? new Condition.And(List.of(), not.position())
                    : part instanceof Condition.Not twice ? twice.part() : new Condition.Not(part, not.position());
        }
        return condition;
    }

    static boolean isNever(Condition condition) {
        return condition instanceof Condition.Or or && or.parts().isEmpty();
    }

    private static boolean isAlways(Condition condition) {
        return condition instanceof Condition.And and && and.parts().isEmpty();
    }
}
