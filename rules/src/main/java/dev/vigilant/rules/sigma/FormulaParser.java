// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.sigma;

import dev.vigilant.rules.ast.Position;
import dev.vigilant.rules.field.Nearest;
import dev.vigilant.rules.translate.RefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a condition: {@code selection and not 1 of filter_*}. {@code not} binds closest, then {@code and}, then {@code or}. */
final class FormulaParser {
    private static final Pattern TOKEN = Pattern.compile("\\s*([()|]|[^\\s()|]+)");
    private static final int MAX_DEPTH = 100;

    private final List<String> tokens = new ArrayList<>();
    private final Set<String> names;
    private final Position position;
    private int at;
    private int depth;

    private FormulaParser(String text, Set<String> names, Position position) {
        this.names = names;
        this.position = position;
        Matcher matcher = TOKEN.matcher(text);
        while (matcher.find()) {
            tokens.add(matcher.group(1));
        }
    }

    static Formula parse(String text, Set<String> names, Position position) throws RefusedException {
        FormulaParser parser = new FormulaParser(text, names, position);
        Formula formula = parser.or();
        if (parser.at < parser.tokens.size()) {
            throw parser.unexpected();
        }
        return formula;
    }

    private RefusedException refused(String reason) {
        return new RefusedException(position, reason);
    }

    private RefusedException unexpected() {
        if (at == tokens.size()) {
            return refused("the condition ends where a selection's name is expected");
        }
        return tokens.get(at).equals("|")
                ? refused("`|` in a condition counts events, as Sigma did before 2.0: nothing here counts them")
                : refused("unexpected `" + tokens.get(at) + "` in the condition: join selections by and, or, not");
    }

    private boolean take(String word) {
        boolean there = at < tokens.size() && tokens.get(at).equalsIgnoreCase(word);
        at += there ? 1 : 0;
        return there;
    }

    private Formula or() throws RefusedException {
        if (++depth > MAX_DEPTH) {
            throw refused("too many parentheses in the condition");
        }
        List<Formula> parts = new ArrayList<>();
        do {
            parts.add(and());
        } while (take("or"));
        depth--;
        return parts.size() == 1 ? parts.get(0) : new Formula.Or(parts);
    }

    private Formula and() throws RefusedException {
        List<Formula> parts = new ArrayList<>();
        do {
            parts.add(not());
        } while (take("and"));
        return parts.size() == 1 ? parts.get(0) : new Formula.And(parts);
    }

    private Formula not() throws RefusedException {
        boolean negated = false;
        while (take("not")) {
            negated = !negated;
        }
        Formula primary = primary();
        return negated ? new Formula.Not(primary) : primary;
    }

    private Formula primary() throws RefusedException {
        if (take("(")) {
            Formula inner = or();
            if (!take(")")) {
                throw at < tokens.size() ? unexpected() : refused("`(` without `)` in the condition");
            }
            return inner;
        }
        if (at == tokens.size() || Set.of(")", "|", "and", "or").contains(tokens.get(at))) {
            throw unexpected();
        }
        boolean several = at + 1 < tokens.size() && tokens.get(at + 1).equalsIgnoreCase("of");
        String word = tokens.get(at++);
        if (several) {
            at++;
            return several(word);
        }
        if (!names.contains(word)) {
            throw unknown(word);
        }
        return new Formula.Name(word);
    }

    private Formula several(String quantity) throws RefusedException {
        if (at == tokens.size()) {
            throw unexpected();
        }
        String wanted = tokens.get(at++);
        Pattern pattern = Pattern.compile(Pattern.quote(wanted).replace("*", "\\E.*\\Q"));
        boolean them = wanted.equalsIgnoreCase("them");
        List<Formula> parts = names.stream()
                .filter(n -> them ? !n.startsWith("_") : pattern.matcher(n).matches())
                .<Formula>map(Formula.Name::new)
                .toList();
        if (parts.isEmpty()) {
            throw unknown(wanted);
        }
        return switch (quantity.toLowerCase(java.util.Locale.ROOT)) {
            case "1", "any" -> new Formula.Or(parts);
            case "all" -> new Formula.And(parts);
            default -> throw refused("`" + quantity + " of`: write `1 of`, `any of` or `all of`");
        };
    }

    private RefusedException unknown(String name) {
        return refused("no selection `" + name + "` in the detection"
                + Nearest.hint(name, names, ": there are " + String.join(", ", names)));
    }
}
