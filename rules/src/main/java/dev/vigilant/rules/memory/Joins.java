// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.memory;

import dev.vigilant.rules.ast.Bindings;
import dev.vigilant.rules.ast.Condition;
import dev.vigilant.rules.ast.Count;
import dev.vigilant.rules.ast.Operand;
import dev.vigilant.rules.ast.Operator;
import dev.vigilant.rules.ast.Pattern;
import dev.vigilant.rules.ast.Pattern.Quantifier;
import dev.vigilant.rules.ast.Rule;
import dev.vigilant.rules.ast.Windows;
import dev.vigilant.rules.eval.ConditionCompiler;
import dev.vigilant.rules.eval.EventTest;
import dev.vigilant.rules.eval.EventValue;
import dev.vigilant.rules.field.FieldPath;
import dev.vigilant.rules.field.UnknownFieldException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the events of a rule's patterns have to be equal in, as far as conditions say so that hold on their own. */
final class Joins {
    private final List<Pattern> patterns;
    private final List<Equality> equalities = new ArrayList<>();

    /** A field of one pattern's event that equals one of another's. */
    private record Equality(int left, Operand.Field leftField, int right, Operand.Field rightField) {
        boolean isBetween(int a, int b) {
            return (left == a && right == b) || (left == b && right == a);
        }

        Operand.Field of(int pattern) {
            return left == pattern ? leftField : rightField;
        }
    }

    Joins(Rule rule) {
        this.patterns = rule.patterns();
        for (int i = 0; i < patterns.size(); i++) {
            for (Condition condition : patterns.get(i).conditions()) {
                read(i, condition);
            }
        }
    }

    private void read(int pattern, Condition condition) {
        if (condition instanceof Condition.And and) {
            and.parts().forEach(part -> read(pattern, part));
        } else if (condition instanceof Condition.Comparison comparison
                && comparison.operator() == Operator.EQUAL
                && comparison.right() instanceof Operand.Field right
                && isKey(comparison.left())
                && isKey(right)) {
            int a = indexOf(pattern, comparison.left().binding());
            int b = indexOf(pattern, right.binding());
            if (a != b) {
                equalities.add(new Equality(a, comparison.left(), b, right));
            }
        }
    }

    /** Whether the events of all patterns have to be equal in that field. */
    boolean allEqualIn(List<String> steps) {
        BitSet reached = new BitSet();
        reached.set(0);
        for (int round = 1; round < patterns.size(); round++) {
            for (Equality e : equalities) {
                if (e.leftField().steps().equals(steps)
                        && e.rightField().steps().equals(steps)
                        && (reached.get(e.left()) || reached.get(e.right()))) {
                    reached.set(e.left());
                    reached.set(e.right());
                }
            }
        }
        return reached.cardinality() == patterns.size();
    }

    private static boolean isKey(Operand.Field field) {
        return field.plain() && !field.type().many();
    }

    private int indexOf(int own, @Nullable String binding) {
        return binding == null
                ? own
                : IntStream.range(0, patterns.size())
                        .filter(i -> binding.equals(patterns.get(i).binding()))
                        .findFirst()
                        .orElseThrow();
    }

    /**
     * How an event of the pattern could complete a match.
     *
     * @param memories of the patterns, null for those of which nothing is remembered
     * @return null when it cannot: another pattern's event is always newer
     */
    @Nullable
    Completion completion(int newest, List<@Nullable Memory> memories) {
        List<Integer> needed = others(newest, true);
        if (needed.stream().anyMatch(i -> memories.get(i) == null)) {
            return null;
        }
        List<Integer> known = new ArrayList<>(List.of(newest));
        List<Completion.Step> steps = new ArrayList<>();
        while (!needed.isEmpty()) {
            Integer next = needed.stream()
                    .max((a, b) -> Integer.compare(strength(a, known), strength(b, known)))
                    .orElseThrow();
            needed.remove(next);
            steps.add(step(next, known, true, Objects.requireNonNull(memories.get(next))));
            known.add(next);
        }
        for (int asked : others(newest, false)) {
            Memory memory = memories.get(asked);
            if (memory != null) {
                steps.add(step(asked, known, false, memory));
            }
        }
        List<Integer> counted = IntStream.range(0, patterns.size())
                .filter(i -> patterns.get(i).quantifier() == Quantifier.COUNT)
                .boxed()
                .toList();
        List<Counting> counts = new ArrayList<>();
        counted.forEach(i -> counts.add(counting(i, known, Objects.requireNonNull(memories.get(i)))));
        return new Completion(steps, counts, sums(counted));
    }

    /**
     * What an event of the pattern needs to be of use, now or later: events of others that each match has and that have come
     * before it.
     *
     * @param memories of the patterns, null for those of which nothing is remembered
     */
    List<Completion.Step> prerequisites(int pattern, Windows windows, List<@Nullable Memory> memories) {
        List<Completion.Step> steps = new ArrayList<>();
        for (int before = 0; before < patterns.size(); before++) {
            Memory memory = memories.get(before);
            if (memory != null && windows.isBefore(before, pattern)) {
                steps.add(step(before, List.of(pattern), true, memory));
            }
        }
        return steps;
    }

    private List<Completion.Sum> sums(List<Integer> counted) {
        List<String> names = counted.stream().map(i -> count(i).name()).toList();
        return counted.stream()
                .map(i -> new Completion.Sum(
                        summed(count(i)).mapToInt(names::indexOf).toArray(), count(i).least()))
                .toList();
    }

    private static Stream<String> summed(Count count) {
        return Stream.concat(Stream.of(count.name()), count.plus().stream());
    }

    private Count count(int pattern) {
        return Objects.requireNonNull(patterns.get(pattern).count());
    }

    private Counting counting(int pattern, List<Integer> known, Memory memory) {
        int by = strongest(pattern, known);
        List<Equality> same =
                equalities.stream().filter(e -> e.isBetween(pattern, by)).toList();
        List<List<String>> steps = same.stream().map(e -> e.of(pattern).steps()).toList();
        Operand.Field distinct = count(pattern).distinct();
        List<Count> asking = patterns.stream()
                .map(Pattern::count)
                .filter(Objects::nonNull)
                .filter(c -> !c.open() && summed(c).anyMatch(count(pattern).name()::equals))
                .toList();
        long cap = asking.stream()
                .mapToLong(c -> c.most() == Long.MAX_VALUE ? c.least() : c.most() + 1)
                .max()
                .orElse(0);
        boolean exact =
                patterns.stream().filter(p -> p.quantifier() == Quantifier.EACH).count() == 1;
        return new Counting(
                memory,
                known.indexOf(by) - 1,
                paths(same, by).toArray(FieldPath[]::new),
                same.isEmpty() ? null : memory.index(steps, paths(same, pattern)),
                distinct == null ? null : memory.variety(steps, paths(same, pattern), distinct),
                distinct == null ? null : EventValue.of(distinct),
                exact ? tests(patterns.get(pattern)) : null,
                patterns.stream()
                        .map(Pattern::count)
                        .filter(Objects::nonNull)
                        .filter(c ->
                                summed(c).toList().equals(List.of(count(pattern).name())))
                        .mapToLong(Count::least)
                        .max()
                        .orElse(0),
                (int) cap,
                asking.stream().anyMatch(c -> c.most() < Long.MAX_VALUE));
    }

    /** What a pattern asks of its event and the other one that it names; what it asks of its event alone is known. */
    private static EventTest[] tests(Pattern pattern) {
        return pattern.conditions().stream()
                .filter(c -> !Bindings.of(c).isEmpty())
                .map(c -> ConditionCompiler.compile(c, Bindings.of(c)))
                .toArray(EventTest[]::new);
    }

    private static boolean isLookedUp(Pattern pattern, boolean needed) {
        return switch (pattern.quantifier()) {
            case EACH, EXISTS -> needed;
            case NONE -> !needed;
            case COUNT -> false;
        };
    }

    private List<Integer> others(int newest, boolean needed) {
        return new ArrayList<>(IntStream.range(0, patterns.size())
                .filter(i -> i != newest && isLookedUp(patterns.get(i), needed))
                .boxed()
                .toList());
    }

    /** In how many fields the pattern's event has to equal that of a known one. */
    private int strength(int pattern, List<Integer> known) {
        return known.stream()
                .mapToInt(k -> (int)
                        equalities.stream().filter(e -> e.isBetween(pattern, k)).count())
                .max()
                .orElse(0);
    }

    private int strongest(int pattern, List<Integer> known) {
        return known.stream()
                .max((a, b) -> Integer.compare(strength(pattern, List.of(a)), strength(pattern, List.of(b))))
                .orElseThrow();
    }

    private Completion.Step step(int pattern, List<Integer> known, boolean needed, Memory memory) {
        int by = strongest(pattern, known);
        List<Equality> same =
                equalities.stream().filter(e -> e.isBetween(pattern, by)).toList();
        List<List<String>> steps = same.stream().map(e -> e.of(pattern).steps()).toList();
        JoinIndex index = same.isEmpty() ? null : memory.index(steps, paths(same, pattern));
        return new Completion.Step(
                memory, needed, known.indexOf(by) - 1, paths(same, by).toArray(FieldPath[]::new), index);
    }

    private static List<FieldPath> paths(List<Equality> equalities, int pattern) {
        return equalities.stream().map(e -> path(e.of(pattern))).toList();
    }

    private static FieldPath path(Operand.Field field) {
        try {
            return FieldPath.compile(field.owner(), field.steps());
        } catch (UnknownFieldException e) {
            throw new IllegalArgumentException("the front end let an unknown field pass: " + field.text(), e);
        }
    }
}
