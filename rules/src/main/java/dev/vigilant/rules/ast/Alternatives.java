// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.ast;

import java.util.ArrayList;
import java.util.List;

/**
 * A pattern's conditions as alternatives, each a list of conditions of which all hold: what stands below {@code ||} and
 * {@code !( ... )} is spread out. An alternative holds single comparisons and their negations; where spreading makes too
 * many alternatives, a condition stays as it is.
 */
public final class Alternatives {
    private final int limit;

    private Alternatives(int limit) {
        this.limit = limit;
    }

    /**
     * The alternatives.
     *
     * @param conjuncts conditions that all hold
     * @param limit how many alternatives there are at most
     */
    public static List<List<Condition>> of(List<Condition> conjuncts, int limit) {
        return new Alternatives(limit).all(conjuncts, false);
    }

    private List<List<Condition>> of(Condition condition, boolean negated) {
        if (condition instanceof Condition.Not not) {
            return of(not.part(), !negated);
        }
        Condition whole = negated ? new Condition.Not(condition, condition.position()) : condition;
        List<List<Condition>> spread = List.of(List.of(whole));
        if (condition instanceof Condition.And and) {
            spread = negated ? any(and.parts(), true) : all(and.parts(), false);
        } else if (condition instanceof Condition.Or or) {
            spread = negated ? all(or.parts(), true) : any(or.parts(), false);
        }
        return spread.size() > limit ? List.of(List.of(whole)) : spread;
    }

    private List<List<Condition>> any(List<Condition> parts, boolean negated) {
        List<List<Condition>> alternatives = new ArrayList<>();
        parts.forEach(part -> alternatives.addAll(of(part, negated)));
        return alternatives;
    }

    private List<List<Condition>> all(List<Condition> parts, boolean negated) {
        List<List<Condition>> alternatives = List.of(List.of());
        for (Condition part : parts) {
            List<List<Condition>> spread = of(part, negated);
            if (spread.size() * alternatives.size() > limit) {
                spread = List.of(List.of(negated ? new Condition.Not(part, part.position()) : part));
            }
            List<List<Condition>> next = new ArrayList<>();
            for (List<Condition> before : alternatives) {
                for (List<Condition> more : spread) {
                    List<Condition> joined = new ArrayList<>(before);
                    joined.addAll(more);
                    next.add(joined);
                }
            }
            alternatives = next;
        }
        return alternatives;
    }
}
