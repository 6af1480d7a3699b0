// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.text;

import java.util.function.Predicate;

/**
 * Whether a text has a form.
 *
 * <p>Threading: any. Allocation: none.
 */
public final class Fit implements Predicate<String> {
    private final boolean exact;
    private final String prefix;
    private final String suffix;
    private final String[] infixes;

    public Fit(Shape shape) {
        this.exact = shape.exact();
        this.prefix = shape.prefix();
        this.suffix = shape.suffix();
        this.infixes = shape.infixes().toArray(String[]::new);
    }

    @Override
    public boolean test(String text) {
        if (exact) {
            return text.equals(prefix);
        }
        int end = text.length() - suffix.length();
        int at = prefix.length();
        if (at > end || !text.startsWith(prefix) || !text.endsWith(suffix)) {
            return false;
        }
        for (String infix : infixes) {
            int found = text.indexOf(infix, at);
            if (found < 0 || found + infix.length() > end) {
                return false;
            }
            at = found + infix.length();
        }
        return true;
    }
}
