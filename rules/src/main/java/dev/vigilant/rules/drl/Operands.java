// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.drl;

import dev.vigilant.event.KernelEvent;
import dev.vigilant.rules.ast.FieldType;
import dev.vigilant.rules.ast.Operand;
import dev.vigilant.rules.ast.Position;
import dev.vigilant.rules.ast.Transform;
import dev.vigilant.rules.field.FieldPath;
import dev.vigilant.rules.field.Nearest;
import dev.vigilant.rules.field.UnknownFieldException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the sides of comparisons: fields, literals and lists. */
final class Operands {
    private final Tokens tokens;
    private final Scope scope;

    Operands(Tokens tokens, Scope scope) {
        this.tokens = tokens;
        this.scope = scope;
    }

    /** Whether {@code (field & 0x3)} comes next. */
    boolean maskAhead() {
        if (!tokens.peek().is("(")) {
            return false;
        }
        int ahead = 1;
        while (tokens.peek(ahead).kind() == Token.Kind.NAME
                || tokens.peek(ahead).is(".")) {
            ahead++;
        }
        return ahead > 1 && tokens.peek(ahead).is("&") && tokens.peek(ahead + 1).kind() == Token.Kind.NUMBER;
    }

    /** The left side. */
    Operand.Field left() throws RefusedException {
        if (maskAhead()) {
            tokens.next();
            Operand.Field field = left();
            Token ampersand = tokens.next();
            if (field.type().kind() != FieldType.Kind.NUMBER) {
                throw new RefusedException(ampersand.position(), "`" + field.text() + "` is no number and has no bits");
            }
            long mask = number(tokens.next());
            tokens.expect(")");
            return new Operand.Field(field.binding(), field.owner(), field.steps(), field.type(), mask);
        }
        Token token = tokens.peek();
        if (token.kind() != Token.Kind.NAME) {
            throw new RefusedException(token.position(), "expected a field instead of " + token.shown());
        }
        if (tokens.peek(1).is(":")) {
            throw new RefusedException(
                    token.position(), "fields are not bound: bind the pattern ($x : Type(...)) and write $x.field");
        }
        return field();
    }

    /** Which transform is written here, before a parenthesis; null for none. */
    private @Nullable Transform transformAhead() {
        String name = tokens.peek().text();
        return tokens.peek(1).is("(")
                ? Arrays.stream(Transform.values())
                        .filter(transform -> transform.label().equals(name))
                        .findFirst()
                        .orElse(null)
                : null;
    }

    private Operand.Field transformed(Transform transform) throws RefusedException {
        Token name = tokens.next();
        tokens.expect("(");
        Operand.Field field = field();
        tokens.expect(")");
        if (field.type().kind() != FieldType.Kind.STRING) {
            throw new RefusedException(
                    name.position(),
                    transform.label() + "() takes a text, and `" + field.text() + "` is "
                            + field.type().label());
        }
        return field.with(transform);
    }

    /** One literal or one field. */
    Operand value() throws RefusedException {
        Token token = tokens.peek();
        if (token.kind() == Token.Kind.NAME && !token.is("true") && !token.is("false")) {
            if (isList(token)) {
                throw new RefusedException(
                        token.position(), "`" + token.text() + "` is a list: write `in (" + token.text() + ")`");
            }
            return field();
        }
        return Operand.Literals.of(literal());
    }

    /** One literal, one field, or a list by its name. */
    Operand values() throws RefusedException {
        Token token = tokens.peek();
        return token.kind() == Token.Kind.NAME && isList(token) ? named(tokens.next()) : value();
    }

    /** A list by its name, or a field that holds several values. */
    Operand member() throws RefusedException {
        Token token = tokens.peek();
        if (token.is("(")) {
            throw new RefusedException(token.position(), "`memberOf` takes one list: write `in ( ... )`");
        }
        if (token.kind() != Token.Kind.NAME) {
            throw new RefusedException(token.position(), "expected the name of a list instead of " + token.shown());
        }
        if (isList(token)) {
            return named(tokens.next());
        }
        if (!tokens.peek(1).is(".") && !scope.earlier().containsKey(token.text()) && !isField(token.text())) {
            throw new RefusedException(token.position(), unknownList(token.text()));
        }
        return field();
    }

    /** Literals and list names in parentheses. */
    Operand list() throws RefusedException {
        if (!tokens.peek().is("(")) {
            throw new RefusedException(
                    tokens.peek().position(),
                    "expected `(` after `in` instead of " + tokens.peek().shown());
        }
        tokens.next();
        List<Object> values = new ArrayList<>();
        do {
            Token token = tokens.peek();
            if (token.kind() == Token.Kind.NAME && !token.is("true") && !token.is("false")) {
                if (!isList(token)) {
                    throw new RefusedException(token.position(), unknownList(token.text()));
                }
                values.addAll(named(tokens.next()).values());
            } else {
                values.add(literal());
            }
        } while (tokens.take(","));
        tokens.expect(")");
        return Operand.Literals.of(values);
    }

    private boolean isList(Token token) {
        return scope.lists().containsKey(token.text()) && !tokens.peek(1).is(".");
    }

    private boolean isField(String name) {
        return FieldPath.names(scope.type()).contains(name);
    }

    private Operand.Literals named(Token name) {
        return Operand.Literals.of(scope.lists().getOrDefault(name.text(), List.of()));
    }

    private String unknownList(String name) {
        return "unknown list `" + name + "`"
                + Nearest.hint(name, scope.lists().keySet(), ": define it in a .lists.yaml file");
    }

    private Object literal() throws RefusedException {
        Token token = tokens.next();
        if (token.kind() == Token.Kind.STRING) {
            return token.text();
        }
        if (token.is("true") || token.is("false")) {
            return token.is("true");
        }
        if (token.is("-")) {
            return -number(tokens.next());
        }
        if (token.kind() == Token.Kind.NUMBER) {
            return number(token);
        }
        throw new RefusedException(token.position(), "expected a value instead of " + token.shown());
    }

    private static long number(Token token) throws RefusedException {
        String text = token.text().replaceFirst("[lL]$", "");
        try {
            if (text.matches("0[0-7]+")) {
                return Long.parseLong(text, 8);
            }
            return text.startsWith("0x") || text.startsWith("0X")
                    ? Long.parseUnsignedLong(text.substring(2), 16)
                    : Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new RefusedException(
                    token.position(), token.shown() + " is no whole number: write 64, 0x40 or 0100 (octal)");
        }
    }

    private Operand.Field field() throws RefusedException {
        Transform transform = transformAhead();
        if (transform != null) {
            return transformed(transform);
        }
        Token first = tokens.next();
        List<String> steps = new ArrayList<>();
        String binding = null;
        Class<? extends KernelEvent> owner = scope.type();
        if (scope.earlier().containsKey(first.text())) {
            binding = first.text();
            owner = scope.earlier().getOrDefault(binding, owner);
        } else if (!first.is("this") && !first.text().equals(scope.binding())) {
            if (first.text().startsWith("$")) {
                throw new RefusedException(
                        first.position(),
                        "no earlier pattern is bound to `" + first.text() + "`"
                                + Nearest.hint(first.text(), scope.earlier().keySet(), ""));
            }
            steps.add(first.text());
        }
        steps(steps);
        return resolve(binding, owner, steps, first.position());
    }

    private void steps(List<String> steps) throws RefusedException {
        while (true) {
            if (tokens.take(".")) {
                Token name = tokens.next();
                if (name.kind() != Token.Kind.NAME) {
                    throw new RefusedException(name.position(), "expected a field instead of " + name.shown());
                }
                steps.add(name.text());
            } else if (tokens.peek().is("[")
                    && (tokens.peek(1).kind() == Token.Kind.STRING
                            || tokens.peek(1).kind() == Token.Kind.NUMBER)) {
                tokens.next();
                steps.add(tokens.next().text());
                tokens.expect("]");
            } else {
                break;
            }
        }
        if (tokens.peek().is("(")) {
            throw new RefusedException(
                    tokens.peek().position(),
                    "method calls are not part of the rule language: write the field's name without ()");
        }
    }

    private static Operand.Field resolve(
            @Nullable String binding, Class<? extends KernelEvent> owner, List<String> steps, Position position)
            throws RefusedException {
        try {
            FieldType type = FieldPath.compile(owner, steps).type();
            return new Operand.Field(binding, owner, steps, type, Operand.Field.NO_MASK);
        } catch (UnknownFieldException e) {
            throw new RefusedException(position, e.reason());
        }
    }
}
