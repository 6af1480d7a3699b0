// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.sigma;

import dev.vigilant.rules.ast.Position;
import dev.vigilant.rules.translate.RefusedException;
import dev.vigilant.rules.translate.Verdict;
import dev.vigilant.rules.yaml.YamlValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a rule looks for.
 *
 * @param selections by their names: one of the alternatives holds, each of which is items that all hold
 * @param formula joins them
 * @param position where the detection stands
 */
record Detection(Map<String, List<List<Item>>> selections, Formula formula, Position position) {
    private static final Set<String> NO_SELECTION = Set.of("condition", "timeframe");

    static Detection read(YamlValue value) throws RefusedException {
        Position position = value.position();
        Map<String, List<List<Item>>> selections = new LinkedHashMap<>();
        for (Map.Entry<String, YamlValue> entry : value.map().entrySet()) {
            if (!NO_SELECTION.contains(entry.getKey())) {
                selections.put(entry.getKey(), selection(entry.getKey(), entry.getValue()));
            }
        }
        YamlValue condition = value.map().get("condition");
        if (selections.isEmpty() || condition == null) {
            throw new RefusedException(
                    position, "`detection` has selections and a condition: write `condition: selection`");
        }
        List<Formula> formulas = new ArrayList<>();
        for (YamlValue one : condition.list()) {
            formulas.add(FormulaParser.parse(one.text(), selections.keySet(), one.position()));
        }
        return new Detection(selections, formulas.size() == 1 ? formulas.get(0) : new Formula.Or(formulas), position);
    }

    private static List<List<Item>> selection(String name, YamlValue value) throws RefusedException {
        if (value.isMap()) {
            return List.of(items(value));
        }
        List<List<Item>> alternatives = new ArrayList<>();
        for (YamlValue one : value.list()) {
            if (!one.isMap() && !one.isScalar()) {
                throw new RefusedException(one.position(), "`" + name + "` takes fields with values, or keywords");
            }
            alternatives.add(one.isMap() ? items(one) : List.of(ItemReader.keywords(one)));
        }
        if (alternatives.isEmpty()) {
            throw new RefusedException(value.position(), "`" + name + "` is empty: write a field and its values");
        }
        return alternatives;
    }

    private static List<Item> items(YamlValue map) throws RefusedException {
        List<Item> items = new ArrayList<>();
        for (Map.Entry<String, YamlValue> entry : map.map().entrySet()) {
            items.add(ItemReader.read(entry.getKey(), entry.getValue()));
        }
        if (items.isEmpty()) {
            throw new RefusedException(map.position(), "an empty map says nothing: write a field and its values");
        }
        return items;
    }

    /** What it is for events of a view. */
    Verdict verdict(View view) throws RefusedException {
        return verdict(formula, view);
    }

    private Verdict verdict(Formula part, View view) throws RefusedException {
        if (part instanceof Formula.Not not) {
            return verdict(not.part(), view).not();
        }
        if (part instanceof Formula.And and) {
            return Verdict.and(verdicts(and.parts(), view), position);
        }
        if (part instanceof Formula.Or or) {
            return Verdict.or(verdicts(or.parts(), view), position);
        }
        List<Verdict> alternatives = new ArrayList<>();
        for (List<Item> items : selections.getOrDefault(((Formula.Name) part).name(), List.of())) {
            List<Verdict> all = new ArrayList<>();
            for (Item item : items) {
                all.add(Comparisons.of(item, view));
            }
            alternatives.add(Verdict.and(all, position));
        }
        return Verdict.or(alternatives, position);
    }

    private List<Verdict> verdicts(List<Formula> parts, View view) throws RefusedException {
        List<Verdict> verdicts = new ArrayList<>();
        for (Formula part : parts) {
            verdicts.add(verdict(part, view));
        }
        return verdicts;
    }

    /** The texts, in lower case, that a field is compared with anywhere. */
    Set<String> values(String... fields) {
        Set<String> values = new TreeSet<>();
        selections.values().stream()
                .flatMap(List::stream)
                .flatMap(List::stream)
                .filter(i -> i.field() != null && Set.of(fields).contains(i.field()))
                .flatMap(i -> i.values().stream())
                .flatMap(List::stream)
                .forEach(v -> values.add(Wild.lower(v.toString())));
        return values;
    }
}
