// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.site;

import dev.vigilant.rules.ast.Problem;
import dev.vigilant.rules.yaml.YamlValue;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a site's file: {@code rules} (a map of ids), {@code exceptions} and {@code limits} (lists). An entry that is wrong
 * costs itself alone: fewer alerts are kept back than was meant, never more.
 */
final class SiteReader {
    private static final Set<String> SECTIONS = Set.of("rules", "exceptions", "limits");
    private static final Set<String> RULE_KEYS = Set.of("enabled", "severity", "reason");
    private static final Set<String> EXCEPTION_KEYS =
            Set.of("rule", "rules", "name", "when", "owner", "reason", "expires");
    private static final Set<String> LIMIT_KEYS = Set.of("rule", "rules", "alerts", "per", "by");

    private final List<Problem> refused = new ArrayList<>();
    private final Map<String, YamlValue> overrides = new LinkedHashMap<>();
    private final List<SiteException> exceptions = new ArrayList<>();
    private final List<YamlValue> limits = new ArrayList<>();

    SiteReader(String file, String text) {
        Optional<YamlValue> root = YamlValue.read(file, text, refused::add);
        root.ifPresent(this::read);
    }

    List<Problem> refused() {
        return refused;
    }

    /** What is said of rules, by their ids. */
    Map<String, YamlValue> overrides() {
        return overrides;
    }

    List<SiteException> exceptions() {
        return exceptions;
    }

    List<YamlValue> limits() {
        return limits;
    }

    private void read(YamlValue root) {
        if (!root.isMap()) {
            refused.add(root.problem("a site file has `rules:`, `exceptions:` and `limits:`"));
            return;
        }
        root.onlyKeys(SECTIONS, refused::add);
        YamlValue rules = root.map().get("rules");
        if (rules != null) {
            rules.map().forEach((id, entry) -> {
                entry.onlyKeys(RULE_KEYS, refused::add);
                overrides.put(id, entry);
            });
        }
        section(root, "exceptions").forEach(this::exception);
        for (YamlValue limit : section(root, "limits")) {
            limit.onlyKeys(LIMIT_KEYS, refused::add);
            limits.add(limit);
        }
    }

    private List<YamlValue> section(YamlValue root, String name) {
        YamlValue section = root.map().get(name);
        if (section == null || section.value() == null) {
            return List.of();
        }
        if (!section.isList()) {
            refused.add(section.problem("`" + name + "` is a list: begin each entry with `- rule: ID`"));
            return List.of();
        }
        return section.list();
    }

    private void exception(YamlValue written) {
        int before = refused.size();
        written.onlyKeys(EXCEPTION_KEYS, refused::add);
        YamlValue when =
                required(written, "when", "a condition of the rule language, such as 'process.name == \"backup\"'");
        YamlValue owner = required(written, "owner", "who answers for it");
        YamlValue reason = required(written, "reason", "why this is no finding here");
        YamlValue expires =
                required(written, "expires", "the last day on which it applies, such as 2027-03-31, or never");
        List<YamlValue> rules = ruleIds(written);
        if (when == null || owner == null || reason == null || expires == null) {
            return;
        }
        @Nullable LocalDate last = date(expires);
        if (refused.size() > before) {
            return;
        }
        YamlValue name = written.map().get("name");
        for (YamlValue rule : rules) {
            exceptions.add(new SiteException(
                    rule,
                    name == null ? reason.text() : name.text(),
                    when,
                    owner.text(),
                    reason.text(),
                    last,
                    written));
        }
    }

    private @Nullable LocalDate date(YamlValue expires) {
        if (expires.text().equals("never")) {
            return null;
        }
        try {
            return LocalDate.parse(expires.text());
        } catch (DateTimeException e) {
            refused.add(expires.problem("`expires: " + expires.text() + "` is no day: write 2027-03-31, or never"));
            return null;
        }
    }

    private @Nullable YamlValue required(YamlValue written, String key, String what) {
        YamlValue value = written.map().get(key);
        if (value == null || value.text().isBlank()) {
            refused.add(written.problem("no `" + key + "`: add " + what));
            return null;
        }
        return value;
    }

    /** The rules that an exception or a limit is about. */
    List<YamlValue> ruleIds(YamlValue written) {
        List<YamlValue> ids = new ArrayList<>();
        for (String key : List.of("rule", "rules")) {
            YamlValue named = written.map().get(key);
            if (named != null) {
                ids.addAll(named.list());
            }
        }
        if (ids.isEmpty()) {
            refused.add(written.problem("no `rule`: add the id of a rule, or `rules: [ID, ID]`"));
        }
        return ids;
    }
}
