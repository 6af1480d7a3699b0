// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.drl;

import dev.vigilant.rules.ast.Condition;
import dev.vigilant.rules.ast.Operand;
import dev.vigilant.rules.ast.Operator;
import dev.vigilant.rules.ast.Position;
import dev.vigilant.rules.field.Nearest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Reads one constraint of a pattern. Drools' expression parser is not used here: it drops what it does not understand at
 * the end of an expression without a word, expands {@code in}, and keeps no positions (see RATIONALE.md).
 */
final class ConstraintParser {
    private static final Set<String> SYMBOLS = Set.of("==", "!=", "<", "<=", ">", ">=");
    private static final List<String> WORDS =
            List.of("in", "not", "memberOf", "contains", "excludes", "matches", "str", "after", "before", "coincides");
    private static final List<String> TEXT_OPERATORS =
            List.of("startsWith", "endsWith", "contains", "under", "inNetwork");
    private static final int MAX_DEPTH = 50;

    private final Tokens tokens;
    private final Operands operands;
    private final TimeParser times;
    private int depth;

    private ConstraintParser(Tokens tokens, Scope scope) {
        this.tokens = tokens;
        this.operands = new Operands(tokens, scope);
        this.times = new TimeParser(tokens, scope);
    }

    /** The condition, or a refusal that says where and why. */
    static Condition parse(String text, Position start, Scope scope) throws RefusedException {
        Tokens tokens = new Tokens(text, start);
        ConstraintParser parser = new ConstraintParser(tokens, scope);
        Condition condition = parser.or();
        if (!tokens.atEnd()) {
            throw new RefusedException(tokens.peek().position(), parser.unexpected(tokens.peek()));
        }
        return condition;
    }

    private String unexpected(Token token) {
        return switch (token.text()) {
            case "=" -> "`=` is no comparison: write `==`";
            case "?" -> "`? :` is not part of the rule language: write two rules, or use && and ||";
            case "+", "-", "*", "/", "%" -> "arithmetic is not part of the rule language";
            case "!." -> "`!.` is not needed: a missing step gives a missing value, write `.`";
            case "(" -> "method calls are not part of the rule language: write the field's name without ()";
            case "&", "|" -> "bits are asked for as `(field & 0x3) != 0`, and conditions are joined with && and ||";
            default -> "unexpected " + token.shown();
        };
    }

    private Condition or() throws RefusedException {
        Position position = tokens.peek().position();
        List<Condition> parts = new ArrayList<>(List.of(and()));
        while (tokens.take("||")) {
            parts.add(and());
        }
        return parts.size() == 1 ? parts.get(0) : new Condition.Or(parts, position);
    }

    private Condition and() throws RefusedException {
        Position position = tokens.peek().position();
        List<Condition> parts = new ArrayList<>(List.of(unary()));
        while (tokens.take("&&")) {
            parts.add(unary());
        }
        return parts.size() == 1 ? parts.get(0) : new Condition.And(parts, position);
    }

    private Condition unary() throws RefusedException {
        Token token = tokens.peek();
        if (++depth > MAX_DEPTH) {
            throw new RefusedException(token.position(), "nested too deep: split the rule");
        }
        try {
            if (tokens.take("!")) {
                return new Condition.Not(unary(), token.position());
            }
            if (token.is("not") || token.is("eval")) {
                throw new RefusedException(
                        token.position(), "`" + token.text() + "` cannot stand here: write `!( ... )`");
            }
            if (token.is("(") && !operands.maskAhead()) {
                tokens.next();
                Condition inner = or();
                tokens.expect(")");
                return inner;
            }
            return relation();
        } finally {
            depth--;
        }
    }

    private Condition relation() throws RefusedException {
        Token start = tokens.peek();
        if (SYMBOLS.contains(start.text()) && start.kind() == Token.Kind.SYMBOL) {
            throw new RefusedException(start.position(), "repeat the field: `x == \"a\" || x == \"b\"`, or use `in`");
        }
        Operand.Field left = operands.left();
        Token operator = tokens.peek();
        if (operator.kind() == Token.Kind.END || operator.is("&&") || operator.is("||") || operator.is(")")) {
            return Typing.holds(left, start.position());
        }
        boolean negated = tokens.take("not");
        Condition condition = comparison(left, start.position(), tokens.peek());
        return negated ? new Condition.Not(condition, start.position()) : condition;
    }

    private Condition comparison(Operand.Field left, Position start, Token operator) throws RefusedException {
        if (operator.kind() == Token.Kind.SYMBOL && SYMBOLS.contains(operator.text())) {
            tokens.next();
            return symbol(left, start, operator);
        }
        if (operator.kind() != Token.Kind.NAME) {
            throw new RefusedException(operator.position(), unexpected(operator));
        }
        tokens.next();
        return switch (operator.text()) {
            case "in" -> Typing.comparison(left, Operator.IN, operands.list(), start);
            case "memberOf" -> Typing.comparison(left, Operator.IN, operands.member(), start);
            case "contains" -> Typing.comparison(left, Operator.CONTAINS, operands.values(), start);
            case "excludes" ->
                new Condition.Not(Typing.comparison(left, Operator.CONTAINS, operands.values(), start), start);
            case "matches" -> Typing.comparison(left, Operator.MATCHES, operands.values(), start);
            case "str" -> Typing.comparison(left, textOperator(), operands.values(), start);
            case "after", "before", "coincides" -> times.parse(left, operator, start);
            default ->
                throw new RefusedException(
                        operator.position(),
                        "unknown operator `" + operator.text() + "`"
                                + Nearest.hint(
                                        operator.text(),
                                        WORDS,
                                        ": known are ==, !=, <, <=, >, >=, in, memberOf,"
                                                + " contains, matches, str[startsWith], str[endsWith], str[contains], str[under], str[inNetwork]"));
        };
    }

    private Condition symbol(Operand.Field left, Position start, Token operator) throws RefusedException {
        boolean negated = operator.is("!=");
        boolean equality = negated || operator.is("==");
        Condition condition;
        if (equality && tokens.take("null")) {
            Condition present = new Condition.Present(left, start);
            return negated ? present : new Condition.Not(present, start);
        }
        if (equality && left.steps().isEmpty() && left.binding() == null) {
            condition = new Condition.Same(times.binding("this " + operator.text()), start);
        } else {
            condition = Typing.comparison(left, operatorOf(operator), operands.value(), start);
        }
        return negated ? new Condition.Not(condition, start) : condition;
    }

    private static Operator operatorOf(Token symbol) {
        return switch (symbol.text()) {
            case "<" -> Operator.LESS;
            case "<=" -> Operator.LESS_OR_EQUAL;
            case ">" -> Operator.GREATER;
            case ">=" -> Operator.GREATER_OR_EQUAL;
            default -> Operator.EQUAL;
        };
    }

    private Operator textOperator() throws RefusedException {
        tokens.expect("[");
        Token name = tokens.next();
        Operator operator = switch (name.text()) {
            case "startsWith" -> Operator.STARTS_WITH;
            case "endsWith" -> Operator.ENDS_WITH;
            case "contains" -> Operator.SUBSTRING;
            case "under" -> Operator.UNDER;
            case "inNetwork" -> Operator.IN_NETWORK;
            default ->
                throw new RefusedException(
                        name.position(),
                        "unknown operator `str[" + name.text() + "]`"
                                + Nearest.hint(name.text(), TEXT_OPERATORS, ": known are " + TEXT_OPERATORS));
        };
        tokens.expect("]");
        return operator;
    }
}
