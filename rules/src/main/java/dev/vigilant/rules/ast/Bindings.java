// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.ast;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Which other events a condition is about. */
public final class Bindings {
    /** How many other events one constraint may be about. */
    public static final int MAX = 3;

    private final Set<String> names = new LinkedHashSet<>();

    private Bindings() {}

    /** The bindings that a condition names, in the order of their first use. */
    public static List<String> of(Condition condition) {
        Bindings bindings = new Bindings();
        bindings.collect(condition);
        return new ArrayList<>(bindings.names);
    }

    private void collect(Condition condition) {
        if (condition instanceof Condition.And and) {
            and.parts().forEach(this::collect);
        } else if (condition instanceof Condition.Or or) {
            or.parts().forEach(this::collect);
        } else if (condition instanceof Condition.Not not) {
            collect(not.part());
        } else if (condition instanceof Condition.Comparison comparison) {
            operand(comparison.left());
            operand(comparison.right());
        } else if (condition instanceof Condition.Present present) {
            operand(present.field());
        } else if (condition instanceof Condition.Holds holds) {
            operand(holds.field());
        } else if (condition instanceof Condition.Within within) {
            names.add(within.binding());
        } else if (condition instanceof Condition.Same same) {
            names.add(same.binding());
        }
    }

    private void operand(Operand operand) {
        if (operand instanceof Operand.Field field && field.binding() != null) {
            names.add(field.binding());
        }
    }
}
