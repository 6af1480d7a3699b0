// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * What the alerts of one scenario amount to.
 *
 * @param problem what is wrong; empty when all is as it should be
 * @param alerts the alerts that belong to the scenario
 */
record Verdict(String problem, List<JsonNode> alerts) {
    Verdict {
        alerts = List.copyOf(alerts);
    }

    static Verdict of(Trace trace, List<JsonNode> all) {
        List<JsonNode> own = all.stream().filter(trace::owns).toList();
        if (trace.refused()) {
            return new Verdict("did not run", own);
        }
        return new Verdict(trace.scenario().silent() ? noise(trace.scenario(), own) : miss(trace, own), own);
    }

    boolean good() {
        return problem.isEmpty();
    }

    private static String noise(Scenario scenario, List<JsonNode> alerts) {
        for (JsonNode alert : alerts) {
            boolean named = scenario.rules().contains(rule(alert));
            boolean loud = Scenario.atLeast(level(alert), "warning");
            if (named || (loud && !scenario.allows().contains(rule(alert)))) {
                return "raised " + rule(alert) + " at " + level(alert);
            }
        }
        return "";
    }

    private static String miss(Trace trace, List<JsonNode> alerts) {
        Scenario scenario = trace.scenario();
        List<JsonNode> expected = alerts.stream()
                .filter(a -> scenario.rules().isEmpty() || scenario.rules().contains(rule(a)))
                .filter(a -> Scenario.atLeast(level(a), scenario.minSeverity()))
                .toList();
        if (expected.isEmpty()) {
            return "not flagged" + (scenario.rules().isEmpty() ? "" : " by " + String.join(" or ", scenario.rules()))
                    + " at " + scenario.minSeverity() + " or above";
        }
        List<String> complaints =
                expected.stream().map(a -> lacking(trace, a)).distinct().toList();
        return complaints.contains("") ? "" : complaints.get(0);
    }

    private static String lacking(Trace trace, JsonNode alert) {
        List<String> fields = new ArrayList<>();
        if (alert.path("process").path("name").asText().isEmpty()) {
            fields.add("process.name");
        }
        boolean live = !trace.scenario().runs().equals("replay");
        if (live && alert.path("process").path("ancestors").isEmpty()) {
            fields.add("process.ancestors");
        }
        if (!trace.container().isEmpty()) {
            JsonNode container = alert.path("container");
            if (!container.path("name").asText().equals(trace.containerName())) {
                fields.add("container.name " + trace.containerName());
            }
            if (!container.path("image").path("name").asText().equals(DockerEngine.IMAGE)) {
                fields.add("container.image.name " + DockerEngine.IMAGE);
            }
        }
        return fields.isEmpty() ? "" : rule(alert) + " lacks " + String.join(", ", fields);
    }

    static String rule(JsonNode alert) {
        return alert.path("rule").path("id").asText();
    }

    static String level(JsonNode alert) {
        return alert.path("log").path("level").asText();
    }
}
