// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules;

import dev.vigilant.rules.text.Network;
import dev.vigilant.rules.yaml.YamlValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Decides rules of Sigma on flat records as plainly as its specification puts it, to compare with. */
final class NaiveSigma {
    private final Map<String, YamlValue> detection;
    private Map<String, String> record = Map.of();
    private final List<String> tokens = new ArrayList<>();

    NaiveSigma(YamlValue rule) {
        detection = rule.map().get("detection").map();
    }

    boolean matches(Map<String, String> of) {
        record = of;
        tokens.clear();
        String condition = detection.get("condition").text();
        tokens.addAll(Arrays.asList(
                condition.replace("(", " ( ").replace(")", " ) ").strip().split("\\s+")));
        boolean result = or();
        if (!tokens.isEmpty()) {
            throw new AssertionError("left over: " + tokens);
        }
        return result;
    }

    private boolean next(String word) {
        if (!tokens.isEmpty() && tokens.get(0).equals(word)) {
            tokens.remove(0);
            return true;
        }
        return false;
    }

    private boolean or() {
        boolean result = and();
        while (next("or")) {
            result |= and();
        }
        return result;
    }

    private boolean and() {
        boolean result = not();
        while (next("and")) {
            result &= not();
        }
        return result;
    }

    private boolean not() {
        if (next("not")) {
            return !not();
        }
        if (next("(")) {
            boolean result = or();
            next(")");
            return result;
        }
        String word = tokens.remove(0);
        if (!next("of")) {
            return selection(detection.get(word));
        }
        String names = tokens.remove(0).replace("them", "*").replace("*", ".*");
        var chosen = detection.entrySet().stream()
                .filter(e -> e.getKey().matches(names) && !e.getKey().equals("condition"));
        return word.equals("all")
                ? chosen.allMatch(e -> selection(e.getValue()))
                : chosen.anyMatch(e -> selection(e.getValue()));
    }

    private boolean selection(YamlValue value) {
        if (value.isMap()) {
            return value.map().entrySet().stream().allMatch(e -> item(e.getKey(), e.getValue()));
        }
        return value.list().stream().anyMatch(v -> v.isMap() ? selection(v) : item("", v));
    }

    private boolean item(String key, YamlValue value) {
        List<String> parts = Arrays.asList(key.split("\\|"));
        String field = parts.get(0);
        Predicate<YamlValue> one = v -> field.isEmpty()
                ? record.values().stream().anyMatch(text -> fits(text, List.of("contains"), v.text()))
                : record.containsKey(field) && fits(record.get(field), parts, v.text());
        return parts.contains("all")
                ? value.list().stream().allMatch(one)
                : value.list().stream().anyMatch(one);
    }

    private static boolean fits(String text, List<String> modifiers, String value) {
        if (modifiers.contains("re")) {
            return Pattern.compile(value, Pattern.DOTALL).matcher(text).find();
        }
        if (modifiers.contains("cidr")) {
            return Network.of(value).has(text);
        }
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\\' && i + 1 < value.length() && "*?\\".indexOf(value.charAt(i + 1)) >= 0) {
                regex.append(Pattern.quote(String.valueOf(value.charAt(++i))));
            } else {
                regex.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
            }
        }
        String before = modifiers.contains("contains") || modifiers.contains("endswith") ? ".*" : "";
        String after = modifiers.contains("contains") || modifiers.contains("startswith") ? ".*" : "";
        return Pattern.compile(
                        (before + regex + after)
                                .toLowerCase(Locale.ROOT)
                                .replace("\\q", "\\Q")
                                .replace("\\e", "\\E"),
                        Pattern.DOTALL)
                .matcher(text.toLowerCase(Locale.ROOT))
                .matches();
    }
}
