// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.eval;

import com.google.re2j.Pattern;
import dev.vigilant.rules.ast.Operator;
import dev.vigilant.rules.text.Fit;
import dev.vigilant.rules.text.Shapes;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Regular expressions of which one has to match. Each is only run on texts that have the literal pieces of what it matches:
 * looking for those takes a hundredth of the time. What was said of the texts that came lately is remembered: paths and
 * command lines come again and again.
 *
 * <p>Threading: any; threads may forget each other's answers, but get no wrong ones. Allocation: none for a text that is
 * remembered.
 */
final class Expressions {
    private static final int SLOTS = 256;
    /** Whoever makes texts this long makes many of them. */
    private static final int LONGEST = 512;

    private final Expression[] all;
    /** Made when a text is asked for the first time. */
    private @Nullable Answer @Nullable [] answers;

    /** What was said of a text. */
    private record Answer(String text, boolean matches) {}

    /**
     * One of them.
     *
     * @param forms one of them fits every text that matches
     * @param pattern decides; null where the forms do
     */
    private record Expression(Fit[] forms, @Nullable Pattern pattern) {
        /** As long as somebody has it: the gate has it for each kind of events, the session once. */
        private static final Map<String, WeakReference<Expression>> KNOWN = new WeakHashMap<>();

        static Expression of(String text) {
            synchronized (KNOWN) {
                WeakReference<Expression> reference = KNOWN.get(text);
                Expression known = reference == null ? null : reference.get();
                if (known == null) {
                    known = read(text);
                    KNOWN.put(text, new WeakReference<>(known));
                }
                return known;
            }
        }

        private static Expression read(String text) {
            // A newline in a command line must not hide what follows it, so that . takes newlines too.
            Shapes forms = Shapes.of(Operator.MATCHES, List.of(text));
            return new Expression(
                    forms.all().stream().map(Fit::new).toArray(Fit[]::new),
                    forms.sure() ? null : Pattern.compile(text, Pattern.DOTALL));
        }

        boolean matches(String text) {
            for (Fit form : forms) {
                if (form.test(text)) {
                    return pattern == null || pattern.matches(text);
                }
            }
            return false;
        }
    }

    Expressions(List<String> texts) {
        this.all = texts.stream().map(Expression::of).toArray(Expression[]::new);
    }

    boolean anyMatches(String text) {
        if (text.length() > LONGEST) {
            return search(text);
        }
        @Nullable Answer[] known = answers;
        if (known == null) {
            known = new Answer[SLOTS];
            answers = known;
        }
        int hash = text.hashCode();
        int slot = (hash ^ hash >>> 16) & (SLOTS - 1);
        Answer answer = known[slot];
        if (answer == null || !answer.text().equals(text)) {
            answer = new Answer(text, search(text));
            known[slot] = answer;
        }
        return answer.matches();
    }

    private boolean search(String text) {
        for (Expression expression : all) {
            if (expression.matches(text)) {
                return true;
            }
        }
        return false;
    }
}
