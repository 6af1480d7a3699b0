// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.text;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.WeakHashMap;

/**
 * Reads an RE2 expression as the forms of the texts that it matches, where a dot stands for a newline too. Assertions count as
 * fulfilled; repetitions and larger classes are gaps, and so are letters that match in either case, because Unicode folds more
 * than two letters into one. Forms are sure where none of these was met, but only any number of any characters. An expression
 * with anything that is not known here is one gap as a whole.
 */
final class Expression {
    /** A class with more characters than this is a gap. */
    private static final int SMALL_CLASS = 8;

    private static final int MAX_DEPTH = 100;
    private static final String VALUE_ESCAPES = "tnrfva";
    private static final String VALUES = "\t\n\r\f\u000b\u0007";
    private static final String CLASS_ESCAPES = "dDsSwW";
    private static final String ASSERTIONS = "bBAz";

    /** As long as a rule has the expression. */
    private static final Map<String, Shapes> KNOWN = Collections.synchronizedMap(new WeakHashMap<>());

    private final String text;
    private int at;
    private int depth;
    private boolean folding;
    /** Whether a dot leaves newlines out. */
    private boolean newlines;

    private Expression(String text) {
        this.text = text;
    }

    /** Says that something is not known here. */
    private static final class UnknownSyntaxException extends Exception {
        private static final long serialVersionUID = 1;
    }

    /** The forms of an expression, which is asked for anew for each kind of events and by each who looks for forms. */
    static Shapes shapes(String expression) {
        return KNOWN.computeIfAbsent(expression, Expression::read);
    }

    private static Shapes read(String expression) {
        Expression reader = new Expression(expression);
        try {
            Shapes shapes = reader.alternatives();
            return reader.at == expression.length() ? shapes : Shapes.something();
        } catch (UnknownSyntaxException | StringIndexOutOfBoundsException e) {
            return Shapes.something();
        }
    }

    private Shapes alternatives() throws UnknownSyntaxException {
        if (++depth > MAX_DEPTH) {
            throw new UnknownSyntaxException();
        }
        Shapes all = sequence();
        while (take('|')) {
            all = all.or(sequence());
        }
        depth--;
        return all;
    }

    private Shapes sequence() throws UnknownSyntaxException {
        Shapes all = Shapes.exactly("");
        // Gathered before it is joined with hundreds of forms: character by character a start would be longer.
        Shapes run = Shapes.exactly("");
        while (at < text.length() && text.charAt(at) != '|' && text.charAt(at) != ')') {
            // Any character, any number of times, is any text; once, it is not.
            boolean dot = text.startsWith(".*", at) && !newlines;
            at += dot ? 2 : 0;
            Shapes next = repeated(dot ? Shapes.any() : atom());
            if (next.single()) {
                run = run.then(next);
            } else {
                all = all.then(run).then(next);
                run = Shapes.exactly("");
            }
        }
        return all.then(run);
    }

    private boolean take(char c) {
        boolean there = at < text.length() && text.charAt(at) == c;
        at += there ? 1 : 0;
        return there;
    }

    private Shapes atom() throws UnknownSyntaxException {
        char c = text.charAt(at++);
        return switch (c) {
            case '(' -> group();
            case '[' -> characters();
            case '.' -> Shapes.something();
            case '^', '$' -> Shapes.exactly("").unsure();
            case '\\' -> escape(text.charAt(at++));
            case '*', '+', '?' -> throw new UnknownSyntaxException();
            default -> literal(c);
        };
    }

    private Shapes literal(char c) {
        if (Character.isHighSurrogate(c)) {
            at++;
            Shapes pair = Shapes.exactly(text.substring(at - 2, at));
            return folding ? Shapes.something() : Character.isLowSurrogate(text.charAt(at - 1)) ? pair : pair.unsure();
        }
        Shapes one = Shapes.exactly(String.valueOf(c));
        return folds(c) ? Shapes.something() : Character.isLowSurrogate(c) ? one.unsure() : one;
    }

    private boolean folds(char c) {
        return folding && (c >= 0x80 || Character.isLetter(c));
    }

    private Shapes escape(char c) throws UnknownSyntaxException {
        if (CLASS_ESCAPES.indexOf(c) >= 0) {
            return Shapes.something();
        }
        return ASSERTIONS.indexOf(c) >= 0 ? Shapes.exactly("").unsure() : literal(escaped(c));
    }

    /** The one character that an escape stands for. */
    private static char escaped(char c) throws UnknownSyntaxException {
        int value = VALUE_ESCAPES.indexOf(c);
        if (value < 0 && (c >= 0x80 || Character.isLetterOrDigit(c))) {
            throw new UnknownSyntaxException();
        }
        return value < 0 ? c : VALUES.charAt(value);
    }

    /** After the parenthesis: {@code (x)}, {@code (?:x)}, {@code (?i:x)}, {@code (?P<name>x)}, or {@code (?i)} alone. */
    private Shapes group() throws UnknownSyntaxException {
        boolean outside = folding;
        boolean newlinesOutside = newlines;
        if (take('?')) {
            if (text.startsWith("P<", at) || text.startsWith("<", at)) {
                at = 1 + text.indexOf('>', at);
                if (at == 0) {
                    throw new UnknownSyntaxException();
                }
            } else if (!flags()) {
                return Shapes.exactly("");
            }
        }
        Shapes inner = alternatives();
        if (!take(')')) {
            throw new UnknownSyntaxException();
        }
        folding = outside;
        newlines = newlinesOutside;
        return inner;
    }

    /** Sets flags, and says whether a group follows for which alone they hold. */
    private boolean flags() throws UnknownSyntaxException {
        boolean on = true;
        while (true) {
            char c = text.charAt(at++);
            switch (c) {
                case 'i' -> folding = on;
                case '-' -> on = false;
                case 's' -> newlines = !on;
                case 'm', 'U' -> {
                    // They change what $ matches and which match is preferred: the forms are the same.
                }
                case ':', ')' -> {
                    return c == ':';
                }
                default -> throw new UnknownSyntaxException();
            }
        }
    }

    /** A class, after its bracket. */
    private Shapes characters() throws UnknownSyntaxException {
        boolean wide = take('^');
        Set<Character> members = new TreeSet<>();
        for (boolean first = true; first || text.charAt(at) != ']'; first = false) {
            if (text.startsWith("[:", at)) {
                wide = true;
                at = 2 + text.indexOf(":]", at);
                if (at < 2) {
                    throw new UnknownSyntaxException();
                }
            } else if (text.charAt(at) == '\\' && CLASS_ESCAPES.indexOf(text.charAt(at + 1)) >= 0) {
                wide = true;
                at += 2;
            } else {
                char low = member();
                boolean range = text.charAt(at) == '-' && text.charAt(at + 1) != ']';
                at += range ? 1 : 0;
                char high = range ? member() : low;
                wide |= high - low >= SMALL_CLASS;
                for (int c = low; c <= high && !wide; c++) {
                    wide = folds((char) c);
                    members.add((char) c);
                }
            }
        }
        at++;
        if (wide || members.size() > SMALL_CLASS) {
            return Shapes.something();
        }
        Shapes any = Shapes.none();
        for (char member : members) {
            any = any.or(Shapes.exactly(String.valueOf(member)));
        }
        return any;
    }

    private char member() throws UnknownSyntaxException {
        char c = text.charAt(at++);
        if (Character.isSurrogate(c)) {
            throw new UnknownSyntaxException();
        }
        return c == '\\' ? escaped(text.charAt(at++)) : c;
    }

    private Shapes repeated(Shapes atom) throws UnknownSyntaxException {
        Shapes all = atom;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '?') {
                all = all.or(Shapes.exactly(""));
            } else if (c == '*') {
                all = Shapes.something();
            } else if (c == '+') {
                all = all.then(Shapes.something());
            } else if (c == '{' && counted()) {
                all = text.charAt(at + 1) == '0' ? Shapes.something() : all.then(Shapes.something());
                at = text.indexOf('}', at);
            } else {
                return all;
            }
            at++;
        }
        return all;
    }

    /** Whether this brace begins a count: {@code {2}}, {@code {2,}}, {@code {2,3}}; other braces are characters. */
    private boolean counted() {
        int close = text.indexOf('}', at);
        return close > 0 && text.substring(at + 1, close).matches("[0-9]+(,[0-9]*)?");
    }
}
