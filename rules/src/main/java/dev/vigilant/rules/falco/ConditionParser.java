// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.falco;

import dev.vigilant.rules.ast.Position;
import dev.vigilant.rules.field.Nearest;
import dev.vigilant.rules.translate.RefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a condition of Falco. There are no tokens: what a character means depends on where it stands ({@code proc.name=a<b}
 * compares with {@code a<b}), and a word among values that is the name of a list stands for its items.
 */
final class ConditionParser {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z][a-zA-Z0-9_]*(\\.[a-zA-Z0-9_]+)*");
    private static final Pattern BARE = Pattern.compile("[^ \\x08\\t\\n\\r()=,\"']+");
    private static final Pattern SYMBOL = Pattern.compile("==?|!=|<=?|>=?");
    private static final Pattern ARGUMENT = Pattern.compile("\\[\\s*(\"[^\"]*\"|'[^']*'|[^\\]\"']+)\\s*]");
    private static final Set<String> OF_LISTS = Set.of("in", "intersects", "pmatch");
    private static final Set<String> OF_TEXT = Set.of(
            "contains", "icontains", "bcontains", "startswith", "bstartswith", "endswith", "glob", "iglob", "regex");
    private static final Set<String> TRANSFORMERS =
            Set.of("tolower", "toupper", "b64", "basename", "len", "join", "concat", "getopt", "val");
    private static final Set<String> MODIFIERS = Set.of("oneof", "anyof", "allof");
    private static final int MAX_DEPTH = 200;

    private final Text text;
    private final String source;
    private final Lists lists;
    private int at;
    private int depth;

    private ConditionParser(Text text, Lists lists) {
        this.text = text;
        this.source = text.value();
        this.lists = lists;
    }

    /** The condition, or a refusal that says where and why. */
    static Filter parse(Text text, Lists lists) throws RefusedException {
        ConditionParser parser = new ConditionParser(text, lists);
        Filter filter = parser.or();
        if (parser.at < parser.source.length()) {
            throw parser.unexpected("`and`, `or` or the end");
        }
        return filter;
    }

    private RefusedException unexpected(String expected) {
        String rest = source.substring(at).strip();
        String shown = rest.isEmpty() ? "the end" : "`" + rest.split("\\s", 2)[0] + "`";
        return refused(at, "expected " + expected + " instead of " + shown);
    }

    private RefusedException refused(int index, String reason) {
        int last = Math.max(0, source.stripTrailing().length() - 1);
        return new RefusedException(text.position(Math.min(index, last)), reason);
    }

    private void skipBlanks() {
        while (at < source.length() && Character.isWhitespace(source.charAt(at))) {
            at++;
        }
    }

    private boolean take(char c) {
        skipBlanks();
        boolean there = at < source.length() && source.charAt(at) == c;
        at += there ? 1 : 0;
        return there;
    }

    /** What comes next, without taking it; empty when something else does. */
    private String ahead(Pattern pattern) {
        skipBlanks();
        Matcher matcher = pattern.matcher(source).region(at, source.length());
        return matcher.lookingAt() ? matcher.group() : "";
    }

    private boolean takeWord(String word) {
        boolean there = ahead(NAME).equals(word);
        at += there ? word.length() : 0;
        return there;
    }

    private Filter or() throws RefusedException {
        List<Filter> parts = new ArrayList<>(List.of(and()));
        while (takeWord("or")) {
            parts.add(and());
        }
        return parts.size() == 1 ? parts.get(0) : new Filter.Or(parts);
    }

    private Filter and() throws RefusedException {
        List<Filter> parts = new ArrayList<>(List.of(unary()));
        while (takeWord("and")) {
            parts.add(unary());
        }
        return parts.size() == 1 ? parts.get(0) : new Filter.And(parts);
    }

    private Filter unary() throws RefusedException {
        if (++depth > MAX_DEPTH) {
            throw refused(at, "nested too deep: split the rule");
        }
        try {
            if (takeWord("not")) {
                return new Filter.Not(unary());
            }
            if (take('(')) {
                Filter inner = or();
                if (!take(')')) {
                    throw unexpected("`)`");
                }
                return inner;
            }
            return check();
        } finally {
            depth--;
        }
    }

    private Filter check() throws RefusedException {
        String name = ahead(NAME);
        Position position = text.position(Math.min(at, Math.max(0, source.length() - 1)));
        if (name.isEmpty()) {
            throw unexpected("a field or a macro");
        }
        int start = at;
        if (name.indexOf('.') < 0 && !callAhead(name)) {
            at += name.length();
            if (!ahead(SYMBOL).isEmpty() || OF_TEXT.contains(ahead(NAME)) || OF_LISTS.contains(ahead(NAME))) {
                throw refused(start, "`" + name + "` is no field: fields have a dot, as in proc.name");
            }
            return new Filter.Macro(name, position);
        }
        return comparison(field(), position);
    }

    private boolean callAhead(String name) {
        return TRANSFORMERS.contains(name)
                && source.substring(at + name.length()).stripLeading().startsWith("(");
    }

    private Filter.Field field() throws RefusedException {
        String name = ahead(NAME);
        int start = at;
        at += name.length();
        if (name.indexOf('.') > 0) {
            String bracket = at < source.length() && source.charAt(at) == '[' ? ahead(ARGUMENT) : "";
            at += bracket.length();
            String inner = bracket.isEmpty()
                    ? ""
                    : bracket.substring(1, bracket.length() - 1).strip();
            return new Filter.Field(name, inner.isEmpty() ? null : unquoted(inner), List.of());
        }
        if (Set.of("join", "concat", "getopt").contains(name)) {
            throw refused(start, "the transformer `" + name + "` is not taken: compare the fields themselves");
        }
        if (!TRANSFORMERS.contains(name) || !take('(')) {
            throw refused(start, "`" + name + "` is no field: fields have a dot, as in proc.name");
        }
        ahead(NAME);
        Filter.Field inner = field();
        if (!take(')')) {
            throw unexpected("`)`");
        }
        List<String> transformers = new ArrayList<>(inner.transformers());
        if (!name.equals("val")) {
            transformers.add(name);
        }
        return new Filter.Field(inner.name(), inner.argument(), transformers);
    }

    private Filter comparison(Filter.Field field, Position position) throws RefusedException {
        String symbol = ahead(SYMBOL);
        if (!symbol.isEmpty()) {
            at += symbol.length();
            return ofValue(field, symbol.equals("==") ? "=" : symbol, position);
        }
        String operator = ahead(NAME);
        int start = at;
        at += operator.length();
        if (operator.equals("exists")) {
            return new Filter.Check(field, operator, null, List.of(), null, position);
        }
        if (OF_LISTS.contains(operator)) {
            return ofList(field, operator, null, position);
        }
        if (!OF_TEXT.contains(operator)) {
            at = start;
            List<String> known = new ArrayList<>(OF_TEXT);
            known.addAll(OF_LISTS);
            known.add("exists");
            throw operator.isEmpty()
                    ? unexpected("an operator after `" + field.text() + "`")
                    : refused(
                            start,
                            "unknown operator `" + operator + "`"
                                    + Nearest.hint(operator, known, ": known are =, !=, <, <=, >, >= and " + known));
        }
        String modifier = ahead(NAME);
        if (MODIFIERS.contains(modifier)) {
            at += modifier.length();
            return ofList(field, operator, modifier, position);
        }
        return ofValue(field, operator, position);
    }

    private Filter ofValue(Filter.Field field, String operator, Position position) throws RefusedException {
        int start = at;
        if (callAhead(ahead(NAME))) {
            return new Filter.Check(field, operator, null, List.of(), field(), position);
        }
        List<String> values = value();
        if (values.size() != 1) {
            throw refused(
                    start,
                    "`" + operator + "` takes one value, and `"
                            + source.substring(start, at).strip() + "` is a list of " + values.size()
                            + ": write `in (...)`");
        }
        return new Filter.Check(field, operator, null, values, null, position);
    }

    private Filter ofList(Filter.Field field, String operator, @Nullable String modifier, Position position)
            throws RefusedException {
        if (callAhead(ahead(NAME))) {
            return new Filter.Check(field, operator, modifier, List.of(), field(), position);
        }
        List<String> values = new ArrayList<>();
        if (!take('(')) {
            String name = ahead(BARE);
            if (!lists.has(name)) {
                throw unexpected("`(` after `" + operator + "`");
            }
            values.addAll(value());
            return new Filter.Check(field, operator, modifier, values, null, position);
        }
        if (!take(')')) {
            do {
                values.addAll(value());
            } while (take(','));
            if (!take(')')) {
                throw unexpected("`,` or `)`");
            }
        }
        return new Filter.Check(field, operator, modifier, values, null, position);
    }

    /** One value, or the items of the list of that name. */
    private List<String> value() throws RefusedException {
        skipBlanks();
        if (at < source.length() && (source.charAt(at) == '"' || source.charAt(at) == '\'')) {
            int start = at;
            char quote = source.charAt(at++);
            while (at < source.length() && source.charAt(at) != quote) {
                at += source.charAt(at) == '\\' ? 2 : 1;
            }
            if (at >= source.length()) {
                throw refused(start, "a string without its closing quote");
            }
            return List.of(unquoted(source.substring(start, ++at)));
        }
        String word = ahead(BARE);
        if (word.isEmpty()) {
            throw unexpected("a value");
        }
        at += word.length();
        return lists.has(word)
                ? lists.items(word).stream().map(ConditionParser::unquoted).toList()
                : List.of(word);
    }

    /** The value of a quoted text; others stand for themselves. Escapes that are not known stay as they are. */
    static String unquoted(String quoted) {
        char quote = quoted.isEmpty() ? ' ' : quoted.charAt(0);
        boolean closed = quoted.length() >= 2 && (quote == '"' || quote == '\'') && quoted.endsWith("" + quote);
        if (!closed) {
            return quoted;
        }
        StringBuilder value = new StringBuilder();
        for (int i = 1; i < quoted.length() - 1; i++) {
            char c = quoted.charAt(i);
            if (c != '\\' || i + 1 == quoted.length() - 1) {
                value.append(c);
                continue;
            }
            char escaped = quoted.charAt(++i);
            switch (escaped) {
                case 'b' -> value.append('\b');
                case 'f' -> value.append('\f');
                case 'n' -> value.append('\n');
                case 'r' -> value.append('\r');
                case 't' -> value.append('\t');
                case '\\', '"', '\'' -> value.append(escaped);
                default -> value.append('\\').append(escaped);
            }
        }
        return value.toString();
    }
}
