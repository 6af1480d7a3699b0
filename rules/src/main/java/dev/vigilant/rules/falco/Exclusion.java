// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.falco;

import dev.vigilant.rules.ast.Position;
import dev.vigilant.rules.translate.RefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * An entry of {@code exceptions}: what a rule does not fire on.
 *
 * @param name names it within its rule
 * @param fields the fields; one field stands for a list of values of it
 * @param single whether one field was given and not a list
 * @param operators an operator for each field
 * @param values for each case, the values of each field
 * @param position where it stands
 */
record Exclusion(
        String name,
        List<String> fields,
        boolean single,
        List<String> operators,
        List<List<List<String>>> values,
        Position position) {
    private static final Set<String> OF_LISTS = Set.of("in", "pmatch", "intersects");

    Exclusion {
        fields = List.copyOf(fields);
        operators = List.copyOf(operators);
        values = List.copyOf(values);
    }

    /** An entry that gives fields. */
    static Exclusion of(String name, Entry entry) throws RefusedException {
        List<String> fields = entry.words("fields");
        boolean single = entry.single("fields");
        List<String> operators = entry.words("comps");
        if (operators.isEmpty()) {
            operators = fields.stream().map(f -> single ? "in" : "=").toList();
        }
        if (fields.isEmpty() || operators.size() != fields.size()) {
            throw new RefusedException(
                    entry.position(),
                    "exception `" + name + "` has " + fields.size() + " fields and " + operators.size()
                            + " comps: give each field one");
        }
        return new Exclusion(name, fields, single, operators, List.of(), entry.position()).with(entry);
    }

    /** The same with the values of another entry of that name after its own. */
    Exclusion with(Entry entry) throws RefusedException {
        List<List<List<String>>> more = new ArrayList<>(values);
        for (List<List<String>> tuple : entry.tuples("values")) {
            if (tuple.size() != fields.size()) {
                throw new RefusedException(
                        entry.position("values"),
                        "exception `" + name + "` has " + fields.size() + " fields, and one of its values "
                                + tuple.size() + " parts: give each field a value");
            }
            more.add(tuple);
        }
        return new Exclusion(name, fields, single, operators, more, position);
    }

    /** The condition that is to be negated, as Falco writes it; empty when there are no values. */
    String condition() {
        if (values.isEmpty()) {
            return "";
        }
        if (single) {
            List<String> all = values.stream().flatMap(t -> t.get(0).stream()).toList();
            return fields.get(0) + " " + operators.get(0) + " " + list(all);
        }
        List<String> cases = new ArrayList<>();
        for (List<List<String>> tuple : values) {
            List<String> parts = new ArrayList<>();
            for (int i = 0; i < fields.size(); i++) {
                String operator = operators.get(i);
                boolean list = OF_LISTS.contains(operator) || tuple.get(i).size() != 1;
                parts.add(fields.get(i) + " " + operator + " "
                        + (list ? list(tuple.get(i)) : quoted(tuple.get(i).get(0))));
            }
            cases.add("(" + String.join(" and ", parts) + ")");
        }
        return "(" + String.join(" or ", cases) + ")";
    }

    private static String list(List<String> values) {
        return "(" + String.join(", ", values.stream().map(Exclusion::quoted).toList()) + ")";
    }

    /** A word stays one, so that it can be the name of a list. */
    private static String quoted(String value) {
        boolean bare = value.matches("[^ \\x08\\t\\n\\r()=,\"']+");
        boolean already = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
        return bare || already ? value : '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
