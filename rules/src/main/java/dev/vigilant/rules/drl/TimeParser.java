// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.drl;

import dev.vigilant.rules.ast.Condition;
import dev.vigilant.rules.ast.Operand;
import dev.vigilant.rules.ast.Position;
import dev.vigilant.rules.field.Nearest;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Reads what a constraint says of time: {@code this after[0s,60s] $w}. */
final class TimeParser {
    private final Tokens tokens;
    private final Scope scope;

    TimeParser(Tokens tokens, Scope scope) {
        this.tokens = tokens;
        this.scope = scope;
    }

    /** The rest of a temporal constraint, its operator already taken. */
    Condition parse(Operand.Field left, Token operator, Position start) throws RefusedException {
        if (!left.steps().isEmpty() || left.binding() != null) {
            throw new RefusedException(
                    start,
                    "`" + operator.text() + "` compares events: write `this " + operator.text() + "[0s,60s] $x`");
        }
        List<Long> bounds = bounds();
        boolean coincides = operator.is("coincides");
        if (bounds.size() != (coincides ? 1 : 2)) {
            String remedy = coincides ? "coincides[5s]" : operator.text() + "[0s,60s]";
            throw new RefusedException(operator.position(), "unbounded: write `this " + remedy + " $x`");
        }
        long max = bounds.get(bounds.size() - 1);
        long min = coincides ? -max : bounds.get(0);
        if (min > max) {
            throw new RefusedException(operator.position(), "the first bound is larger than the second");
        }
        String binding = binding(operator.text());
        return operator.is("before")
                ? new Condition.Within(binding, -max, -min, scope.counted(), start)
                : new Condition.Within(binding, min, max, scope.counted(), start);
    }

    private List<Long> bounds() throws RefusedException {
        List<Long> bounds = new ArrayList<>();
        if (!tokens.take("[")) {
            return bounds;
        }
        do {
            Token token = tokens.next();
            OptionalLong nanos =
                    token.kind() == Token.Kind.NUMBER ? Durations.nanos(token.text()) : OptionalLong.empty();
            if (nanos.isEmpty()) {
                throw new RefusedException(
                        token.position(), token.shown() + " is no duration: write 500ms, 60s, 1m30s, 2h");
            }
            bounds.add(nanos.getAsLong());
        } while (tokens.take(","));
        tokens.expect("]");
        return bounds;
    }

    /** The name of an earlier event, which has to stand here. */
    String binding(String after) throws RefusedException {
        Token name = tokens.next();
        if (name.kind() != Token.Kind.NAME || tokens.peek().is(".")) {
            throw new RefusedException(
                    name.position(), "`" + after + "` needs the name of an earlier event, such as $x, on its right");
        }
        if (!scope.earlier().containsKey(name.text())) {
            throw new RefusedException(
                    name.position(),
                    "no earlier pattern is bound to `" + name.text() + "`"
                            + Nearest.hint(name.text(), scope.earlier().keySet(), ""));
        }
        return name.text();
    }
}
