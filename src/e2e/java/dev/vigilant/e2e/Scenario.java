// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * One attack, or one benign neighbour.
 *
 * @param runs container, exec or host
 * @param minSeverity the least that has to be said, empty for what must stay silent
 * @param rule the rule that has to fire, or that must not; empty for the shared ones
 * @param silent whether nothing at warning or above may be said
 * @param allows rules that may fire all the same
 * @param needs programs to compile and show at /probe
 */
record Scenario(
        String id,
        String runs,
        boolean privileged,
        List<String> docker,
        String script,
        String minSeverity,
        String rule,
        boolean silent,
        List<String> allows,
        List<String> needs) {
    static final List<String> SEVERITIES =
            List.of("emergency", "alert", "critical", "error", "warning", "notice", "informational", "debug");

    static List<Scenario> load(Path file) throws IOException {
        boolean benign = file.getFileName().toString().startsWith("benign");
        List<Scenario> scenarios = new ArrayList<>();
        Object document = new Load(
                        LoadSettings.builder().setLabel(file.toString()).build())
                .loadFromString(Files.readString(file));
        for (Object item : (List<?>) document) {
            Map<?, ?> map = (Map<?, ?>) item;
            scenarios.add(new Scenario(
                    text(map, "id"),
                    text(map, "runs"),
                    Boolean.TRUE.equals(map.get("privileged")),
                    list(map, "docker"),
                    text(map, "script"),
                    text(map, "min_severity"),
                    text(map, "rule"),
                    benign || Boolean.TRUE.equals(map.get("silent")),
                    list(map, "allows"),
                    list(map, "needs")));
        }
        return scenarios;
    }

    private static String text(Map<?, ?> map, String key) {
        Object value = map.get(key);
        return value == null ? "" : value.toString();
    }

    private static List<String> list(Map<?, ?> map, String key) {
        return map.get(key) instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }

    /** Whether a level is as bad as {@code least} or worse. */
    static boolean atLeast(String level, String least) {
        return SEVERITIES.indexOf(level) <= SEVERITIES.indexOf(least);
    }
}
