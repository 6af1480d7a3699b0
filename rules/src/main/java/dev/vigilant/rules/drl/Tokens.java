// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.drl;

import dev.vigilant.rules.ast.Position;
import java.util.List;

/** A cursor over the tokens of one constraint. */
final class Tokens {
    private final List<Token> tokens;
    private int at;

    Tokens(String text, Position start) throws RefusedException {
        this.tokens = Lexer.tokens(text, start);
    }

    Token peek() {
        return peek(0);
    }

    Token peek(int ahead) {
        return tokens.get(Math.min(at + ahead, tokens.size() - 1));
    }

    Token next() {
        Token token = peek();
        at = Math.min(at + 1, tokens.size() - 1);
        return token;
    }

    /** Takes the next token if it is this one. */
    boolean take(String text) {
        if (peek().is(text)) {
            next();
            return true;
        }
        return false;
    }

    void expect(String text) throws RefusedException {
        if (!take(text)) {
            throw new RefusedException(peek().position(), "expected `" + text + "` instead of " + peek().shown());
        }
    }

    boolean atEnd() {
        return peek().kind() == Token.Kind.END;
    }
}
