// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.site;

import dev.vigilant.rules.ast.Bindings;
import dev.vigilant.rules.ast.Condition;
import dev.vigilant.rules.ast.Operand;
import dev.vigilant.rules.ast.Pattern;
import java.util.List;
import java.util.Optional;

/**
 * Says a condition on the alert's event from the point of view of another pattern of the rule: of the last one that it
 * names, because a pattern knows only those before it.
 */
final class Relocation {
    private final String from;
    private final String to;

    private Relocation(String from, String to) {
        this.from = from;
        this.to = to;
    }

    /** A condition, and the index of the pattern that it is to stand in. */
    record Placed(int pattern, Condition condition) {}

    /**
     * Where the condition can stand.
     *
     * @param alert binding of the alert's event, which the condition calls its own
     * @return empty when it cannot be said so
     */
    static Optional<Placed> of(Condition condition, String alert, List<Pattern> patterns) {
        int own = indexOf(patterns, alert);
        int last = Bindings.of(condition).stream()
                .mapToInt(name -> indexOf(patterns, name))
                .reduce(own, Math::max);
        String to = patterns.get(last).binding();
        if (last == own || to == null) {
            return Optional.of(new Placed(own, condition));
        }
        try {
            Condition moved = new Relocation(alert, to).move(condition);
            return Bindings.of(moved).size() > Bindings.MAX ? Optional.empty() : Optional.of(new Placed(last, moved));
        } catch (UnsupportedOperationException temporal) {
            return Optional.empty();
        }
    }

    private static int indexOf(List<Pattern> patterns, String binding) {
        for (int i = 0; i < patterns.size(); i++) {
            if (binding.equals(patterns.get(i).binding())) {
                return i;
            }
        }
        throw new IllegalArgumentException("no pattern is bound to " + binding);
    }

    private List<Condition> move(List<Condition> parts) {
        return parts.stream().map(this::move).toList();
    }

    private Condition move(Condition condition) {
        if (condition instanceof Condition.And and) {
            return new Condition.And(move(and.parts()), and.position());
        }
        if (condition instanceof Condition.Or or) {
            return new Condition.Or(move(or.parts()), or.position());
        }
        if (condition instanceof Condition.Not not) {
            return new Condition.Not(move(not.part()), not.position());
        }
        if (condition instanceof Condition.Present present) {
            return new Condition.Present(move(present.field()), present.position());
        }
        if (condition instanceof Condition.Holds holds) {
            return new Condition.Holds(move(holds.field()), holds.position());
        }
        if (condition instanceof Condition.Comparison c) {
            Operand right = c.right() instanceof Operand.Field field ? move(field) : c.right();
            return new Condition.Comparison(move(c.left()), c.operator(), right, c.position());
        }
        throw new UnsupportedOperationException("time between events is told from the alert's event");
    }

    private Operand.Field move(Operand.Field field) {
        String binding = field.binding() == null ? from : field.binding().equals(to) ? null : field.binding();
        return new Operand.Field(binding, field.owner(), field.steps(), field.type(), field.mask());
    }
}
