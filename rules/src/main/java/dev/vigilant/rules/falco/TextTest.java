// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.falco;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/** Falco's operators on one text, for fields whose few texts are known beforehand. */
final class TextTest {
    private TextTest() {}

    /** Whether a text passes: with several values, one that fits is enough. */
    static Predicate<String> of(String operator, List<String> values) throws Globs.NotTakenException {
        if (operator.equals("exists")) {
            return text -> true;
        }
        Predicate<String> any = text -> false;
        for (String value : values) {
            any = any.or(one(operator, value));
        }
        return any;
    }

    private static Predicate<String> one(String operator, String value) throws Globs.NotTakenException {
        return switch (operator) {
            case "=", "in", "intersects", "!=" -> value::equals;
            case "contains" -> text -> text.contains(value);
            case "icontains" -> text -> text.toLowerCase(Locale.ROOT).contains(value.toLowerCase(Locale.ROOT));
            case "startswith" -> text -> text.startsWith(value);
            case "endswith" -> text -> text.endsWith(value);
            case "glob" -> matches(Globs.expression(value));
            case "iglob" -> matches("(?i)" + Globs.expression(value));
            case "pmatch" -> matches(Globs.prefix(value));
            case "regex" -> matches(value);
            default -> throw new Globs.NotTakenException("`" + operator + "` is not for texts");
        };
    }

    private static Predicate<String> matches(String expression) throws Globs.NotTakenException {
        return checked(expression)::matches;
    }

    /** An expression that RE2 takes. */
    static Pattern checked(String expression) throws Globs.NotTakenException {
        try {
            return Pattern.compile(expression, Pattern.DOTALL);
        } catch (PatternSyntaxException e) {
            throw new Globs.NotTakenException(
                    "RE2 does not take the expression \"" + expression + "\": " + e.getDescription());
        }
    }
}
