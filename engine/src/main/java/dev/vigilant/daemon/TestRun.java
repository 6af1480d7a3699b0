// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.daemon;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.vigilant.alert.Alert;
import dev.vigilant.alert.EcsJson;
import dev.vigilant.alert.Host;
import dev.vigilant.alert.RuleDescription;
import dev.vigilant.alert.Severity;
import dev.vigilant.counter.Counters;
import dev.vigilant.detect.Detection;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.pipeline.Slot;
import dev.vigilant.rules.RuleSet;
import dev.vigilant.rules.ast.Problem;
import dev.vigilant.rules.author.RuleTest;
import dev.vigilant.rules.field.Nearest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Runs one test: its events go to the judge that the daemon has, in a session of their own, and what comes out is compared.
 * Of rules under test every alert has to be expected; of other rules only what the test names counts.
 */
final class TestRun {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Host HOST = new Host("test", "", "", "x86_64");

    private final RuleSet rules;
    private final Set<String> ids = new LinkedHashSet<>();
    private final Predicate<RuleDescription> underTest;

    /** @param underTest rules whose unexpected alerts are failures */
    TestRun(RuleSet rules, Predicate<RuleDescription> underTest) {
        this.rules = rules;
        this.underTest = underTest;
        rules.describe().forEach(r -> ids.add(r.id()));
    }

    /** What is not as the test says, each with its place; empty when all is. */
    List<Problem> failures(RuleTest test) throws IOException {
        List<Problem> failures = new ArrayList<>();
        List<KernelEvent> events =
                test.recording() == null ? test.events() : EventFile.read(test.recording(), failures::add);
        named(test, failures);
        if (!failures.isEmpty()) {
            return failures;
        }
        Map<String, List<Alert>> raised = new TreeMap<>();
        Set<String> keptBack;
        try (Detection detection = new Detection(rules, 1, HOST.name(), new Counters())) {
            for (KernelEvent event : events) {
                Slot slot = Slot.of(event);
                detection.on(slot, true);
                slot.alerts()
                        .forEach(alert -> raised.computeIfAbsent(alert.rule().id(), id -> new ArrayList<>())
                                .add(alert));
            }
            keptBack = detection.suppressed().keySet();
        }
        for (RuleTest.Named suppressed : test.suppressed()) {
            if (!keptBack.contains(suppressed.rule())) {
                failures.add(
                        new Problem("", suppressed.position(), "no alert of " + suppressed.rule() + " was kept back"));
            }
        }
        compare(test, raised, failures);
        return failures;
    }

    private void named(RuleTest test, List<Problem> failures) {
        List<RuleTest.Named> all = new ArrayList<>(test.silent());
        all.addAll(test.suppressed());
        test.alerts().forEach(expected -> all.add(new RuleTest.Named(expected.rule(), expected.position())));
        for (RuleTest.Named named : all) {
            if (!ids.contains(named.rule())) {
                failures.add(new Problem(
                        "",
                        named.position(),
                        "no rule `" + named.rule() + "` is loaded"
                                + Nearest.hint(named.rule(), ids, ": load its file with --rules PATH")));
            }
        }
    }

    private void compare(RuleTest test, Map<String, List<Alert>> raised, List<Problem> failures) {
        Map<String, List<Alert>> left = new LinkedHashMap<>();
        raised.forEach((rule, alerts) -> left.put(rule, new ArrayList<>(alerts)));
        for (RuleTest.Expected expected : test.alerts()) {
            expect(expected, left.getOrDefault(expected.rule(), List.of()), failures);
        }
        for (RuleTest.Expected expected : test.alerts()) {
            left.remove(expected.rule());
        }
        for (RuleTest.Named silent : test.silent()) {
            List<Alert> alerts = raised.get(silent.rule());
            if (alerts != null) {
                failures.add(new Problem("", silent.position(), silent.rule() + " raised an alert: " + shown(alerts)));
                left.remove(silent.rule());
            }
        }
        left.forEach((rule, alerts) -> {
            if (underTest.test(alerts.get(0).rule())) {
                failures.add(new Problem(
                        "",
                        test.position(),
                        rule + " raised an alert that the test does not expect: " + shown(alerts)));
            }
        });
    }

    private static String shown(List<Alert> alerts) {
        String more = alerts.size() > 1 ? " (and " + (alerts.size() - 1) + " more)" : "";
        return "\"" + alerts.get(0).message() + "\"" + more;
    }

    private static void expect(RuleTest.Expected expected, List<Alert> alerts, List<Problem> failures) {
        if (alerts.isEmpty()) {
            failures.add(new Problem(
                    "",
                    expected.position(),
                    expected.rule() + " raised no alert: see `vigilant rules explain " + expected.rule()
                            + "` with the events"));
            return;
        }
        List<String> reasons = new ArrayList<>();
        long fitting = alerts.stream()
                .filter(alert -> {
                    String reason = mismatch(expected, alert);
                    if (!reason.isEmpty()) {
                        reasons.add(reason);
                    }
                    return reason.isEmpty();
                })
                .count();
        if (fitting == 0) {
            failures.add(new Problem("", expected.position(), expected.rule() + ": " + reasons.get(0)));
        } else if (expected.count() > 0 && fitting != expected.count()) {
            failures.add(new Problem(
                    "",
                    expected.position(),
                    expected.rule() + " raised " + fitting + " such alerts instead of " + expected.count()));
        }
    }

    private static String mismatch(RuleTest.Expected expected, Alert alert) {
        Severity severity = expected.severity();
        if (severity != null && alert.rule().severity() != severity) {
            return "severity is " + alert.rule().severity().label() + " instead of " + severity.label();
        }
        if (expected.fields().isEmpty()) {
            return "";
        }
        JsonNode document = document(alert);
        for (Map.Entry<String, List<String>> field : expected.fields().entrySet()) {
            List<String> values = values(document.at("/" + field.getKey().replace('.', '/')));
            boolean fits = values.equals(field.getValue())
                    || (field.getValue().size() == 1
                            && values.contains(field.getValue().get(0)));
            if (!fits) {
                return field.getKey() + " is " + (values.isEmpty() ? "missing" : String.join(", ", values))
                        + " instead of " + String.join(", ", field.getValue());
            }
        }
        return "";
    }

    private static JsonNode document(Alert alert) {
        try {
            return JSON.readTree(new EcsJson(HOST).alert(alert));
        } catch (IOException e) {
            throw new IllegalStateException("an alert's document is JSON", e);
        }
    }

    private static List<String> values(JsonNode node) {
        List<String> values = new ArrayList<>();
        if (node.isArray()) {
            node.forEach(element -> values.add(element.asText()));
        } else if (!node.isMissingNode() && !node.isNull()) {
            values.add(node.isValueNode() ? node.asText() : node.toString());
        }
        return values;
    }
}
