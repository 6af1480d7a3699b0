// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.text;

import dev.vigilant.rules.ast.Operator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The forms of the texts for which a comparison with literals can hold: each such text has one of them. The converse is true
 * of those that are {@link #sure}: what would be too many forms, or an expression that asks for more, becomes a gap.
 */
public final class Shapes {
    /** No condition has more forms than this. */
    static final int LIMIT = 512;

    private final Set<Shape> all;
    private final boolean sure;

    private Shapes(Set<Shape> all, boolean sure) {
        this.all = all;
        this.sure = sure;
    }

    /** The forms of a comparison with text; empty when no text can fulfil it. */
    public static Shapes of(Operator operator, List<?> literals) {
        Shapes shapes = none();
        for (Object literal : literals) {
            shapes = shapes.or(of(operator, (String) literal));
        }
        return shapes;
    }

    /** The forms. */
    public List<Shape> all() {
        return List.copyOf(all);
    }

    /** Whether the comparison holds for every text that has one of the forms. */
    public boolean sure() {
        return sure;
    }

    private static Shapes of(Operator operator, String literal) {
        Shapes text = exactly(literal);
        return switch (operator) {
            case EQUAL, IN -> text;
            case STARTS_WITH -> text.then(any());
            case ENDS_WITH -> any().then(text);
            case CONTAINS, SUBSTRING -> any().then(text).then(any());
            case IN_NETWORK -> something();
            case UNDER -> under(literal);
            case MATCHES -> Expression.shapes(literal);
            case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL ->
                throw new IllegalArgumentException(operator.label() + " compares no text");
        };
    }

    private static Shapes under(String directory) {
        String path = directory.endsWith("/") ? directory.substring(0, directory.length() - 1) : directory;
        return exactly(path).or(exactly(path + "/").then(any()));
    }

    static Shapes none() {
        return new Shapes(Set.of(), true);
    }

    /** Every text. */
    static Shapes any() {
        return new Shapes(Set.of(Shape.ANY), true);
    }

    /** Some texts, of which no form is known. */
    static Shapes something() {
        return new Shapes(Set.of(Shape.ANY), false);
    }

    static Shapes exactly(String text) {
        return new Shapes(Set.of(Shape.exactly(text)), text.indexOf(Shape.GAP) < 0);
    }

    /** The same forms, which do not tell all. */
    Shapes unsure() {
        return new Shapes(all, false);
    }

    /** Whether there is one form only, which then joins with others without making more of them. */
    boolean single() {
        return all.size() == 1;
    }

    /** This, and then that. Where both together were too many, the one with fewer forms becomes one form. */
    Shapes then(Shapes next) {
        if (all.size() * next.all.size() > LIMIT) {
            return all.size() < next.all.size() ? merged().then(next) : then(next.merged());
        }
        Set<Shape> joined = new LinkedHashSet<>();
        for (Shape first : all) {
            for (Shape second : next.all) {
                joined.add(first.then(second));
            }
        }
        return new Shapes(joined, sure && next.sure);
    }

    /** This or that. */
    Shapes or(Shapes other) {
        Set<Shape> both = new LinkedHashSet<>(all);
        both.addAll(other.all);
        boolean every = isEvery() || other.isEvery();
        Shapes either = new Shapes(both.contains(Shape.ANY) ? Set.of(Shape.ANY) : both, every || (sure && other.sure));
        return either.all.size() > LIMIT ? either.merged() : either;
    }

    private boolean isEvery() {
        return sure && all.contains(Shape.ANY);
    }

    /** The one form that all have: how all begin, a gap, and how all end. */
    private Shapes merged() {
        String first = all.iterator().next().form();
        String prefix = first;
        String suffix = first;
        int shortest = first.length();
        for (Shape shape : all) {
            prefix = prefix.substring(0, common(prefix, shape.form(), 1));
            suffix = suffix.substring(suffix.length() - common(suffix, shape.form(), -1));
            shortest = Math.min(shortest, shape.form().length());
        }
        int left = Math.max(0, shortest - prefix.length());
        String end = suffix.substring(Math.max(0, suffix.length() - left));
        return new Shapes(Set.of(new Shape(prefix).then(Shape.ANY).then(new Shape(end))), false);
    }

    /** How many characters two texts have in common, from their beginnings or from their ends. */
    private static int common(String a, String b, int direction) {
        int most = Math.min(a.length(), b.length());
        for (int i = 0; i < most; i++) {
            char x = direction > 0 ? a.charAt(i) : a.charAt(a.length() - 1 - i);
            char y = direction > 0 ? b.charAt(i) : b.charAt(b.length() - 1 - i);
            if (x != y) {
                return i;
            }
        }
        return most;
    }
}
