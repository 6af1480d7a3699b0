// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.translate;

import dev.vigilant.rules.ast.Condition;
import dev.vigilant.rules.ast.Position;
import java.util.ArrayList;
import java.util.List;

/** Conditions joined so that what is always true or never true is gone from the result, unless it is all of it. */
public final class Logic {
    private Logic() {}

    public static Condition always(Position position) {
        return new Condition.And(List.of(), position);
    }

    public static Condition never(Position position) {
        return new Condition.Or(List.of(), position);
    }

    public static Condition of(boolean truth, Position position) {
        return truth ? always(position) : never(position);
    }

    public static boolean isAlways(Condition condition) {
        return condition instanceof Condition.And and && and.parts().isEmpty();
    }

    public static boolean isNever(Condition condition) {
        return condition instanceof Condition.Or or && or.parts().isEmpty();
    }

    public static Condition not(Condition condition) {
        if (isAlways(condition) || isNever(condition)) {
            return of(isNever(condition), condition.position());
        }
        return condition instanceof Condition.Not not ? not.part() : new Condition.Not(condition, condition.position());
    }

    public static Condition and(List<Condition> parts, Position position) {
        List<Condition> kept = new ArrayList<>();
        for (Condition part : parts) {
            if (isNever(part)) {
                return part;
            }
            if (part instanceof Condition.And and) {
                kept.addAll(and.parts());
            } else {
                kept.add(part);
            }
        }
        List<Condition> distinct = distinct(kept);
        return distinct.size() == 1 ? distinct.get(0) : new Condition.And(distinct, position);
    }

    public static Condition or(List<Condition> parts, Position position) {
        List<Condition> kept = new ArrayList<>();
        for (Condition part : parts) {
            if (isAlways(part)) {
                return part;
            }
            if (part instanceof Condition.Or or) {
                kept.addAll(or.parts());
            } else {
                kept.add(part);
            }
        }
        List<Condition> distinct = distinct(kept);
        return distinct.size() == 1 ? distinct.get(0) : new Condition.Or(distinct, position);
    }

    /** What comes from one macro stands there again and again. */
    private static List<Condition> distinct(List<Condition> conditions) {
        List<Condition> distinct = new ArrayList<>();
        for (Condition condition : conditions) {
            if (!distinct.contains(condition)) {
                distinct.add(condition);
            }
        }
        return distinct;
    }
}
