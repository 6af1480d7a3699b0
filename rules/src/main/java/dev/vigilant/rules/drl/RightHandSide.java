// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.drl;

import dev.vigilant.rules.ast.Position;
import dev.vigilant.rules.field.Nearest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.drools.drl.ast.descr.RuleDescr;

/** Reads {@code alert( $a, $b );}: the right-hand side is data, and this is all of it. */
final class RightHandSide {
    private static final String REMEDY = "the right-hand side is data, never run: write `alert( $event );`";

    private final String file;
    private final String text;
    private final RuleDescr descr;
    private final Set<String> bindings;

    RightHandSide(String file, String text, RuleDescr descr, Set<String> bindings) {
        this.file = file;
        this.text = text;
        this.descr = descr;
        this.bindings = bindings;
    }

    /** The named events; empty with a refusal when there is anything else. */
    List<String> read(BiConsumer<Position, String> refuse) {
        Position position = begin();
        List<String> evidence = new ArrayList<>();
        try {
            Tokens tokens = new Tokens(String.valueOf(descr.getConsequence()), position);
            if (tokens.atEnd()) {
                throw new RefusedException(position, "no alert: " + REMEDY);
            }
            if (!tokens.take("alert")) {
                throw new RefusedException(
                        tokens.peek().position(), tokens.peek().shown() + ": " + REMEDY);
            }
            tokens.expect("(");
            do {
                evidence.add(argument(tokens));
            } while (tokens.take(","));
            tokens.expect(")");
            tokens.take(";");
            if (!tokens.atEnd()) {
                throw new RefusedException(
                        tokens.peek().position(), tokens.peek().shown() + " after alert: " + REMEDY);
            }
        } catch (RefusedException e) {
            refuse.accept(Position.ofLine(file, e.position().line()), e.reason());
        }
        if (!descr.getNamedConsequences().isEmpty()) {
            refuse.accept(Position.ofLine(file, descr.getLine()), "named consequences: write two rules");
        }
        return evidence;
    }

    /** The parser says where {@code then} stands and drops the blanks behind it. */
    private Position begin() {
        int line = Math.max(1, descr.getConsequenceLine());
        int at = 0;
        for (int i = 1; i < line; i++) {
            at = text.indexOf('\n', at) + 1;
        }
        at = Math.max(at, text.indexOf("then", at) + "then".length());
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            line += text.charAt(at++) == '\n' ? 1 : 0;
        }
        return Position.ofLine(file, line);
    }

    private String argument(Tokens tokens) throws RefusedException {
        Token name = tokens.next();
        if (!bindings.contains(name.text())) {
            throw new RefusedException(
                    name.position(),
                    name.kind() == Token.Kind.NAME
                            ? "alert names `" + name.text() + "`, which no pattern is bound to"
                                    + Nearest.hint(name.text(), bindings, "")
                            : "alert takes the names of events: `alert( $event );`");
        }
        return name.text();
    }

    /** The last name in the right-hand side, whether or not it is one. */
    static String lastArgument(RuleDescr descr) {
        String consequence = String.valueOf(descr.getConsequence());
        int close = consequence.lastIndexOf(')');
        int begin = Math.max(consequence.lastIndexOf(',', close), consequence.indexOf('('));
        return close > begin && begin >= 0
                ? consequence.substring(begin + 1, close).strip()
                : "";
    }
}
