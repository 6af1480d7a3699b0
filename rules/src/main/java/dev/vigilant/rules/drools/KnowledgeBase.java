// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.drools;

import dev.vigilant.event.KernelEvent;
import dev.vigilant.rules.ast.Bindings;
import dev.vigilant.rules.ast.Condition;
import dev.vigilant.rules.ast.Count;
import dev.vigilant.rules.ast.Pattern;
import dev.vigilant.rules.ast.Pattern.Quantifier;
import dev.vigilant.rules.ast.Rule;
import dev.vigilant.rules.eval.ConditionCompiler;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.drools.model.PatternDSL;
import org.drools.model.PatternDSL.PatternDef;
import org.drools.model.RuleItemBuilder;
import org.drools.model.Variable;
import org.drools.model.consequences.ConsequenceBuilder;
import org.drools.model.impl.ModelImpl;
import org.drools.modelcompiler.KieBaseBuilder;
import org.kie.api.KieBase;
import org.kie.api.conf.EventProcessingOption;
import org.kie.api.conf.KieBaseMutabilityOption;

/** Builds Drools' knowledge base from rules. */
public final class KnowledgeBase {
    /**
     * Entry point of the events that are counted, the last one too. They stand apart from those that patterns match, so that
     * what was remembered of them is not tried as the last one again.
     */
    public static final String COUNTED = "counted";

    private final MatchSink sink;
    private final Indexes indexes = new Indexes();

    private KnowledgeBase(MatchSink sink) {
        this.sink = sink;
    }

    /** The knowledge base of these rules; the sink is told the indexes of the list. */
    public static KieBase build(List<Rule> rules, MatchSink sink) {
        KnowledgeBase builder = new KnowledgeBase(sink);
        ModelImpl model = new ModelImpl();
        for (int i = 0; i < rules.size(); i++) {
            model.addRule(builder.rule(i, rules.get(i)));
        }
        return KieBaseBuilder.createKieBaseFromModel(
                model, EventProcessingOption.STREAM, KieBaseMutabilityOption.DISABLED);
    }

    private org.drools.model.Rule rule(int index, Rule rule) {
        Map<String, Variable<KernelEvent>> variables = new HashMap<>();
        List<RuleItemBuilder<?>> items = new ArrayList<>();
        List<Variable<KernelEvent>> matched = new ArrayList<>();
        Counts counts = new Counts();
        for (int i = 0; i < rule.patterns().size(); i++) {
            Pattern pattern = rule.patterns().get(i);
            Variable<KernelEvent> variable = variable(pattern, "p" + i);
            PatternDef<KernelEvent> def = pattern(index, pattern, variable, variables);
            items.addAll(quantified(pattern, def, variable, counts));
            if (pattern.binding() != null) {
                variables.put(pattern.binding(), variable);
            }
            if (pattern.quantifier() == Quantifier.EACH) {
                matched.add(variable);
            }
        }
        items.add(new Consequence(index, matched.toArray(Variable<?>[]::new), sink));
        return PatternDSL.rule("vigilant", rule.description().id() + " " + index)
                .build(items.toArray(RuleItemBuilder<?>[]::new));
    }

    @SuppressWarnings("unchecked") // a variable of a subtype serves wherever its events are only read
    private static Variable<KernelEvent> variable(Pattern pattern, String name) {
        return (Variable<KernelEvent>) (Variable<?>) PatternDSL.declarationOf(pattern.type(), name);
    }

    private static List<RuleItemBuilder<?>> quantified(
            Pattern pattern, PatternDef<KernelEvent> def, Variable<KernelEvent> variable, Counts counts) {
        Count count = pattern.count();
        if (count != null) {
            RuleItemBuilder<?> accumulate = counts.accumulate(count, def, variable);
            return count.open() ? List.of(accumulate) : List.of(accumulate, counts.constraint(count));
        }
        return switch (pattern.quantifier()) {
            case EXISTS -> List.of(PatternDSL.exists(def));
            case NONE -> List.of(PatternDSL.not(def));
            case EACH, COUNT -> List.of(def);
        };
    }

    private PatternDef<KernelEvent> pattern(
            int rule, Pattern pattern, Variable<KernelEvent> variable, Map<String, Variable<KernelEvent>> variables) {
        PatternDef<KernelEvent> def = pattern.count() == null
                ? PatternDSL.pattern(variable)
                : PatternDSL.pattern(variable, PatternDSL.entryPoint(COUNTED));
        for (Condition condition : conjuncts(pattern.conditions())) {
            List<String> bindings = Bindings.of(condition);
            List<Variable<KernelEvent>> others =
                    bindings.stream().map(variables::get).toList();
            String text = text(condition, others);
            Guarded guarded = new Guarded(ConditionCompiler.compile(condition, bindings), text, rule, sink);
            switch (others.size()) {
                case 0 -> alpha(def, condition, text, guarded);
                case 1 -> beta(def, condition, text, others.get(0), guarded);
                case 2 -> def.expr(text, others.get(0), others.get(1), guarded.three());
                case 3 -> def.expr(text, others.get(0), others.get(1), others.get(2), guarded.four());
                default -> throw new IllegalArgumentException("the front end let too many bindings pass: " + text);
            }
        }
        return def;
    }

    /** Bindings are names of one rule only: what they stand for is part of the text that nodes are shared by. */
    private static String text(Condition condition, List<Variable<KernelEvent>> others) {
        StringBuilder text = new StringBuilder(condition.text());
        others.forEach(variable -> text.append(" | ").append(variable.getName()));
        return text.toString();
    }

    private void alpha(PatternDef<KernelEvent> def, Condition condition, String text, Guarded guarded) {
        indexes.alpha(condition)
                .ifPresentOrElse(index -> def.expr(text, guarded.one(), index), () -> def.expr(text, guarded.one()));
    }

    private void beta(
            PatternDef<KernelEvent> def,
            Condition condition,
            String text,
            Variable<KernelEvent> other,
            Guarded guarded) {
        indexes.beta(condition)
                .ifPresentOrElse(
                        index -> def.expr(text, other, guarded.two(), index),
                        () -> def.expr(text, other, guarded.two()));
    }

    /** Each top-level conjunct is a node of its own, so that rules can share it. */
    private static List<Condition> conjuncts(List<Condition> conditions) {
        List<Condition> conjuncts = new ArrayList<>();
        for (Condition condition : conditions) {
            if (condition instanceof Condition.And and) {
                conjuncts.addAll(conjuncts(and.parts()));
            } else {
                conjuncts.add(condition);
            }
        }
        return conjuncts;
    }

    /** The right-hand side: tells the sink, for any number of events. */
    private static final class Consequence extends ConsequenceBuilder.AbstractValidBuilder<Consequence> {
        Consequence(int rule, Variable<?>[] variables, MatchSink sink) {
            super(variables);
            this.block = facts -> {
                KernelEvent[] events = new KernelEvent[facts.length];
                System.arraycopy(facts, 0, events, 0, facts.length);
                sink.matched(rule, events);
            };
        }
    }
}
