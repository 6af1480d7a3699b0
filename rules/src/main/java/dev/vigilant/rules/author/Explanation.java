// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.author;

import dev.vigilant.event.KernelEvent;
import dev.vigilant.rules.ast.Bindings;
import dev.vigilant.rules.ast.Condition;
import dev.vigilant.rules.ast.Count;
import dev.vigilant.rules.ast.Pattern;
import dev.vigilant.rules.ast.Pattern.Quantifier;
import dev.vigilant.rules.ast.Rule;
import dev.vigilant.rules.eval.ConditionCompiler;
import dev.vigilant.rules.eval.EventTest;
import dev.vigilant.rules.eval.EventValue;
import dev.vigilant.rules.field.EventTypes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Why a rule did or did not fire on some events: what each pattern made of each event of its kinds. The conditions are the
 * closures that Drools calls, one by one.
 *
 * <p>A pattern that names earlier events is tried with all that the earlier patterns found; of each event the attempt that
 * came furthest is told.
 */
public final class Explanation {
    /** With how many combinations of earlier events a pattern is tried. */
    private static final int MAX_TUPLES = 500;

    private final Rule rule;
    private final List<PatternVerdict> patterns = new ArrayList<>();
    private final Map<Map<String, KernelEvent>, Map<String, Long>> numbers = new HashMap<>();
    private boolean cut;

    /**
     * What a pattern made of its events.
     *
     * @param pattern the pattern
     * @param events a verdict for each event of its kinds, in their order
     * @param missing earlier patterns that found nothing, by binding, so that this one has nothing to be joined with
     * @param counted the largest number that a counting pattern came to, with the counts that it adds; else 0
     */
    public record PatternVerdict(Pattern pattern, List<EventVerdict> events, List<String> missing, long counted) {
        /** How many of the events fit. */
        public long fitting() {
            return events.stream().filter(EventVerdict::fits).count();
        }
    }

    /**
     * What a pattern made of an event.
     *
     * @param number of the event among all, from 1
     * @param event the event
     * @param constraints a verdict for each constraint
     */
    public record EventVerdict(int number, KernelEvent event, List<ConstraintVerdict> constraints) {
        public boolean fits() {
            return constraints.stream().allMatch(ConstraintVerdict::holds);
        }

        /** The first that does not hold. */
        public Optional<ConstraintVerdict> firstFailed() {
            return constraints.stream().filter(c -> !c.holds()).findFirst();
        }

        long holding() {
            return constraints.stream().filter(ConstraintVerdict::holds).count();
        }
    }

    /**
     * What became of a constraint, or of a part of one.
     *
     * @param condition what is asked
     * @param holds whether it holds
     * @param saw the value that was looked at, null for conditions with parts
     * @param parts verdicts of its parts
     */
    public record ConstraintVerdict(
            Condition condition, boolean holds, @Nullable String saw, List<ConstraintVerdict> parts) {}

    private Explanation(Rule rule) {
        this.rule = rule;
    }

    /** The explanation of a rule on events, in their order. */
    public static Explanation of(Rule rule, List<KernelEvent> events) {
        Explanation explanation = new Explanation(rule);
        List<Map<String, KernelEvent>> tuples = List.of(Map.of());
        for (Pattern pattern : rule.patterns()) {
            tuples = explanation.explain(pattern, events, tuples);
        }
        return explanation;
    }

    public Rule rule() {
        return rule;
    }

    /** A verdict for each pattern, in the order written. */
    public List<PatternVerdict> patterns() {
        return List.copyOf(patterns);
    }

    /** Whether there were more combinations than were tried. */
    public boolean cut() {
        return cut;
    }

    private List<Map<String, KernelEvent>> explain(
            Pattern pattern, List<KernelEvent> events, List<Map<String, KernelEvent>> tuples) {
        List<Condition> constraints = conjuncts(pattern.conditions());
        List<EventVerdict> verdicts = new ArrayList<>();
        Map<Map<String, KernelEvent>, List<KernelEvent>> found = new HashMap<>();
        for (int i = 0; i < events.size(); i++) {
            KernelEvent event = events.get(i);
            if (!EventTypes.kinds(pattern.type()).contains(event.kind())) {
                continue;
            }
            EventVerdict best = null;
            for (Map<String, KernelEvent> tuple :
                    tuples.isEmpty() ? List.<Map<String, KernelEvent>>of(Map.of()) : tuples) {
                EventVerdict verdict = new EventVerdict(
                        i + 1,
                        event,
                        constraints.stream().map(c -> verdict(c, event, tuple)).toList());
                if (verdict.fits()) {
                    found.computeIfAbsent(tuple, t -> new ArrayList<>()).add(event);
                }
                if (best == null || verdict.holding() > best.holding()) {
                    best = verdict;
                }
            }
            if (best != null) {
                verdicts.add(best);
            }
        }
        List<String> missing = tuples.isEmpty() ? needed(constraints) : List.of();
        long most = 0;
        if (pattern.count() != null) {
            for (Map<String, KernelEvent> tuple : tuples) {
                most = Math.max(most, count(pattern.count(), tuple, found.getOrDefault(tuple, List.of())));
            }
        }
        patterns.add(new PatternVerdict(pattern, verdicts, missing, most));
        return limited(tuples.stream().flatMap(t -> joined(pattern, t, found.getOrDefault(t, List.of()))));
    }

    /** The count with those that it adds. */
    private long count(Count count, Map<String, KernelEvent> tuple, List<KernelEvent> fitting) {
        long own = fitting.size();
        if (count.distinct() != null) {
            EventValue value = EventValue.of(count.distinct());
            own = fitting.stream()
                    .map(value::get)
                    .filter(Objects::nonNull)
                    .distinct()
                    .count();
        }
        Map<String, Long> known = numbers.computeIfAbsent(tuple, t -> new HashMap<>());
        known.put(count.name(), own);
        return own
                + count.plus().stream()
                        .mapToLong(name -> known.getOrDefault(name, 0L))
                        .sum();
    }

    private static List<String> needed(List<Condition> constraints) {
        return constraints.stream()
                .flatMap(c -> Bindings.of(c).stream())
                .distinct()
                .toList();
    }

    private Stream<Map<String, KernelEvent>> joined(
            Pattern pattern, Map<String, KernelEvent> tuple, List<KernelEvent> fitting) {
        if (pattern.count() != null) {
            return pattern.count().holds(count(pattern.count(), tuple, fitting)) ? Stream.of(tuple) : Stream.empty();
        }
        if (pattern.quantifier() == Quantifier.NONE) {
            return fitting.isEmpty() ? Stream.of(tuple) : Stream.empty();
        }
        String binding = pattern.binding();
        if (pattern.quantifier() == Quantifier.EXISTS || binding == null) {
            return fitting.isEmpty() ? Stream.empty() : Stream.of(tuple);
        }
        return fitting.stream().map(event -> {
            Map<String, KernelEvent> more = new HashMap<>(tuple);
            more.put(binding, event);
            numbers.put(more, new HashMap<>(numbers.getOrDefault(tuple, Map.of())));
            return more;
        });
    }

    private List<Map<String, KernelEvent>> limited(Stream<Map<String, KernelEvent>> tuples) {
        List<Map<String, KernelEvent>> list = tuples.limit(MAX_TUPLES + 1L).toList();
        cut |= list.size() > MAX_TUPLES;
        return list.size() > MAX_TUPLES ? list.subList(0, MAX_TUPLES) : list;
    }

    private static List<Condition> conjuncts(List<Condition> conditions) {
        return conditions.stream()
                .flatMap(c -> c instanceof Condition.And and ? conjuncts(and.parts()).stream() : Stream.of(c))
                .toList();
    }

    private static ConstraintVerdict verdict(Condition condition, KernelEvent event, Map<String, KernelEvent> tuple) {
        List<String> bindings = Bindings.of(condition);
        List<String> absent =
                bindings.stream().filter(b -> !tuple.containsKey(b)).toList();
        if (!absent.isEmpty()) {
            return new ConstraintVerdict(condition, false, "no " + String.join(", ", absent), List.of());
        }
        EventTest test = ConditionCompiler.compile(condition, bindings);
        boolean holds = test.test(event, bindings.stream().map(tuple::get).toArray(KernelEvent[]::new));
        List<ConstraintVerdict> parts = parts(condition).stream()
                .map(part -> verdict(part, event, tuple))
                .toList();
        return new ConstraintVerdict(
                condition, holds, parts.isEmpty() ? Witness.of(condition, event, tuple) : null, parts);
    }

    /** A negated single comparison is shown as one. */
    private static List<Condition> parts(Condition condition) {
        if (condition instanceof Condition.And and) {
            return and.parts();
        }
        if (condition instanceof Condition.Or or) {
            return or.parts();
        }
        boolean compound = condition instanceof Condition.Not not
                && (not.part() instanceof Condition.And || not.part() instanceof Condition.Or);
        return compound ? List.of(((Condition.Not) condition).part()) : List.of();
    }
}
