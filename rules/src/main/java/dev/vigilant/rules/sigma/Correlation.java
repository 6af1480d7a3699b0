// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.sigma;

import dev.vigilant.rules.ast.Count;
import dev.vigilant.rules.ast.Position;
import dev.vigilant.rules.drl.Durations;
import dev.vigilant.rules.field.Nearest;
import dev.vigilant.rules.translate.RefusedException;
import dev.vigilant.rules.yaml.YamlValue;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a correlation says.
 *
 * @param type of the correlation
 * @param rules the rules that it is about, by id or name, each with its place
 * @param groupBy fields or aliases that are the same in all events
 * @param aliases by their names, what they are in the events of each rule
 * @param timespan as the file has it
 * @param nanos the same in nanoseconds
 * @param least how many there have to be
 * @param field whose values are counted, null where events are
 * @param position of the correlation
 */
record Correlation(
        Type type,
        List<YamlValue> rules,
        List<YamlValue> groupBy,
        Map<String, Map<String, String>> aliases,
        String timespan,
        long nanos,
        long least,
        @Nullable String field,
        Position position) {
    private static final Pattern TIMESPAN = Pattern.compile("\\d{1,6}[smhd]");
    private static final Set<String> KEYS =
            Set.of("type", "rules", "group-by", "aliases", "timespan", "condition", "generate");
    private static final Set<String> MORE = Set.of("value_sum", "value_avg", "value_percentile", "value_median");

    Correlation {
        rules = List.copyOf(rules);
        groupBy = List.copyOf(groupBy);
        aliases = Map.copyOf(aliases);
    }

    /** How events are correlated. */
    enum Type {
        EVENT_COUNT,
        VALUE_COUNT,
        TEMPORAL,
        TEMPORAL_ORDERED;

        boolean counts() {
            return this == EVENT_COUNT || this == VALUE_COUNT;
        }
    }

    static Correlation read(YamlValue document) throws RefusedException {
        YamlValue value = document.map().get("correlation");
        if (value == null || !value.isMap()) {
            throw new RefusedException(
                    document.position(), "`correlation` has `type`, `rules`, `group-by` and `timespan`");
        }
        Position position = value.position();
        Set<String> unknown = new TreeSet<>(value.map().keySet());
        unknown.removeAll(KEYS);
        if (!unknown.isEmpty()) {
            String key = unknown.iterator().next();
            throw new RefusedException(
                    value.map().getOrDefault(key, value).position(),
                    "unknown key `" + key + "`" + Nearest.hint(key, KEYS, ": known are " + new TreeSet<>(KEYS)));
        }
        Type type = type(value);
        List<YamlValue> rules = list(value, "rules");
        if (rules.isEmpty()) {
            throw new RefusedException(position, "no `rules`: name the rules that are correlated, by `name` or `id`");
        }
        if (!type.counts() && rules.size() < 2) {
            throw new RefusedException(
                    position, "one rule alone is no sequence: name two or more, or count it with `event_count`");
        }
        YamlValue span = value.map().get("timespan");
        String timespan = span == null ? "" : span.text().strip();
        if (!TIMESPAN.matcher(timespan).matches() || timespan.matches("0+.")) {
            throw new RefusedException(
                    span == null ? position : span.position(),
                    "`timespan` is a number with s, m, h or d: write `timespan: 5m`");
        }
        YamlValue condition = value.map().get("condition");
        return new Correlation(
                type,
                rules,
                list(value, "group-by"),
                aliases(value),
                timespan,
                Durations.nanos(timespan).orElseThrow(),
                type.counts() ? least(condition, position) : all(condition, rules),
                type == Type.VALUE_COUNT ? field(condition, position) : null,
                position);
    }

    /** Whether the rules of a correlation raise alerts of their own. */
    static boolean generates(YamlValue document) {
        YamlValue value = document.map().get("correlation");
        return isTrue(document, "generate") || (value != null && isTrue(value, "generate"));
    }

    /** How a correlation calls its rules. */
    static List<String> names(YamlValue document) {
        YamlValue value = document.map().get("correlation");
        return value == null
                ? List.of()
                : list(value, "rules").stream().map(rule -> rule.text().strip()).toList();
    }

    private static Type type(YamlValue value) throws RefusedException {
        YamlValue written = value.map().get("type");
        String name = written == null ? "" : written.text().strip().toLowerCase(Locale.ROOT);
        if (MORE.contains(name)) {
            throw new RefusedException(
                    value.map().getOrDefault("type", value).position(),
                    "`" + name + "`: events and different values are counted, their values are not summed: "
                            + "event_count, value_count, temporal and temporal_ordered are taken");
        }
        for (Type type : Type.values()) {
            if (type.name().toLowerCase(Locale.ROOT).equals(name)) {
                return type;
            }
        }
        List<String> known = List.of("event_count", "value_count", "temporal", "temporal_ordered");
        throw new RefusedException(
                written == null ? value.position() : written.position(),
                "unknown type `" + name + "`" + Nearest.hint(name, known, ": known are " + String.join(", ", known)));
    }

    private static List<YamlValue> list(YamlValue value, String key) {
        YamlValue list = value.map().get(key);
        return list == null || list.value() == null
                ? List.of()
                : list.list().stream().filter(one -> !one.text().isBlank()).toList();
    }

    private static boolean isTrue(YamlValue value, String key) {
        return Boolean.TRUE.equals(value.get(key));
    }

    private static Map<String, Map<String, String>> aliases(YamlValue value) {
        Map<String, Map<String, String>> aliases = new HashMap<>();
        YamlValue written = value.map().get("aliases");
        if (written != null) {
            written.map().forEach((alias, fields) -> {
                Map<String, String> ofRules = new HashMap<>();
                fields.map().forEach((rule, field) -> ofRules.put(rule, field.text()));
                aliases.put(alias, ofRules);
            });
        }
        return aliases;
    }

    /** How many there have to be. What bounds a count from above is known only when the time is over. */
    private static long least(@Nullable YamlValue condition, Position position) throws RefusedException {
        if (condition == null || !condition.isMap()) {
            throw new RefusedException(
                    condition == null ? position : condition.position(), "how many? add `condition: {gte: 10}`");
        }
        long least = -1;
        for (Map.Entry<String, YamlValue> entry : condition.map().entrySet()) {
            YamlValue bound = entry.getValue();
            switch (entry.getKey()) {
                case "field" -> {
                    // Read where values are counted.
                }
                case "gt", "gte" -> {
                    if (!(bound.value() instanceof Long number)) {
                        throw new RefusedException(bound.position(), "`" + entry.getKey() + "` takes a whole number");
                    }
                    least = Math.max(least, entry.getKey().equals("gt") ? number + 1 : number);
                }
                case "lt", "lte", "eq", "neq" ->
                    throw new RefusedException(
                            bound.position(),
                            "`" + entry.getKey()
                                    + "` is known only when the timespan is over, and a rule is decided when an"
                                    + " event comes: more may follow; ask with `gte` or `gt` alone");
                default ->
                    throw new RefusedException(
                            bound.position(),
                            "unknown key `" + entry.getKey() + "`"
                                    + Nearest.hint(entry.getKey(), List.of("gt", "gte", "field"), ": write `gte: 10`"));
            }
        }
        if (least < 1 || least >= Count.MAX) {
            throw new RefusedException(
                    condition.position(),
                    least < 0
                            ? "how many? add `gte: 10`"
                            : "counts from 1 to " + (Count.MAX - 1) + ": so many events are remembered");
        }
        return least;
    }

    private static String field(@Nullable YamlValue condition, Position position) throws RefusedException {
        YamlValue field = condition == null ? null : condition.map().get("field");
        if (field == null
                || field.list().size() != 1
                || field.list().get(0).text().isBlank()) {
            throw new RefusedException(
                    condition == null ? position : condition.position(),
                    "whose values? add one field, as in `condition: {field: DestinationPort, gte: 20}`");
        }
        return field.list().get(0).text();
    }

    /** A condition of a sequence may only say what it is without one: that all of its rules have to match. */
    private static long all(@Nullable YamlValue condition, List<YamlValue> rules) throws RefusedException {
        if (condition == null) {
            return rules.size();
        }
        boolean all = condition.isMap()
                ? condition.map().size() == 1
                        && (isNumber(condition, "gte", rules.size())
                                || isNumber(condition, "eq", rules.size())
                                || isNumber(condition, "gt", rules.size() - 1))
                : Set.of(condition.text().strip().split("(?i)\\s+and\\s+"))
                        .equals(Set.copyOf(rules.stream().map(YamlValue::text).toList()));
        if (!all) {
            throw new RefusedException(
                    condition.position(),
                    "a sequence needs all of its rules here: leave `condition` out, or write a correlation for each choice");
        }
        return rules.size();
    }

    private static boolean isNumber(YamlValue condition, String key, long number) {
        return Long.valueOf(number).equals(condition.get(key));
    }
}
