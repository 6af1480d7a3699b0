// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.gate;

import dev.vigilant.event.KernelEvent;
import dev.vigilant.rules.ast.Bindings;
import dev.vigilant.rules.ast.Condition;
import dev.vigilant.rules.ast.Operand;
import dev.vigilant.rules.ast.Operator;
import dev.vigilant.rules.ast.Transform;
import dev.vigilant.rules.eval.ConditionCompiler;
import dev.vigilant.rules.eval.EventTest;
import dev.vigilant.rules.gate.NumberIndex.Interval;
import dev.vigilant.rules.text.Shape;
import dev.vigilant.rules.text.Shapes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the gate understands of a single condition on one event.
 *
 * @param text canonical: two terms of one kind of events with the same text are the same
 * @param test the condition
 * @param lookup how to look it up, null when that is not possible
 * @param decides whether the condition holds of all that is found so
 * @param cost rank of the test's cost, 0 for the cheapest
 * @param subject the part of the event that alone decides it
 * @param forms what a text must look like for it to hold, or not to hold; null where it is no matter of one text's forms
 */
record Term(
        String text,
        EventTest test,
        @Nullable Lookup lookup,
        boolean decides,
        int cost,
        Subject subject,
        @Nullable Forms forms) {
    /**
     * The forms of the texts that a comparison can hold of.
     *
     * @param key names the field within its kind of events
     * @param decide whether it holds of all that have one
     * @param denied whether the condition is that it does not hold
     */
    record Forms(String key, List<Shape> shapes, boolean decide, boolean denied) {
        Forms negated() {
            return new Forms(key, shapes, decide, !denied);
        }
    }

    /**
     * A field with what it has to be; exactly one of shapes and intervals is not empty.
     *
     * @param key names the field within its kind of events
     * @param worth how well it tells events apart; for choosing among several
     */
    record Lookup(String key, EventField field, List<Shape> shapes, List<Interval> intervals, int worth) {}

    /** Of what makes texts anew, or searches with an expression that has no literal piece: asked last. */
    private static final int DEAR = 6;

    /** What the outcome tells apart is little: it is asked, not looked up. */
    private static final List<String> COMMON = List.of("outcome");

    /** The term of a condition, or null when it is about other events too. */
    static @Nullable Term of(Class<? extends KernelEvent> event, Condition condition) {
        if (!Bindings.of(condition).isEmpty()) {
            return null;
        }
        Term compared = compared(event, condition);
        if (compared != null) {
            return compared;
        }
        Operand.Field field = fieldOf(condition);
        boolean cheap = field != null
                && field.transforms().isEmpty()
                && !EventField.of(event, field.steps(), field.mask()).path().allocates();
        Term denied = condition instanceof Condition.Not not ? compared(event, not.part()) : null;
        Forms forms = denied == null || denied.forms == null ? null : denied.forms.negated();
        return exact(event, condition, cheap ? 0 : DEAR, forms);
    }

    /** The term of a comparison with literals; null for other conditions. */
    private static @Nullable Term compared(Class<? extends KernelEvent> event, Condition condition) {
        return condition instanceof Condition.Comparison comparison
                        && comparison.right() instanceof Operand.Literals right
                        && (comparison.left().transforms().isEmpty() || lowers(comparison.left()))
                ? comparison(event, comparison, right.values())
                : null;
    }

    /** Whether it is a single text in lower case: what is made of it can be looked up as the text itself can. */
    private static boolean lowers(Operand.Field field) {
        return field.transforms().equals(List.of(Transform.LOWER))
                && !field.type().many();
    }

    /** Asked as the session would, but before anything is put into working memory, which costs more. */
    private static Term exact(
            Class<? extends KernelEvent> event, Condition condition, int cost, @Nullable Forms forms) {
        return new Term(
                condition.text(),
                ConditionCompiler.compile(condition, List.of()),
                null,
                false,
                cost,
                Subject.of(event, condition),
                forms);
    }

    /** The field of a condition that is exact and allocates nothing but for its field; null for others. */
    private static Operand.@Nullable Field fieldOf(Condition condition) {
        if (condition instanceof Condition.Present present) {
            return present.field();
        }
        if (condition instanceof Condition.Holds holds) {
            return holds.field();
        }
        if (condition instanceof Condition.Not not) {
            return not.part() instanceof Condition.Comparison c
                    ? c.operator() == Operator.MATCHES || c.right() instanceof Operand.Field ? null : c.left()
                    : fieldOf(not.part());
        }
        return null;
    }

    private static Term comparison(
            Class<? extends KernelEvent> event, Condition.Comparison comparison, List<Object> values) {
        Operand.Field left = comparison.left();
        EventField plain = EventField.of(event, left.steps(), left.mask());
        EventField field = lowers(left) ? plain.lowered() : plain;
        return switch (left.type().kind()) {
            case STRING -> text(event, comparison, field, values);
            case NUMBER -> {
                boolean lookup = !field.path().allocates() && !field.many();
                yield lookup ? number(event, comparison, field, values) : exact(event, comparison, DEAR, null);
            }
            case BOOLEAN, OBJECT -> exact(event, comparison, field.path().allocates() ? DEAR : 0, null);
        };
    }

    /** A list contains what is equal to an element. */
    private static Operator operator(Condition.Comparison comparison) {
        return comparison.operator() == Operator.CONTAINS
                        && comparison.left().type().many()
                ? Operator.EQUAL
                : comparison.operator();
    }

    private static Term text(
            Class<? extends KernelEvent> event,
            Condition.Comparison comparison,
            EventField field,
            List<Object> values) {
        Shapes forms = Shapes.of(operator(comparison), values);
        List<Shape> shapes = forms.all();
        boolean decides = forms.sure();
        List<String> steps = comparison.left().steps();
        EventTest condition = ConditionCompiler.compile(comparison, List.of());
        if (Subject.isPartOfPath(event, steps)) {
            List<String> path = Subject.whole(event, steps);
            boolean name = steps.get(steps.size() - 1).equals("name");
            EventField plain = EventField.of(event, path, Operand.Field.NO_MASK);
            EventField whole = lowers(comparison.left()) ? plain.lowered() : plain;
            List<Shape> paths = shapes.stream()
                    .flatMap(s -> name ? Stream.of(s, s.asLastComponent()) : Stream.of(s.asDirectory()))
                    .toList();
            boolean same = decides && name && shapes.stream().allMatch(Term::isOfPath) && !paths.contains(Shape.ANY);
            EventTest test = same ? new ShapeTest(whole, paths) : condition;
            return new Term(
                    comparison.text(),
                    test,
                    lookup(key(path, comparison), path, whole, paths),
                    same,
                    same ? 1 : DEAR,
                    Subject.of(event, comparison),
                    forms(key(path, comparison), paths, same));
        }
        if (field.path().allocates()) {
            return exact(event, comparison, DEAR, null);
        }
        int cost = comparison.operator() == Operator.MATCHES ? 4 : field.many() ? 3 : 1;
        return new Term(
                comparison.text(),
                condition,
                lookup(key(steps, comparison), steps, field, shapes),
                decides,
                cost,
                Subject.of(event, comparison),
                forms(key(steps, comparison), shapes, decides));
    }

    /** Whether a path has the form if, and only if, its last component has it: a gap in one of a path may hold a slash. */
    private static boolean isOfPath(Shape name) {
        return name.form().indexOf('/') < 0 && name.form().lastIndexOf(Shape.GAP) <= 0;
    }

    private static @Nullable Forms forms(String key, List<Shape> shapes, boolean decide) {
        return shapes.contains(Shape.ANY) ? null : new Forms(key, shapes, decide, false);
    }

    private static String key(List<String> steps, Condition.Comparison comparison) {
        String name = String.join(".", steps);
        return lowers(comparison.left()) ? "lower(" + name + ")" : name;
    }

    private static @Nullable Lookup lookup(String key, List<String> steps, EventField field, List<Shape> shapes) {
        return COMMON.contains(key) || shapes.contains(Shape.ANY)
                ? null
                : new Lookup(key, field, shapes, List.of(), worth(steps, field, shapes));
    }

    /** Names of programs come again and again; paths hardly do. */
    private static int worth(List<String> steps, EventField field, List<Shape> shapes) {
        int worth = TextIndex.worth(shapes);
        int most = switch (steps.get(steps.size() - 1)) {
            case "path", "rawPath", "commandLine", "argumentLine", "nameAndArguments" -> 40;
            case "executable" -> 12;
            case "name" -> steps.size() > 1 ? 8 : 12;
            case "type", "fileSystem", "operation" -> 6;
            default -> 12;
        };
        return Math.min(worth, most) - (field.many() ? 4 : 0);
    }

    private static Term number(
            Class<? extends KernelEvent> event,
            Condition.Comparison comparison,
            EventField field,
            List<Object> values) {
        List<Interval> intervals = new ArrayList<>();
        for (Object value : values) {
            long n = (Long) value;
            switch (comparison.operator()) {
                case EQUAL, IN -> intervals.add(new Interval(n, n));
                case LESS_OR_EQUAL -> intervals.add(new Interval(Long.MIN_VALUE, n));
                case GREATER_OR_EQUAL -> intervals.add(new Interval(n, Long.MAX_VALUE));
                case LESS -> {
                    if (n > Long.MIN_VALUE) {
                        intervals.add(new Interval(Long.MIN_VALUE, n - 1));
                    }
                }
                case GREATER -> {
                    if (n < Long.MAX_VALUE) {
                        intervals.add(new Interval(n + 1, Long.MAX_VALUE));
                    }
                }
                case CONTAINS, SUBSTRING, STARTS_WITH, ENDS_WITH, UNDER, MATCHES, IN_NETWORK ->
                    throw new IllegalArgumentException(
                            "the front end let a search in numbers pass: " + comparison.text());
            }
        }
        boolean point = comparison.operator() == Operator.EQUAL || comparison.operator() == Operator.IN;
        Lookup lookup = new Lookup(comparison.left().text(), field, List.of(), intervals, point ? 10 : 2);
        return new Term(
                comparison.text(),
                ConditionCompiler.compile(comparison, List.of()),
                lookup,
                true,
                0,
                Subject.of(event, comparison),
                null);
    }

    /** Whether a text of the event has one of many forms. */
    private static final class ShapeTest implements EventTest {
        private static final Place ANYONE = new Place(Needs.NOTHING, new int[0]);

        private final EventField field;
        private final TextIndex index = new TextIndex();
        private final Predicate<Object> anyOf = this::isOneOf;

        ShapeTest(EventField field, List<Shape> shapes) {
            this.field = field;
            shapes.forEach(shape -> index.add(shape, ANYONE));
            index.built();
        }

        @Override
        public boolean test(KernelEvent event, KernelEvent[] bound) {
            return field.anyText(event, anyOf);
        }

        private boolean isOneOf(Object text) {
            return index.find((String) text, ShapeTest::fits);
        }

        private static boolean fits(Candidate candidate, String text) {
            return candidate.fits(text);
        }
    }
}
