// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules;

import dev.vigilant.rules.ast.Condition;
import dev.vigilant.rules.ast.FieldType;
import dev.vigilant.rules.ast.Operand;
import dev.vigilant.rules.ast.Operator;
import dev.vigilant.rules.text.PathComponents;
import dev.vigilant.rules.text.Shape;
import dev.vigilant.rules.text.Shapes;
import dev.vigilant.source.Interest.FileDemand;
import dev.vigilant.source.Interest.Place;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Derives what one alternative of a pattern asks of place, outcome, syscall and file, each from its single conditions. */
final class FileDemands {
    private final List<Condition> conditions;
    /** Made when it is asked for the first time: it is the same for all kinds of events of a pattern, and dear. */
    private @Nullable FileDemand file;

    /** @param conditions all of them hold; those that are not understood are left out */
    FileDemands(List<Condition> conditions) {
        this.conditions = conditions;
    }

    /** A comparison with anything of the container demands one, because a missing value is equal to nothing. */
    Place place() {
        if (conditions.stream().anyMatch(c -> isOfContainer(asked(c)))) {
            return Place.CONTAINER;
        }
        boolean host = conditions.stream()
                .anyMatch(c -> c instanceof Condition.Not not
                        && not.part() instanceof Condition.Present present
                        && present.field().steps().size() == 1
                        && isOfContainer(present.field()));
        return host ? Place.HOST : Place.ANYWHERE;
    }

    /** The field of which a condition says something positive. */
    private static Operand.@Nullable Field asked(Condition condition) {
        if (condition instanceof Condition.Present present) {
            return present.field();
        }
        if (condition instanceof Condition.Holds holds) {
            return holds.field();
        }
        return condition instanceof Condition.Comparison comparison ? comparison.left() : null;
    }

    private static boolean isOfContainer(Operand.@Nullable Field field) {
        return field != null
                && field.binding() == null
                && !field.steps().isEmpty()
                && field.steps().get(0).equals("container");
    }

    boolean successful() {
        return values("outcome").equals(Set.of("success"));
    }

    /** The values that a text may have, from {@code ==} and {@code in}; none when nothing is said of it. */
    Set<String> values(String field) {
        return asked(field)
                .filter(c -> c.operator() == Operator.EQUAL || c.operator() == Operator.IN)
                .map(c -> (Set<String>) new LinkedHashSet<>(literals(c)))
                .reduce((a, b) -> {
                    Set<String> both = new LinkedHashSet<>(a);
                    both.retainAll(b);
                    return both.isEmpty() ? a : both;
                })
                .orElse(Set.of());
    }

    FileDemand file() {
        FileDemand known = file;
        if (known == null) {
            known = derived();
            file = known;
        }
        return known;
    }

    private FileDemand derived() {
        Function<String, Stream<List<Shape>>> shapes = field ->
                asked(field).map(c -> Shapes.of(c.operator(), literals(c)).all());
        Stream<List<Shape>> paths = Stream.of(
                        shapes.apply("file.path"),
                        shapes.apply("file.name").map(FileDemands::named),
                        shapes.apply("file.directory").map(FileDemands::directories))
                .flatMap(s -> s);
        if (place() == Place.HOST) {
            paths = Stream.concat(paths, shapes.apply("hostPath"));
        }
        return new FileDemand(
                components(paths),
                components(shapes.apply("file.rawPath")),
                prefixes(shapes.apply("file.rawPath")),
                values("file.type"),
                values("file.fileSystem"));
    }

    private static Set<String> components(Stream<List<Shape>> paths) {
        return paths.map(PathComponents::of)
                .filter(c -> !c.isEmpty())
                .min(PathComponents.BEST_FIRST)
                .orElse(Set.of());
    }

    /** Those of the comparison that asks for the longest ones; none when no comparison says how the path begins. */
    private static Set<String> prefixes(Stream<List<Shape>> paths) {
        return paths.map(forms -> forms.stream().map(Shape::prefix).collect(Collectors.toSet()))
                .filter(prefixes -> shortest(prefixes) > 0)
                .max(Comparator.comparingInt(FileDemands::shortest))
                .orElse(Set.of());
    }

    private static int shortest(Set<String> prefixes) {
        return prefixes.stream().mapToInt(String::length).min().orElse(0);
    }

    /** Paths whose last component has one of these forms. */
    private static List<Shape> named(List<Shape> names) {
        return names.stream().map(Shape::asLastComponent).toList();
    }

    private static List<Shape> directories(List<Shape> directories) {
        return directories.stream().map(Shape::asDirectory).toList();
    }

    /** The comparisons of a text of the event with literals. */
    private Stream<Condition.Comparison> asked(String path) {
        return conditions.stream()
                .filter(Condition.Comparison.class::isInstance)
                .map(Condition.Comparison.class::cast)
                .filter(c -> c.left().binding() == null
                        && c.left().plain()
                        && c.left().type().equals(new FieldType(FieldType.Kind.STRING, false))
                        && c.left().path().equals(path)
                        && c.right() instanceof Operand.Literals);
    }

    private static List<String> literals(Condition.Comparison comparison) {
        return ((Operand.Literals) comparison.right())
                .values().stream().map(Objects::toString).toList();
    }
}
