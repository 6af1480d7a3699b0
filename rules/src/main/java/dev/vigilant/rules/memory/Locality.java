// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.memory;

import dev.vigilant.rules.ast.Condition;
import dev.vigilant.rules.ast.Operand;
import dev.vigilant.rules.ast.Pattern;
import dev.vigilant.rules.ast.Rule;
import java.util.List;

/** Whether what a rule needs to know is of one container, or of the host alone. */
public final class Locality {
    private static final List<String> CONTAINER = List.of("container");

    private Locality() {}

    /**
     * Whether all events of a match, and all that it asks for, are of one container, or none is of any. It goes by conditions
     * that hold on their own: equal container ids, {@code container == null}.
     */
    public static boolean ofOneContainer(Rule rule) {
        return rule.single()
                || new Joins(rule).allEqualIn(List.of("container", "id"))
                || rule.patterns().stream().allMatch(Locality::ofHost);
    }

    private static boolean ofHost(Pattern pattern) {
        return pattern.conditions().stream().anyMatch(Locality::saysHost);
    }

    private static boolean saysHost(Condition condition) {
        if (condition instanceof Condition.And and) {
            return and.parts().stream().anyMatch(Locality::saysHost);
        }
        return condition instanceof Condition.Not not
                && not.part() instanceof Condition.Present present
                && isContainer(present.field());
    }

    private static boolean isContainer(Operand.Field field) {
        return field.binding() == null && field.steps().equals(CONTAINER);
    }
}
