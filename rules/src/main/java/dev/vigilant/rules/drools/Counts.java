// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.drools;

import dev.vigilant.event.KernelEvent;
import dev.vigilant.rules.ast.Count;
import dev.vigilant.rules.ast.Operand;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.drools.core.base.accumulators.CountAccumulateFunction;
import org.drools.model.PatternDSL;
import org.drools.model.PatternDSL.PatternDef;
import org.drools.model.RuleItemBuilder;
import org.drools.model.Variable;
import org.drools.model.functions.HashedExpression;
import org.drools.model.functions.Predicate1;
import org.drools.model.functions.Predicate2;
import org.drools.model.functions.Predicate3;
import org.drools.model.functions.Predicate4;
import org.drools.model.functions.accumulate.AccumulateFunction;

/** The counts of one rule as accumulates of the canonical model, and what is asked of their results. */
final class Counts {
    private final Map<String, Variable<Long>> results = new HashMap<>();

    /** Counts the events of a pattern. */
    RuleItemBuilder<?> accumulate(Count count, PatternDef<KernelEvent> pattern, Variable<KernelEvent> event) {
        Variable<Long> result = PatternDSL.declarationOf(Long.class, "n" + results.size());
        results.put(count.name(), result);
        Operand.Field distinct = count.distinct();
        AccumulateFunction function = distinct == null
                ? PatternDSL.accFunction(CountAccumulateFunction::new, event)
                : PatternDSL.accFunction(() -> new DistinctValues(distinct), event);
        return PatternDSL.accumulate(pattern, function.as(result));
    }

    /** What the count, and those that it adds, have to be. */
    RuleItemBuilder<?> constraint(Count count) {
        List<Variable<Long>> added = count.plus().stream().map(this::result).toList();
        StringBuilder text = new StringBuilder("in [" + count.least() + ", " + count.most() + "]");
        added.forEach(variable -> text.append(" | ").append(variable.getName()));
        PatternDef<Long> def = PatternDSL.pattern(result(count.name()));
        Sum sum = new Sum(count.least(), count.most(), text.toString());
        return switch (added.size()) {
            case 0 -> def.expr(sum.text(), sum.one());
            case 1 -> def.expr(sum.text(), added.get(0), sum.two());
            case 2 -> def.expr(sum.text(), added.get(0), added.get(1), sum.three());
            case 3 -> def.expr(sum.text(), added.get(0), added.get(1), added.get(2), sum.four());
            default -> throw new IllegalArgumentException("the front end let too many counts pass: " + text);
        };
    }

    private Variable<Long> result(String name) {
        Variable<Long> result = results.get(name);
        if (result == null) {
            throw new IllegalArgumentException("no earlier count is called " + name);
        }
        return result;
    }

    /** Whether a sum is enough and not too much; its hash is its text, so that equal ones share a node. */
    private record Sum(long least, long most, String text) {
        boolean holds(long number) {
            return number >= least && number <= most;
        }

        One one() {
            return new One(this);
        }

        Two two() {
            return new Two(this);
        }

        Three three() {
            return new Three(this);
        }

        Four four() {
            return new Four(this);
        }
    }

    /** Of one count. */
    private record One(Sum sum) implements Predicate1<Long>, HashedExpression {
        @Override
        public boolean test(Long a) {
            return sum.holds(a);
        }

        @Override
        public String getExpressionHash() {
            return sum.text;
        }
    }

    /** Of two counts. */
    private record Two(Sum sum) implements Predicate2<Long, Long>, HashedExpression {
        @Override
        public boolean test(Long a, Long b) {
            return sum.holds(a + b);
        }

        @Override
        public String getExpressionHash() {
            return sum.text;
        }
    }

    /** Of three counts. */
    private record Three(Sum sum) implements Predicate3<Long, Long, Long>, HashedExpression {
        @Override
        public boolean test(Long a, Long b, Long c) {
            return sum.holds(a + b + c);
        }

        @Override
        public String getExpressionHash() {
            return sum.text;
        }
    }

    /** Of four counts. */
    private record Four(Sum sum) implements Predicate4<Long, Long, Long, Long>, HashedExpression {
        @Override
        public boolean test(Long a, Long b, Long c, Long d) {
            return sum.holds(a + b + c + d);
        }

        @Override
        public String getExpressionHash() {
            return sum.text;
        }
    }
}
