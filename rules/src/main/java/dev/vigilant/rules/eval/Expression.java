// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.eval;

import com.google.re2j.Pattern;
import dev.vigilant.rules.ast.Operator;
import dev.vigilant.rules.text.Fit;
import dev.vigilant.rules.text.Shapes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression that is only run on texts that have the literal pieces of what it matches: looking for those takes a
 * hundredth of the time. What it said of the texts that came lately is remembered: programs are started with the same
 * arguments again and again.
 *
 * <p>Threading: any; threads may forget each other's answers, but get no wrong ones. Allocation: none for texts without the
 * pieces, and for those that are remembered.
 */
final class Expression {
    private static final int SLOTS = 128;
    /** Whoever makes texts this long makes many of them. */
    private static final int LONGEST = 512;

    /** One of them fits every text that matches. */
    private final Fit[] forms;

    private final Pattern pattern;
    /** Made when the expression is run for the first time. */
    private @Nullable Answer @Nullable [] answers;

    /** What was said of a text. */
    private record Answer(String text, boolean matches) {}

    private Expression(Fit[] forms, Pattern pattern) {
        this.forms = forms;
        this.pattern = pattern;
    }

    static Expression of(String text) {
        // A newline in a command line must not hide what follows it, so that . takes newlines too.
        return new Expression(
                Shapes.of(Operator.MATCHES, List.of(text)).stream()
                        .map(Fit::new)
                        .toArray(Fit[]::new),
                Pattern.compile(text, Pattern.DOTALL));
    }

    boolean matches(String text) {
        for (Fit form : forms) {
            if (form.test(text)) {
                return text.length() > LONGEST ? pattern.matches(text) : remembered(text);
            }
        }
        return false;
    }

    private boolean remembered(String text) {
        @Nullable Answer[] known = answers;
        if (known == null) {
            known = new Answer[SLOTS];
            answers = known;
        }
        int hash = text.hashCode();
        int slot = (hash ^ hash >>> 16) & (SLOTS - 1);
        Answer answer = known[slot];
        if (answer == null || !answer.text().equals(text)) {
            answer = new Answer(text, pattern.matches(text));
            known[slot] = answer;
        }
        return answer.matches();
    }
}
