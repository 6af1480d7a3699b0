// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.eval;

import dev.vigilant.rules.ast.Operator;
import dev.vigilant.rules.text.Network;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.LongPredicate;
import java.util.function.Predicate;

/** The operators on single values that are there. */
final class ValueTests {
    private ValueTests() {}

    /** A number against literals. */
    static LongPredicate number(Operator operator, List<Object> values) {
        long[] sorted = values.stream().mapToLong(v -> (Long) v).sorted().toArray();
        if (operator == Operator.IN && sorted.length != 1) {
            return value -> Arrays.binarySearch(sorted, value) >= 0;
        }
        long wanted = sorted[0];
        return switch (operator) {
            case EQUAL, IN -> value -> value == wanted;
            case LESS -> value -> value < wanted;
            case LESS_OR_EQUAL -> value -> value <= wanted;
            case GREATER -> value -> value > wanted;
            case GREATER_OR_EQUAL -> value -> value >= wanted;
            case CONTAINS, SUBSTRING, STARTS_WITH, ENDS_WITH, UNDER, MATCHES, IN_NETWORK -> throw unchecked(operator);
        };
    }

    /** A text or boolean against literals: one that fits is enough. */
    static Predicate<Object> value(Operator operator, List<Object> values) {
        if (operator == Operator.EQUAL || operator == Operator.IN) {
            Set<Object> wanted = Set.copyOf(values);
            return wanted.size() == 1 ? wanted.iterator().next()::equals : wanted::contains;
        }
        String[] texts = values.stream().map(String.class::cast).toArray(String[]::new);
        if (operator == Operator.MATCHES) {
            Expressions expressions = new Expressions(List.of(texts));
            return value -> expressions.anyMatches((String) value);
        }
        if (operator == Operator.IN_NETWORK) {
            Network[] networks = Arrays.stream(texts).map(Network::of).toArray(Network[]::new);
            return value -> {
                for (Network network : networks) {
                    if (network.has((String) value)) {
                        return true;
                    }
                }
                return false;
            };
        }
        BiPredicate<Object, Object> pair = pair(operator);
        return value -> {
            for (String text : texts) {
                if (pair.test(value, text)) {
                    return true;
                }
            }
            return false;
        };
    }

    /** Two values of the same kind. */
    static BiPredicate<Object, Object> pair(Operator operator) {
        return switch (operator) {
            case EQUAL, IN -> Object::equals;
            case LESS -> (a, b) -> (Long) a < (Long) b;
            case LESS_OR_EQUAL -> (a, b) -> (Long) a <= (Long) b;
            case GREATER -> (a, b) -> (Long) a > (Long) b;
            case GREATER_OR_EQUAL -> (a, b) -> (Long) a >= (Long) b;
            case CONTAINS, SUBSTRING -> (a, b) -> ((String) a).contains((String) b);
            case STARTS_WITH -> (a, b) -> ((String) a).startsWith((String) b);
            case ENDS_WITH -> (a, b) -> ((String) a).endsWith((String) b);
            case UNDER -> (a, b) -> under((String) a, (String) b);
            case IN_NETWORK ->
                (a, b) -> Network.parse((String) b).map(n -> n.has((String) a)).orElse(false);
            case MATCHES -> throw unchecked(operator);
        };
    }

    private static boolean under(String path, String directory) {
        int length = directory.endsWith("/") ? directory.length() - 1 : directory.length();
        return path.regionMatches(0, directory, 0, length) && (path.length() == length || path.charAt(length) == '/');
    }

    private static IllegalArgumentException unchecked(Operator operator) {
        return new IllegalArgumentException("the front end let " + operator.label() + " pass for this type");
    }
}
