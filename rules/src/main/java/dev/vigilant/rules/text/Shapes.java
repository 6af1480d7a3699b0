// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.text;

import dev.vigilant.rules.ast.Operator;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The forms of the texts for which a comparison with literals can hold: each such text has one of them. The converse need
 * not be true: what would be too many forms, or an expression that is not understood, becomes a gap.
 */
public final class Shapes {
    /** No condition has more forms than this. */
    static final int LIMIT = 512;

    private final Set<Shape> all;

    private Shapes(Set<Shape> all) {
        this.all = all;
    }

    /** The forms of a comparison with text; empty when no text can fulfil it. */
    public static List<Shape> of(Operator operator, List<?> literals) {
        Shapes shapes = none();
        for (Object literal : literals) {
            shapes = shapes.or(of(operator, (String) literal));
        }
        return new ArrayList<>(shapes.all);
    }

    private static Shapes of(Operator operator, String literal) {
        Shapes text = exactly(literal);
        return switch (operator) {
            case EQUAL, IN -> text;
            case STARTS_WITH -> text.then(any());
            case ENDS_WITH -> any().then(text);
            case CONTAINS, SUBSTRING -> any().then(text).then(any());
            case IN_NETWORK -> any();
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
        return new Shapes(Set.of());
    }

    static Shapes any() {
        return new Shapes(Set.of(Shape.ANY));
    }

    static Shapes exactly(String text) {
        return new Shapes(Set.of(Shape.exactly(text)));
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
        return new Shapes(joined);
    }

    /** This or that. */
    Shapes or(Shapes other) {
        Set<Shape> both = new LinkedHashSet<>(all);
        both.addAll(other.all);
        Shapes either = new Shapes(both.contains(Shape.ANY) ? Set.of(Shape.ANY) : both);
        return either.all.size() > LIMIT ? either.merged() : either;
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
        return new Shapes(Set.of(new Shape(prefix).then(Shape.ANY).then(new Shape(end))));
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
