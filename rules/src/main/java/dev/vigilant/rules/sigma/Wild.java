// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.sigma;

import dev.vigilant.rules.ast.Operator;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * A text that a rule compares with, in which {@code *} stands for any text and {@code ?} for any character.
 *
 * @param form the text, with {@link #ANY} and {@link #ONE} for the two
 * @param charset how its characters become bytes
 */
record Wild(String form, Charset charset) {
    private static final char ANY = '\uE000';
    private static final char ONE = '\uE001';

    /** As rules write it: a backslash takes their meaning from {@code *}, {@code ?} and itself, and stays before others. */
    static Wild parse(String text) {
        StringBuilder form = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length() && "*?\\".indexOf(text.charAt(i + 1)) >= 0) {
                form.append(text.charAt(++i));
            } else {
                form.append(c == '*' ? ANY : c == '?' ? ONE : c);
            }
        }
        return plain(form.toString());
    }

    static Wild plain(String text) {
        return new Wild(text, StandardCharsets.UTF_8);
    }

    /** Characters that stand for a byte each. */
    static Wild ofBytes(byte[] bytes) {
        return new Wild(new String(bytes, StandardCharsets.ISO_8859_1), StandardCharsets.ISO_8859_1);
    }

    boolean hasWildcards() {
        return form.indexOf(ANY) >= 0 || form.indexOf(ONE) >= 0;
    }

    /** The text as bytes; for texts without wildcards. */
    byte[] bytes() {
        return form.getBytes(charset);
    }

    boolean isBytes() {
        return charset.equals(StandardCharsets.ISO_8859_1);
    }

    Wild within(boolean openStart, boolean openEnd) {
        return new Wild((openStart ? ANY : "") + form + (openEnd ? ANY : ""), charset);
    }

    /** The operator that says the same, or MATCHES. */
    Operator operator() {
        String inner = inner();
        if (inner.indexOf(ANY) >= 0 || inner.indexOf(ONE) >= 0) {
            return Operator.MATCHES;
        }
        boolean start = form.startsWith(String.valueOf(ANY));
        boolean end = form.endsWith(String.valueOf(ANY));
        if (start) {
            return end ? Operator.SUBSTRING : Operator.ENDS_WITH;
        }
        return end ? Operator.STARTS_WITH : Operator.EQUAL;
    }

    /** Whether every text fits. */
    boolean fitsAll() {
        return form.length() > 0 && inner().isEmpty();
    }

    /** What the operator compares with. */
    String operand(boolean cased) {
        if (operator() == Operator.MATCHES) {
            return expression(cased);
        }
        return cased ? inner() : lower(inner());
    }

    /** The whole as an expression. */
    String expression(boolean cased) {
        StringBuilder expression = new StringBuilder(cased ? "" : "(?i)");
        form.codePoints().forEach(c -> {
            if (c == ANY) {
                expression.append(".*");
            } else if (c == ONE) {
                expression.append('.');
            } else {
                expression.append(com.google.re2j.Pattern.quote(Character.toString(c)));
            }
        });
        return expression.toString();
    }

    private String inner() {
        int from = 0;
        int to = form.length();
        while (from < to && form.charAt(from) == ANY) {
            from++;
        }
        while (to > from && form.charAt(to - 1) == ANY) {
            to--;
        }
        return form.substring(from, to);
    }

    /** As the rule tree does it: ASCII letters alone. */
    static String lower(String text) {
        StringBuilder lower = new StringBuilder();
        text.chars().forEach(c -> lower.append((char) (c < 0x80 ? Character.toLowerCase(c) : c)));
        return lower.toString();
    }

    @Override
    public String toString() {
        return form.replace(ANY, '*').replace(ONE, '?');
    }
}
