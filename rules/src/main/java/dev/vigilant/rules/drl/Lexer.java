// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.drl;

import dev.vigilant.rules.ast.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Cuts one constraint of a pattern into tokens, each with its place in the file. */
final class Lexer {
    private static final Set<String> PAIRS = Set.of("==", "!=", "<=", ">=", "&&", "||", "!.");

    private final String text;
    private final String file;
    private int at;
    private int line;
    private int column;

    private Lexer(String text, Position start) {
        this.text = text;
        this.file = start.file();
        this.line = start.line();
        this.column = start.column();
    }

    /** All tokens, with one {@code END} at the end. */
    static List<Token> tokens(String text, Position start) throws RefusedException {
        Lexer lexer = new Lexer(text, start);
        List<Token> tokens = new ArrayList<>();
        do {
            tokens.add(lexer.next());
        } while (tokens.get(tokens.size() - 1).kind() != Token.Kind.END);
        return tokens;
    }

    private Token next() throws RefusedException {
        skipBlanks();
        Position position = new Position(file, line, column);
        if (at == text.length()) {
            return new Token(Token.Kind.END, "", position);
        }
        char c = text.charAt(at);
        if (c == '"' || c == '\'') {
            return new Token(Token.Kind.STRING, string(c, position), position);
        }
        if (Character.isJavaIdentifierStart(c)) {
            return new Token(Token.Kind.NAME, word(false), position);
        }
        if (Character.isDigit(c)) {
            return new Token(Token.Kind.NUMBER, word(true), position);
        }
        String pair = text.substring(at, Math.min(at + 2, text.length()));
        String symbol = PAIRS.contains(pair) ? pair : pair.substring(0, 1);
        advance(symbol.length());
        return new Token(Token.Kind.SYMBOL, symbol, position);
    }

    private void skipBlanks() {
        while (at < text.length()) {
            if (Character.isWhitespace(text.charAt(at))) {
                advance(1);
            } else if (text.startsWith("//", at)) {
                int end = text.indexOf('\n', at);
                advance((end < 0 ? text.length() : end) - at);
            } else if (text.startsWith("/*", at)) {
                int end = text.indexOf("*/", at + 2);
                advance((end < 0 ? text.length() : end + 2) - at);
            } else {
                return;
            }
        }
    }

    private String word(boolean number) {
        int end = at;
        while (end < text.length()
                && (Character.isJavaIdentifierPart(text.charAt(end)) || (number && text.charAt(end) == '.'))) {
            end++;
        }
        String word = text.substring(at, end);
        advance(word.length());
        return word;
    }

    private String string(char quote, Position start) throws RefusedException {
        int end = at + 1;
        while (end < text.length() && text.charAt(end) != quote) {
            end += text.charAt(end) == '\\' ? 2 : 1;
        }
        if (end >= text.length()) {
            throw new RefusedException(start, "string without its closing quote");
        }
        String raw = text.substring(at + 1, end);
        advance(end + 1 - at);
        return unescape(raw, start);
    }

    /** The value of a string between its quotes. */
    static String unescape(String raw, Position position) throws RefusedException {
        StringBuilder value = new StringBuilder(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c != '\\' || i + 1 == raw.length()) {
                value.append(c);
                continue;
            }
            char escaped = raw.charAt(++i);
            switch (escaped) {
                case 'n' -> value.append('\n');
                case 't' -> value.append('\t');
                case 'r' -> value.append('\r');
                case 'b' -> value.append('\b');
                case 'f' -> value.append('\f');
                case '\\', '"', '\'' -> value.append(escaped);
                case 'u' -> {
                    value.append(unicode(raw, i + 1, position));
                    i += 4;
                }
                default ->
                    throw new RefusedException(
                            position, "unknown escape \\" + escaped + " in a string: write \\\\" + escaped);
            }
        }
        return value.toString();
    }

    private static char unicode(String raw, int from, Position position) throws RefusedException {
        String digits = raw.substring(from, Math.min(from + 4, raw.length()));
        if (!digits.matches("[0-9a-fA-F]{4}")) {
            throw new RefusedException(position, "\\u needs four hexadecimal digits");
        }
        return (char) Integer.parseInt(digits, 16);
    }

    private void advance(int count) {
        for (int i = 0; i < count; i++) {
            if (text.charAt(at++) == '\n') {
                line++;
                column = 1;
            } else {
                column++;
            }
        }
    }
}
