// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.falco;

import dev.vigilant.alert.Severity;
import dev.vigilant.rules.ast.Position;
import dev.vigilant.rules.ast.Problem;
import dev.vigilant.rules.field.Nearest;
import dev.vigilant.rules.translate.RefusedException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The lists, macros and rules of all files. What is defined again replaces what was there and keeps its place in the order;
 * {@code override} and {@code append} change it.
 */
final class Catalogue {
    private static final Set<String> OF_RULES = Set.of(
            "rule",
            "desc",
            "condition",
            "output",
            "priority",
            "source",
            "enabled",
            "tags",
            "exceptions",
            "warn_evttypes",
            "skip-if-unknown-filter",
            "capture",
            "capture_duration",
            "append",
            "override");
    private static final Set<String> APPENDABLE = Set.of("condition", "output", "desc", "tags", "exceptions");

    private final Map<String, Defined<List<String>>> lists = new LinkedHashMap<>();
    private final Map<String, Defined<Text>> macros = new LinkedHashMap<>();
    private final Map<String, RuleText> rules = new LinkedHashMap<>();
    private final List<Problem> refused;
    private final List<Problem> warnings;
    private int count;

    /**
     * A list or a macro.
     *
     * @param value what it stands for
     * @param index when its name was first defined: those after it see it
     * @param sees it sees the names with a lower index
     * @param position where it was last defined
     */
    record Defined<T>(T value, int index, int sees, Position position) {}

    Catalogue(List<Problem> refused, List<Problem> warnings) {
        this.refused = refused;
        this.warnings = warnings;
    }

    Map<String, Defined<Text>> macros() {
        return macros;
    }

    Collection<RuleText> rules() {
        return rules.values();
    }

    /** Takes an entry of a file; one that is wrong is refused and changes nothing. */
    void add(Entry entry) {
        count++;
        String name = "";
        try {
            if (entry.has("list")) {
                list(entry);
            } else if (entry.has("macro")) {
                macro(entry);
            } else if (entry.has("rule")) {
                name = entry.required("rule", "a title").value();
                warnOfUnknownKeys(name, entry);
                rule(name, entry);
            } else {
                throw new RefusedException(
                        entry.position(),
                        "neither `rule`, `macro`, `list` nor `required_engine_version`: begin with one of them");
            }
        } catch (RefusedException e) {
            refused.add(new Problem(name, e.position(), e.reason()));
        }
    }

    private void warnOfUnknownKeys(String rule, Entry entry) {
        for (String key : entry.keys()) {
            if (!OF_RULES.contains(key)) {
                warnings.add(new Problem(
                        rule, entry.position(key), "unknown key `" + key + "`" + Nearest.hint(key, OF_RULES, "")));
            }
        }
    }

    private void list(Entry entry) throws RefusedException {
        String name = entry.required("list", "its_name").value();
        List<String> items = new ArrayList<>(entry.words("items"));
        Defined<List<String>> before = lists.get(name);
        if (appends("list " + name, entry, "items", before != null) && before != null) {
            items.addAll(0, before.value());
        }
        lists.put(name, defined(items, before, entry));
    }

    private void macro(Entry entry) throws RefusedException {
        String name = entry.required("macro", "its_name").value();
        Text condition = entry.required("condition", "(proc.name = sh)");
        Defined<Text> before = macros.get(name);
        if (appends("macro " + name, entry, "condition", before != null) && before != null) {
            condition = before.value().then(condition);
        }
        macros.put(name, defined(condition, before, entry));
    }

    private <T> Defined<T> defined(T value, @Nullable Defined<T> before, Entry entry) {
        return new Defined<>(value, before == null ? count : before.index(), count, entry.position());
    }

    /** Whether the one value of a list or macro is to be appended. */
    private static boolean appends(String what, Entry entry, String key, boolean known) throws RefusedException {
        Optional<Entry> override = entry.entry("override");
        boolean old = entry.flag("append", false);
        String how =
                override.isPresent() ? override.get().required(key, "append").value() : old ? "append" : "";
        if (override.isPresent() && old) {
            throw new RefusedException(
                    entry.position("append"), "`append` and `override` together: leave `append` out");
        }
        if (!how.isEmpty() && !known) {
            throw new RefusedException(
                    entry.position(),
                    what + " is not defined before: there is nothing to change; name the file that defines it first");
        }
        if (!how.isEmpty() && !how.equals("append") && !how.equals("replace")) {
            throw new RefusedException(entry.position("override"), "`" + how + "`: write append or replace");
        }
        return how.equals("append");
    }

    private void rule(String name, Entry entry) throws RefusedException {
        RuleText before = rules.get(name);
        Optional<Entry> override = entry.entry("override");
        boolean append = entry.flag("append", false);
        boolean onlyEnabled = entry.keys().equals(Set.of("rule", "enabled"));
        if (override.isEmpty() && !append && !onlyEnabled) {
            rules.put(name, newRule(name, entry));
            return;
        }
        if (before == null) {
            throw new RefusedException(
                    entry.position(),
                    "rule \"" + name
                            + "\" is not defined before: there is nothing to change; name the file that defines it first");
        }
        if (override.isPresent() && append) {
            throw new RefusedException(
                    entry.position("append"), "`append` and `override` together: leave `append` out");
        }
        Map<String, String> changes = new HashMap<>();
        for (String key : entry.keys()) {
            if (!Set.of("rule", "override", "append").contains(key)) {
                changes.put(key, append ? "append" : "replace");
            }
        }
        if (override.isPresent()) {
            readOverride(override.get(), changes.keySet());
            for (String key : override.get().keys()) {
                changes.put(key, override.get().required(key, "replace").value());
            }
        }
        RuleText changed = before;
        for (Map.Entry<String, String> change : changes.entrySet()) {
            changed = changed(changed, entry, change.getKey(), change.getValue());
        }
        rules.put(name, changed);
    }

    private static void readOverride(Entry override, Set<String> given) throws RefusedException {
        for (String key : override.keys()) {
            String how = override.required(key, "replace").value();
            if (!how.equals("append") && !how.equals("replace")) {
                throw new RefusedException(override.position(key), "`" + how + "`: write append or replace");
            }
            if (!given.contains(key)) {
                throw new RefusedException(
                        override.position(key),
                        "override of `" + key + "`, which is not given here: add `" + key + ": ...`");
            }
        }
        for (String key : given) {
            if (!override.has(key)) {
                throw new RefusedException(
                        override.position(),
                        "`" + key + "` is given and not in `override`: add `" + key + ": replace`");
            }
        }
    }

    private static RuleText newRule(String name, Entry entry) throws RefusedException {
        return new RuleText(
                name,
                entry.required("desc", "a sentence for the analyst"),
                entry.required("condition", "evt.type = execve and ..."),
                entry.required("output", "what happened | process=%proc.name"),
                priority(entry),
                entry.text("source").map(Text::value).orElse("syscall"),
                entry.flag("enabled", true),
                entry.words("tags"),
                exceptions(List.of(), entry),
                entry.position());
    }

    private static Severity priority(Entry entry) throws RefusedException {
        String value = entry.required("priority", "WARNING").value();
        List<String> known = Arrays.stream(Severity.values()).map(s -> s.name()).toList();
        return Severity.of(value)
                .orElseThrow(() -> new RefusedException(
                        entry.position("priority"),
                        "unknown priority `" + value + "`" + Nearest.hint(value, known, ": known are " + known)));
    }

    private static RuleText changed(RuleText rule, Entry entry, String key, String how) throws RefusedException {
        boolean append = how.equals("append");
        if (append && !APPENDABLE.contains(key)) {
            throw new RefusedException(entry.position(key), "`" + key + "` can only be replaced");
        }
        return switch (key) {
            case "condition" -> {
                Text more = entry.required(key, "...");
                yield rule.withCondition(append ? rule.condition().then(more) : more);
            }
            case "output" -> {
                Text more = entry.required(key, "...");
                yield rule.withOutput(append ? rule.output().then(more) : more);
            }
            case "desc" -> {
                Text more = entry.required(key, "...");
                yield rule.withDescription(append ? rule.description().then(more) : more);
            }
            case "tags" -> {
                List<String> tags = new ArrayList<>(append ? rule.tags() : List.of());
                entry.words(key).stream().filter(t -> !tags.contains(t)).forEach(tags::add);
                yield rule.withTags(tags);
            }
            case "exceptions" -> rule.withExceptions(exceptions(append ? rule.exceptions() : List.of(), entry));
            case "priority" -> rule.withPriority(priority(entry));
            case "enabled" -> rule.withEnabled(entry.flag(key, true));
            default -> rule;
        };
    }

    private static List<Exclusion> exceptions(List<Exclusion> before, Entry entry) throws RefusedException {
        List<Exclusion> all = new ArrayList<>(before);
        for (Entry one : entry.entries("exceptions")) {
            String name = one.required("name", "its_name").value();
            int known = -1;
            for (int i = 0; i < all.size(); i++) {
                known = all.get(i).name().equals(name) ? i : known;
            }
            if (known < 0) {
                all.add(Exclusion.of(name, one));
            } else {
                all.set(known, all.get(known).with(one));
            }
        }
        return all;
    }

    /** All lists; one that holds the name of another, defined before it, has that one's items there. */
    Lists lists() {
        Lists expanded = new Lists();
        for (Map.Entry<String, Defined<List<String>>> list : lists.entrySet()) {
            List<String> items = new ArrayList<>();
            collect(list.getKey(), list.getValue(), items, new HashSet<>());
            expanded.put(list.getKey(), items);
        }
        return expanded;
    }

    private void collect(String name, Defined<List<String>> list, List<String> items, Set<String> above) {
        above.add(name);
        for (String item : list.value()) {
            Defined<List<String>> other = lists.get(item);
            if (other != null && other.index() < list.sees() && !above.contains(item)) {
                collect(item, other, items, above);
            } else {
                items.add(item);
            }
        }
        above.remove(name);
    }
}
