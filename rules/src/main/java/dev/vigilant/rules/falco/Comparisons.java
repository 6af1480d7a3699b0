// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.falco;

import dev.vigilant.rules.ast.Condition;
import dev.vigilant.rules.ast.FieldType;
import dev.vigilant.rules.ast.Operand;
import dev.vigilant.rules.ast.Operator;
import dev.vigilant.rules.ast.Position;
import dev.vigilant.rules.ast.Transform;
import dev.vigilant.rules.text.Network;
import dev.vigilant.rules.translate.Logic;
import dev.vigilant.rules.translate.RefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Comparisons of fields that the event has as they are. As in Falco a comparison with a missing value is false, whatever the
 * operator, and only {@code not} before it makes it true.
 */
final class Comparisons {
    /** What Falco writes, and rules ask for, where a value is missing. */
    private static final Set<String> MISSING = Set.of("<NA>", "N/A");

    private static final Set<String> EQUALITIES = Set.of("=", "!=", "in", "intersects");
    private static final Set<String> ORDERINGS = Set.of("<", "<=", ">", ">=");

    private Comparisons() {}

    /** The condition of a check on the field. */
    static Condition of(Operand.Field field, Filter.Check check) throws RefusedException {
        Operand.Field made = transformed(field, check);
        return switch (made.type().kind()) {
            case STRING -> text(made, check);
            case NUMBER -> number(made, check);
            case BOOLEAN, OBJECT -> throw refused(check, "it is " + made.type().label());
        };
    }

    static RefusedException refused(Filter.Check check, String why) {
        return new RefusedException(
                check.position(),
                "`" + check.field().text() + "` cannot be compared with `" + check.operator() + "`: " + why);
    }

    static Operand.Field transformed(Operand.Field field, Filter.Check check) throws RefusedException {
        return transformed(field, check.field().transformers(), check);
    }

    /** The field with its transformers. */
    static Operand.Field transformed(Operand.Field field, List<String> transformers, Filter.Check check)
            throws RefusedException {
        Operand.Field made = field;
        for (String transformer : transformers) {
            if (made.type().kind() != FieldType.Kind.STRING) {
                throw refused(check, transformer + "() takes a text");
            }
            made = made.with(
                    switch (transformer) {
                        case "tolower" -> Transform.LOWER;
                        case "toupper" -> Transform.UPPER;
                        case "b64" -> Transform.BASE64;
                        case "basename" -> Transform.BASENAME;
                        default -> Transform.LENGTH;
                    });
        }
        return made;
    }

    static Condition present(Operand.Field field, Position position) {
        return new Condition.Present(field, position);
    }

    /** Present and not equal; without values to compare with, equal to none of them. */
    private static Condition text(Operand.Field field, Filter.Check check) throws RefusedException {
        Position position = check.position();
        if (check.operator().equals("exists")) {
            return present(field, position);
        }
        if (ORDERINGS.contains(check.operator())) {
            throw refused(check, "only numbers have an order");
        }
        if (check.operator().startsWith("b")) {
            throw refused(check, "only buffers are compared with bytes");
        }
        List<String> values = new ArrayList<>(check.values());
        boolean equality = EQUALITIES.contains(check.operator());
        boolean missing = equality && values.removeAll(MISSING);
        Condition fits = any(field, check, values);
        if (check.operator().equals("!=")) {
            return Logic.and(List.of(present(field, position), Logic.not(fits)), position);
        }
        return missing ? Logic.or(List.of(Logic.not(present(field, position)), fits), position) : fits;
    }

    /** One of the values fits. */
    private static Condition any(Operand.Field field, Filter.Check check, List<String> values) throws RefusedException {
        Position position = check.position();
        if (values.isEmpty()) {
            return Logic.never(position);
        }
        try {
            return switch (check.operator()) {
                case "=", "!=", "in", "intersects" -> equal(field, List.copyOf(values), position);
                case "contains" -> compare(field, Operator.SUBSTRING, values, position);
                case "icontains" -> compare(field.with(Transform.LOWER), Operator.SUBSTRING, lower(values), position);
                case "startswith" -> compare(field, Operator.STARTS_WITH, values, position);
                case "endswith" -> compare(field, Operator.ENDS_WITH, values, position);
                case "pmatch" -> below(field, values, position);
                case "glob" -> globs(field, values, position);
                case "iglob" -> globs(field.with(Transform.LOWER), lower(values), position);
                case "regex" -> {
                    for (String value : values) {
                        TextTest.checked(value);
                    }
                    yield compare(field, Operator.MATCHES, values, position);
                }
                default -> throw refused(check, "the operator is not known");
            };
        } catch (Globs.NotTakenException e) {
            throw new RefusedException(position, e.reason());
        }
    }

    /** ASCII letters alone: the others have no case for Falco. */
    private static List<String> lower(List<String> values) {
        return values.stream()
                .map(v -> v.chars().allMatch(c -> c < 0x80) ? v.toLowerCase(Locale.ROOT) : asciiLower(v))
                .toList();
    }

    private static String asciiLower(String value) {
        StringBuilder lower = new StringBuilder();
        value.chars().forEach(c -> lower.append((char) (c >= 'A' && c <= 'Z' ? c + 0x20 : c)));
        return lower.toString();
    }

    static Condition equal(Operand.Field field, List<?> values, Position position) {
        Operand.Literals literals = Operand.Literals.of(values);
        if (literals.values().isEmpty()) {
            return Logic.never(position);
        }
        Operator operator = literals.values().size() == 1 ? Operator.EQUAL : Operator.IN;
        return new Condition.Comparison(field, operator, literals, position);
    }

    private static Condition compare(Operand.Field field, Operator operator, List<?> values, Position position) {
        return new Condition.Comparison(field, operator, Operand.Literals.of(values), position);
    }

    private static Condition below(Operand.Field field, List<String> values, Position position)
            throws Globs.NotTakenException {
        List<String> plain = new ArrayList<>();
        List<String> wild = new ArrayList<>();
        for (String value : values) {
            if (Globs.wild(value)) {
                wild.add(Globs.prefix(value));
            } else {
                plain.add(value);
            }
        }
        return either(field, Operator.UNDER, plain, wild, position);
    }

    private static Condition globs(Operand.Field field, List<String> values, Position position)
            throws Globs.NotTakenException {
        List<String> plain = new ArrayList<>();
        List<String> wild = new ArrayList<>();
        for (String value : values) {
            if (Globs.wild(value)) {
                wild.add(Globs.expression(value));
            } else {
                plain.add(value);
            }
        }
        return either(field, Operator.IN, plain, wild, position);
    }

    private static Condition either(
            Operand.Field field, Operator operator, List<String> plain, List<String> wild, Position position)
            throws Globs.NotTakenException {
        List<Condition> parts = new ArrayList<>();
        if (!plain.isEmpty()) {
            parts.add(compare(field, operator, plain, position));
        }
        for (String expression : wild) {
            TextTest.checked(expression);
        }
        if (!wild.isEmpty()) {
            parts.add(compare(field, Operator.MATCHES, wild, position));
        }
        return Logic.or(parts, position);
    }

    private static Condition number(Operand.Field field, Filter.Check check) throws RefusedException {
        Position position = check.position();
        if (check.operator().equals("exists")) {
            return present(field, position);
        }
        List<Long> numbers = new ArrayList<>();
        for (String value : check.values()) {
            numbers.add(parsed(value, check));
        }
        if (EQUALITIES.contains(check.operator())) {
            Condition fits = equal(field, numbers, position);
            return check.operator().equals("!=")
                    ? Logic.and(List.of(present(field, position), Logic.not(fits)), position)
                    : fits;
        }
        if (!ORDERINGS.contains(check.operator())) {
            throw refused(check, "only texts can be searched, and it is a number");
        }
        Operator operator = ordering(check.operator());
        return compare(field, operator, numbers, position);
    }

    static Operator ordering(String operator) {
        return switch (operator) {
            case "<" -> Operator.LESS;
            case "<=" -> Operator.LESS_OR_EQUAL;
            case ">" -> Operator.GREATER;
            default -> Operator.GREATER_OR_EQUAL;
        };
    }

    static long parsed(String value, Filter.Check check) throws RefusedException {
        try {
            return value.matches("[+-]?[0-9]+") ? Long.parseLong(value) : Long.decode(value);
        } catch (NumberFormatException e) {
            throw refused(check, "`" + value + "` is no whole number");
        }
    }

    /** An address, compared with addresses and networks. */
    static Condition address(Operand.Field field, Filter.Check check) throws RefusedException {
        Position position = check.position();
        if (check.operator().equals("exists")) {
            return present(field, position);
        }
        if (!EQUALITIES.contains(check.operator())) {
            throw refused(check, "addresses are compared with =, !=, in and intersects");
        }
        for (String value : check.values()) {
            if (Network.parse(value).isEmpty()) {
                throw refused(check, "`" + value + "` is neither an address nor a network");
            }
        }
        Condition fits = check.values().isEmpty()
                ? Logic.never(position)
                : compare(field, Operator.IN_NETWORK, check.values(), position);
        return check.operator().equals("!=")
                ? Logic.and(List.of(present(field, position), Logic.not(fits)), position)
                : fits;
    }

    /** With another field of the event on the right. */
    static Condition fields(Operand.Field left, Operand.Field right, Filter.Check check) throws RefusedException {
        Operand.Field made = transformed(left, check);
        Position position = check.position();
        if (made.type().kind() != right.type().kind()
                || made.type().many()
                || right.type().many()) {
            throw refused(check, "the two fields do not hold the same kind of value");
        }
        Operator operator = switch (check.operator()) {
            case "=", "!=", "in", "intersects" -> Operator.EQUAL;
            case "<", "<=", ">", ">=" -> ordering(check.operator());
            case "contains" -> Operator.SUBSTRING;
            case "startswith" -> Operator.STARTS_WITH;
            case "endswith" -> Operator.ENDS_WITH;
            case "pmatch" -> Operator.UNDER;
            default -> throw refused(check, "a pattern has to stand in the rule");
        };
        boolean number = made.type().kind() == FieldType.Kind.NUMBER;
        if (number ? operator.textual() : operator.ordering()) {
            throw refused(check, "the operator is not for such values");
        }
        Condition fits = new Condition.Comparison(made, operator, right, position);
        return check.operator().equals("!=")
                ? Logic.and(List.of(present(made, position), present(right, position), Logic.not(fits)), position)
                : fits;
    }
}
