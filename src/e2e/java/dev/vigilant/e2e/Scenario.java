// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * One attack, or one benign neighbour.
 *
 * @param runs container, exec, host or replay
 * @param minSeverity the least that has to be said, empty for what must stay silent
 * @param rules the rules of which one has to fire, or that must not; empty for the shared ones
 * @param silent whether nothing at warning or above may be said
 * @param allows rules that may fire all the same
 * @param needs programs to compile and show at /probe
 * @param sensors the sensors that can see it: audit, ebpf
 * @param log what is replayed, relative to the scenario's file
 */
record Scenario(
        String id,
        String runs,
        boolean privileged,
        List<String> docker,
        String script,
        String minSeverity,
        List<String> rules,
        boolean silent,
        List<String> allows,
        List<String> needs,
        List<String> sensors,
        String log) {
    static final List<String> SEVERITIES =
            List.of("emergency", "alert", "critical", "error", "warning", "notice", "informational", "debug");

    /** All sensors, by what {@code --sensor} calls them. */
    static final List<String> SENSORS = List.of("audit", "ebpf");

    private static final Pattern WANTED = Pattern.compile(System.getProperty("vigilant.scenarios", ""));

    private static final Set<String> KEYS = Set.of(
            "id",
            "technique",
            "category",
            "runs",
            "privileged",
            "docker",
            "script",
            "min_severity",
            "about",
            "also",
            "rule",
            "silent",
            "allows",
            "needs",
            "sensors",
            "log");

    /**
     * Reads a file of them, those that {@code -Dvigilant.scenarios=REGEX} asks for; a file named benign has silent ones only.
     * A mistake names the scenario and the key.
     */
    static List<Scenario> load(Path file) throws IOException {
        String name = file.getFileName().toString();
        return parse(name, Files.readString(file), name.startsWith("benign")).stream()
                .filter(s -> WANTED.matcher(s.id).find())
                .toList();
    }

    /** All that the project ships, file by file in the order of their names. */
    static List<Scenario> own() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(Repository.OWN)) {
            files = all.filter(f -> f.toString().endsWith(".yaml")).sorted().toList();
        }
        List<Scenario> scenarios = new ArrayList<>();
        for (Path file : files) {
            scenarios.addAll(load(file));
        }
        return scenarios;
    }

    static List<Scenario> parse(String name, String yaml, boolean benign) {
        Object document = new Load(LoadSettings.builder().setLabel(name).build()).loadFromString(yaml);
        List<Scenario> scenarios = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (Object item : (List<?>) document) {
            Scenario scenario = of(name, (Map<?, ?>) item, benign);
            if (!ids.add(scenario.id)) {
                throw new IllegalArgumentException(name + ": " + scenario.id + " is there twice");
            }
            scenarios.add(scenario);
        }
        return scenarios;
    }

    private static Scenario of(String name, Map<?, ?> map, boolean benign) {
        String where = name + ": " + map.get("id") + ": ";
        for (Object key : map.keySet()) {
            // A comma in unquoted prose makes a key without a value: the prose goes on.
            require(KEYS.contains(key) || map.get(key) == null, where + "unknown key " + key);
        }
        Scenario scenario = new Scenario(
                text(map, "id"),
                text(map, "runs"),
                Boolean.TRUE.equals(map.get("privileged")),
                list(map, "docker"),
                text(map, "script"),
                text(map, "min_severity"),
                list(map, "rule"),
                benign || Boolean.TRUE.equals(map.get("silent")),
                list(map, "allows"),
                list(map, "needs"),
                map.containsKey("sensors") ? list(map, "sensors") : SENSORS,
                text(map, "log"));
        // The id becomes part of a container's name.
        require(scenario.id.matches("[a-z0-9][a-z0-9-]*"), where + "id is not in small letters, digits and hyphens");
        switch (scenario.runs) {
            case "container", "exec", "host" -> require(!scenario.script.isEmpty(), where + "no script");
            case "replay" -> require(!scenario.log.isEmpty(), where + "no log");
            default -> throw new IllegalArgumentException(where + "runs: " + scenario.runs);
        }
        require(
                !scenario.sensors.isEmpty() && SENSORS.containsAll(scenario.sensors),
                where + "sensors: " + scenario.sensors + " are not of " + SENSORS);
        require(
                scenario.silent || SEVERITIES.contains(scenario.minSeverity),
                where + "min_severity: " + scenario.minSeverity);
        return scenario;
    }

    private static void require(boolean condition, String complaint) {
        if (!condition) {
            throw new IllegalArgumentException(complaint);
        }
    }

    private static String text(Map<?, ?> map, String key) {
        Object value = map.get(key);
        return value == null ? "" : value.toString();
    }

    private static List<String> list(Map<?, ?> map, String key) {
        return map.get(key) instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : map.get(key) == null ? List.of() : List.of(map.get(key).toString());
    }

    /** Whether a level is as bad as {@code least} or worse; what is no level is neither. */
    static boolean atLeast(String level, String least) {
        int index = SEVERITIES.indexOf(level);
        return index >= 0 && index <= SEVERITIES.indexOf(least);
    }
}
