// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.author;

import dev.vigilant.alert.Severity;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.rules.ast.Problem;
import dev.vigilant.rules.yaml.YamlValue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads files of tests, which lie beside the rules:
 *
 * <pre>
 * - name: a shell of a web server
 *   events:
 *     - ProcessExec: {file.path: /bin/sh, process.parent.name: nginx, container.name: web}
 *   alerts: [site-web-shell]
 * - name: the nightly backup
 *   events: backup.log
 *   silent: [site-web-shell]
 * </pre>
 */
public final class TestReader {
    /** Ending of such files. */
    public static final String SUFFIX = ".test.yaml";

    private static final Set<String> KEYS = Set.of("name", "events", "alerts", "silent", "suppressed");
    private static final Set<String> ALERT_KEYS = Set.of("rule", "count", "severity", "fields");

    private final Path file;
    private final long startNanos;
    private final Consumer<Problem> problems;

    private TestReader(Path file, long startNanos, Consumer<Problem> problems) {
        this.file = file;
        this.startNanos = startNanos;
        this.problems = problems;
    }

    /**
     * The tests of a file.
     *
     * @param file its path, which paths of recordings are relative to
     * @param startNanos time of events that say none, nanoseconds since the epoch
     */
    public static List<RuleTest> read(Path file, String text, long startNanos, Consumer<Problem> problems) {
        Optional<YamlValue> root = YamlValue.read(file.toString(), text, problems);
        if (root.isPresent() && !root.get().isList()) {
            problems.accept(root.get().problem("a test file is a list of tests: begin each with `- name: ...`"));
            return List.of();
        }
        TestReader reader = new TestReader(file, startNanos, problems);
        return root.stream()
                .flatMap(list -> list.list().stream())
                .flatMap(test -> reader.test(test).stream())
                .toList();
    }

    private Optional<RuleTest> test(YamlValue test) {
        if (!test.isMap()) {
            problems.accept(test.problem("a test is a map: write `- name: ...`, `events:` and `alerts:`"));
            return Optional.empty();
        }
        test.onlyKeys(KEYS, problems);
        YamlValue events = test.map().get("events");
        if (events == null) {
            problems.accept(test.problem("no `events`: add a list of them, or the name of a recording or log"));
            return Optional.empty();
        }
        List<KernelEvent> read = new ArrayList<>();
        @Nullable Path recording = null;
        if (events.isScalar()) {
            recording = file.resolveSibling(events.text());
            if (!Files.exists(recording)) {
                problems.accept(events.problem(recording + ": no such file"));
                return Optional.empty();
            }
        } else {
            EventReader reader = new EventReader(startNanos, problems);
            events.list().forEach(event -> read.addAll(reader.readAll(event)));
        }
        YamlValue name = test.map().get("name");
        return Optional.of(new RuleTest(
                name == null ? "line " + test.position().line() : name.text(),
                test.position(),
                read,
                recording,
                alerts(test),
                named(test, "silent"),
                named(test, "suppressed")));
    }

    private static List<YamlValue> entries(YamlValue test, String key) {
        YamlValue entries = test.map().get(key);
        return entries == null ? List.of() : entries.list();
    }

    private List<RuleTest.Named> named(YamlValue test, String key) {
        return entries(test, key).stream()
                .map(rule -> new RuleTest.Named(rule.text(), rule.position()))
                .toList();
    }

    private List<RuleTest.Expected> alerts(YamlValue test) {
        List<RuleTest.Expected> alerts = new ArrayList<>();
        for (YamlValue alert : entries(test, "alerts")) {
            if (alert.isScalar()) {
                alerts.add(new RuleTest.Expected(alert.text(), 0, null, Map.of(), alert.position()));
            } else {
                alerts.add(alert(alert));
            }
        }
        return alerts;
    }

    private RuleTest.Expected alert(YamlValue alert) {
        alert.onlyKeys(ALERT_KEYS, problems);
        YamlValue rule = alert.map().get("rule");
        if (rule == null) {
            problems.accept(alert.problem("no `rule`: write the id of the rule, or `{rule: ID, severity: ...}`"));
        }
        YamlValue severity = alert.map().get("severity");
        Optional<Severity> read = severity == null ? Optional.empty() : Severity.of(severity.text());
        if (severity != null && read.isEmpty()) {
            problems.accept(severity.problem("unknown severity: known are "
                    + String.join(
                            ", ",
                            Arrays.stream(Severity.values())
                                    .map(Severity::label)
                                    .toList())));
        }
        Map<String, List<String>> fields = new LinkedHashMap<>();
        YamlValue written = alert.map().get("fields");
        if (written != null) {
            written.map()
                    .forEach((path, value) -> fields.put(
                            path, value.list().stream().map(YamlValue::text).toList()));
        }
        return new RuleTest.Expected(
                rule == null ? "" : rule.text(),
                alert.get("count") instanceof Long count ? count.intValue() : 0,
                read.orElse(null),
                fields,
                alert.position());
    }
}
