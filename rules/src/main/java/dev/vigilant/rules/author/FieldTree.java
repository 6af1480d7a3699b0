// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.author;

import dev.vigilant.rules.ast.Problem;
import dev.vigilant.rules.yaml.YamlValue;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Fields as they were written down, {@code process.parent.name: nginx} spread out to nested maps. */
final class FieldTree {
    private FieldTree() {}

    static YamlValue spread(YamlValue fields, Consumer<Problem> problems) {
        if (!fields.isMap()) {
            return fields;
        }
        Map<String, YamlValue> tree = new LinkedHashMap<>();
        fields.map().forEach((key, value) -> put(tree, key, spread(value, problems), problems));
        return new YamlValue(tree, fields.position());
    }

    private static void put(Map<String, YamlValue> tree, String key, YamlValue value, Consumer<Problem> problems) {
        int dot = key.indexOf('.');
        String first = dot < 0 ? key : key.substring(0, dot);
        YamlValue before = tree.get(first);
        if (dot >= 0) {
            Map<String, YamlValue> rest = new LinkedHashMap<>();
            put(rest, key.substring(dot + 1), value, problems);
            merge(tree, first, before, new YamlValue(rest, value.position()), problems);
        } else {
            merge(tree, first, before, value, problems);
        }
    }

    private static void merge(
            Map<String, YamlValue> tree,
            String key,
            @Nullable YamlValue before,
            YamlValue value,
            Consumer<Problem> problems) {
        if (before == null) {
            tree.put(key, value);
        } else if (before.isMap() && value.isMap()) {
            Map<String, YamlValue> both = new LinkedHashMap<>(before.map());
            value.map().forEach((inner, v) -> merge(both, inner, both.get(inner), v, problems));
            tree.put(key, new YamlValue(both, before.position()));
        } else {
            problems.accept(value.problem("`" + key + "` stands twice"));
        }
    }

    /** A map of texts whose keys had dots in them. */
    static Map<String, String> flat(YamlValue tree) {
        Map<String, String> flat = new LinkedHashMap<>();
        tree.map().forEach((key, value) -> {
            if (value.isMap()) {
                flat(value).forEach((inner, text) -> flat.put(key + "." + inner, text));
            } else {
                flat.put(key, value.text());
            }
        });
        return flat;
    }
}
