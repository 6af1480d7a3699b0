// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.drl;

import dev.vigilant.rules.ast.Position;

/**
 * A word of a constraint.
 *
 * @param kind what it is
 * @param text its value: a string without quotes and escapes, everything else as written
 * @param position where it begins
 */
record Token(Kind kind, String text, Position position) {
    /** What a token is. */
    enum Kind {
        NAME,
        STRING,
        /** Anything that begins with a digit: a number or a duration. */
        NUMBER,
        SYMBOL,
        END
    }

    boolean is(String symbolOrName) {
        return (kind == Kind.SYMBOL || kind == Kind.NAME) && text.equals(symbolOrName);
    }

    /** As messages quote it. */
    String shown() {
        return switch (kind) {
            case END -> "the end";
            case STRING -> "\"" + text + "\"";
            case NAME, NUMBER, SYMBOL -> "`" + text + "`";
        };
    }
}
