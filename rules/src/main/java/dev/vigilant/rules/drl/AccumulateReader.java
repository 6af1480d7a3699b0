// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.drl;

import dev.vigilant.rules.ast.Count;
import dev.vigilant.rules.ast.FieldType;
import dev.vigilant.rules.ast.Operand;
import dev.vigilant.rules.ast.Pattern;
import dev.vigilant.rules.ast.Pattern.Quantifier;
import dev.vigilant.rules.ast.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.drools.drl.ast.descr.AccumulateDescr;
import org.drools.drl.ast.descr.AccumulateDescr.AccumulateFunctionCallDescr;
import org.drools.drl.ast.descr.BaseDescr;
import org.drools.drl.ast.descr.ExprConstraintDescr;
import org.drools.drl.ast.descr.PatternDescr;
import org.jspecify.annotations.Nullable;

/** Lowers one {@code accumulate( Type( ... ); $n : count(); $n >= 20 )}. */
final class AccumulateReader {
    private static final String REMEDY =
            "write `accumulate( Type( ..., this before[0s,60s] $x ); $n : count(); $n >= 20 )`";
    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");

    private final PatternReader patterns;
    private final Map<String, Count> counts;
    private long least;
    private long most = Long.MAX_VALUE;
    private final List<String> plus = new ArrayList<>();

    /** @param counts the rule's earlier counts by their names */
    AccumulateReader(PatternReader patterns, Map<String, Count> counts) {
        this.patterns = patterns;
        this.counts = counts;
    }

    Pattern read(PatternDescr pattern, AccumulateDescr accumulate) throws RefusedException {
        Position position = patterns.positionOf(pattern);
        PatternDescr source = accumulate.getInputPattern();
        if (!pattern.getObjectType().equals("Object") || accumulate.getInitCode() != null) {
            throw new RefusedException(position, "accumulate: " + REMEDY);
        }
        if (source == null
                || source.getSource() != null
                || accumulate.getDescrs().size() > 1) {
            throw new RefusedException(
                    position, "accumulate counts the events of one pattern: write one for each, and add their counts");
        }
        Optional<Scope> scope = patterns.scope(source, true);
        if (scope.isEmpty()) {
            throw new RefusedException(position, "");
        }
        Pattern counted = patterns.read(source, Quantifier.EACH, scope.get());
        AccumulateFunctionCallDescr function = function(accumulate, position);
        Operand.Field distinct = distinct(function, scope.get(), position);
        String name = function.getBind();
        for (BaseDescr constraint : pattern.getDescrs()) {
            constraint((ExprConstraintDescr) constraint, name, distinct != null);
        }
        if (plus.size() > Count.MAX_ADDED) {
            throw new RefusedException(
                    position, "more than " + (Count.MAX_ADDED + 1) + " counts in a sum: split the rule");
        }
        if (least > most) {
            throw new RefusedException(position, "no number is as `" + name + "` has to be");
        }
        if (!pattern.getDescrs().isEmpty() && least <= 0 && most == Long.MAX_VALUE) {
            throw new RefusedException(position, "each number is as `" + name + "` has to be");
        }
        if (Math.max(least, most == Long.MAX_VALUE ? 0 : most) >= Count.MAX) {
            throw new RefusedException(
                    position,
                    "counts no further than " + (Count.MAX - 1) + ": so many events of a pattern are remembered");
        }
        return new Pattern(
                Quantifier.COUNT,
                null,
                counted.type(),
                counted.conditions(),
                new Count(name, distinct, plus, least, most),
                position);
    }

    private AccumulateFunctionCallDescr function(AccumulateDescr accumulate, Position position)
            throws RefusedException {
        if (accumulate.getFunctions().size() != 1) {
            throw new RefusedException(position, "one function for each accumulate: " + REMEDY);
        }
        AccumulateFunctionCallDescr function = accumulate.getFunctions().get(0);
        String name = function.getBind();
        if (name == null || function.isUnification()) {
            throw new RefusedException(
                    position, "the number has no name: write `$n : " + function.getFunction() + "(...)`");
        }
        if (!name.startsWith("$")) {
            throw new RefusedException(position, "`" + name + "`: names begin with $, write `$" + name + "`");
        }
        return function;
    }

    /** The field whose values are counted; null where events are. */
    private Operand.@Nullable Field distinct(AccumulateFunctionCallDescr function, Scope scope, Position position)
            throws RefusedException {
        String[] arguments = function.getParams();
        switch (function.getFunction()) {
            case "count" -> {
                boolean itself = arguments.length == 1 && arguments[0].equals(scope.binding());
                if (arguments.length > 0 && !itself) {
                    throw new RefusedException(
                            position,
                            "count() takes nothing: of the different values of a field write"
                                    + " `$values : collectSet( $c.field ); $values.size >= 20`");
                }
                return null;
            }
            case "collectSet" -> {
                String example = "collectSet takes a field of the counted event: write"
                        + " `accumulate( $c : Type( ... ); $values : collectSet( $c.field ); $values.size >= 20 )`";
                if (arguments.length != 1
                        || scope.binding() == null
                        || !arguments[0].startsWith(scope.binding() + ".")) {
                    throw new RefusedException(position, example);
                }
                Tokens tokens = new Tokens(arguments[0], position);
                Operand.Field field = new Operands(tokens, scope).left();
                if (!tokens.atEnd()) {
                    throw new RefusedException(position, example);
                }
                if (field.type().many() || field.type().kind() == FieldType.Kind.OBJECT) {
                    throw new RefusedException(
                            position,
                            "`" + field.text() + "` is " + field.type().label()
                                    + ": collectSet takes a text, a number, or true and false");
                }
                return field;
            }
            default ->
                throw new RefusedException(
                        position,
                        "`" + function.getFunction()
                                + "` is not part of the rule language: count() counts events, collectSet( $c.field ) the"
                                + " different values of a field");
        }
    }

    /** {@code $n >= 20}, {@code $n + $m >= 20 && $n < 30}, {@code $values.size >= 20}. */
    private void constraint(ExprConstraintDescr constraint, String name, boolean size) throws RefusedException {
        Tokens tokens = new Tokens(patterns.source(constraint), patterns.positionOf(constraint));
        boolean first = plus.isEmpty() && least == 0 && most == Long.MAX_VALUE;
        do {
            List<String> added = sum(tokens, name, size);
            if (first) {
                plus.addAll(added);
            } else if (!plus.equals(added)) {
                throw new RefusedException(tokens.peek().position(), "all of it has to be about the same sum");
            }
            first = false;
            bound(tokens);
        } while (tokens.take("&&"));
        if (!tokens.atEnd()) {
            Token token = tokens.peek();
            throw new RefusedException(
                    token.position(),
                    "unexpected " + token.shown() + ": write `" + name + (size ? ".size" : "") + " >= 20`");
        }
    }

    /** The names that are added to the own one. */
    private List<String> sum(Tokens tokens, String name, boolean size) throws RefusedException {
        List<String> added = new ArrayList<>();
        boolean own = false;
        do {
            Token token = tokens.next();
            Count earlier = counts.get(token.text());
            if (token.text().equals(name) && !own) {
                own = true;
                if (size) {
                    tokens.expect(".");
                    tokens.expect("size");
                    if (tokens.take("(")) {
                        tokens.expect(")");
                    }
                }
            } else if (earlier != null && earlier.distinct() == null && !size) {
                added.add(token.text());
            } else if (earlier != null || (size && token.text().equals(name))) {
                throw new RefusedException(
                        token.position(), "different values are not added: the same may be in several sums");
            } else {
                throw new RefusedException(
                        token.position(),
                        "`" + token.text() + "` is no count: write `" + name + (size ? ".size" : "") + " >= 20`");
            }
        } while (tokens.take("+"));
        if (!own) {
            throw new RefusedException(tokens.peek().position(), "`" + name + "` is not asked for");
        }
        return added;
    }

    private void bound(Tokens tokens) throws RefusedException {
        Token operator = tokens.next();
        if (!COMPARISONS.contains(operator.text()) || operator.is("!=")) {
            throw new RefusedException(
                    operator.position(), operator.shown() + " is no comparison of numbers: write >=, >, ==, < or <=");
        }
        Token token = tokens.next();
        if (token.kind() != Token.Kind.NUMBER || !token.text().matches("\\d{1,9}")) {
            throw new RefusedException(token.position(), token.shown() + " is no whole number that is counted to");
        }
        long number = Long.parseLong(token.text());
        switch (operator.text()) {
            case ">=" -> least = Math.max(least, number);
            case ">" -> least = Math.max(least, number + 1);
            case "<" -> most = Math.min(most, number - 1);
            case "<=" -> most = Math.min(most, number);
            default -> {
                least = Math.max(least, number);
                most = Math.min(most, number);
            }
        }
    }
}
