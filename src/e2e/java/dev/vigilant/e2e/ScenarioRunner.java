// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs scenarios one after the other, and finds the alerts that belong to each. */
final class ScenarioRunner implements AutoCloseable {
    private static final String VICTIM = "vigilant-e2e-victim";

    /** What {@code --privileged} grants, but for what this docker does not know or the machine cannot give. */
    private static final List<String> CAPABILITIES = List.of(
            "AUDIT_CONTROL",
            "AUDIT_READ",
            "AUDIT_WRITE",
            "BLOCK_SUSPEND",
            "CHOWN",
            "DAC_OVERRIDE",
            "DAC_READ_SEARCH",
            "FOWNER",
            "FSETID",
            "IPC_LOCK",
            "IPC_OWNER",
            "KILL",
            "LEASE",
            "LINUX_IMMUTABLE",
            "MAC_ADMIN",
            "MAC_OVERRIDE",
            "MKNOD",
            "NET_ADMIN",
            "NET_BIND_SERVICE",
            "NET_BROADCAST",
            "NET_RAW",
            "SETFCAP",
            "SETGID",
            "SETPCAP",
            "SETUID",
            "SYS_ADMIN",
            "SYS_BOOT",
            "SYS_CHROOT",
            "SYS_MODULE",
            "SYS_NICE",
            "SYS_PACCT",
            "SYS_PTRACE",
            "SYS_RAWIO",
            "SYS_TIME",
            "SYS_TTY_CONFIG",
            "SYSLOG",
            "WAKE_ALARM");

    private final String victim;
    private final Path probes;

    /** Where and when a scenario ran. */
    record Trace(Scenario scenario, String container, long pid, Instant from, Instant to, String output) {}

    ScenarioRunner() {
        DockerEngine.remove(VICTIM);
        victim = DockerEngine.sleeper(VICTIM);
        probes = Repository.work("probe");
    }

    Trace run(Scenario scenario) throws IOException {
        for (String probe : scenario.needs()) {
            compile(probe);
        }
        Instant from = Instant.now().minusMillis(50);
        return switch (scenario.runs()) {
            case "container" -> container(scenario, from);
            case "exec" -> {
                Command command = Command.run("docker", "exec", VICTIM, "sh", "-c", scenario.script());
                yield new Trace(scenario, victim, 0, from, Instant.now(), command.output());
            }
            case "host" -> {
                Command command = Command.run(Map.of("VICTIM", VICTIM), List.of("sh", "-c", scenario.script()));
                yield new Trace(scenario, "", command.pid(), from, Instant.now(), command.output());
            }
            default -> throw new IllegalArgumentException(scenario.id() + ": runs: " + scenario.runs());
        };
    }

    private void compile(String probe) {
        Path binary = probes.resolve(probe);
        if (!Files.exists(binary)) {
            Path source = Repository.OWN.resolve("bin").resolve(probe + ".c");
            Command.output("gcc", "-static", "-O1", "-o", binary.toString(), source.toString());
        }
    }

    private Trace container(Scenario scenario, Instant from) throws IOException {
        Path idFile = probes.resolveSibling("container-id");
        Files.deleteIfExists(idFile);
        List<String> words = new ArrayList<>(List.of("docker", "run", "--rm", "--cidfile", idFile.toString()));
        if (!scenario.docker().contains("--network")) {
            words.addAll(List.of("--network", "none"));
        }
        words.addAll(scenario.docker());
        if (scenario.privileged()) {
            CAPABILITIES.forEach(c -> words.addAll(List.of("--cap-add", c)));
            for (String off : List.of("seccomp", "apparmor", "systempaths")) {
                words.addAll(List.of("--security-opt", off + "=unconfined"));
            }
        }
        if (!scenario.needs().isEmpty()) {
            words.addAll(List.of("-v", probes + ":/probe:ro"));
        }
        words.addAll(List.of(DockerEngine.IMAGE, "sh", "-c", scenario.script()));
        Command command = Command.run(Map.of(), words);
        String id = Files.exists(idFile) ? Files.readString(idFile) : "";
        return new Trace(scenario, id, 0, from, Instant.now().plusMillis(20), command.output());
    }

    /** The alerts that the scenario's own processes raised. */
    static List<JsonNode> alertsOf(Trace trace, List<JsonNode> alerts) {
        return alerts.stream().filter(alert -> belongs(trace, alert)).toList();
    }

    private static boolean belongs(Trace trace, JsonNode alert) {
        String container = alert.path("container").path("id").asText();
        if (trace.scenario().runs().equals("host")) {
            boolean own = alert.path("process").path("pid").asLong() == trace.pid();
            for (JsonNode ancestor : alert.path("process").path("ancestors")) {
                own |= ancestor.path("pid").asLong() == trace.pid();
            }
            return container.isEmpty() && own;
        }
        Instant time = Instant.parse(alert.path("@timestamp").asText());
        boolean inTime = !time.isBefore(trace.from()) && !time.isAfter(trace.to());
        return !container.isEmpty()
                && container.equals(trace.container())
                && (inTime || trace.scenario().runs().equals("container"));
    }

    /** What is wrong with the alerts of a scenario; empty when all is as it should be. */
    static String verdict(Scenario scenario, List<JsonNode> alerts) {
        if (scenario.silent()) {
            for (JsonNode alert : alerts) {
                String rule = alert.path("rule").path("id").asText();
                boolean loud = Scenario.atLeast(level(alert), "warning");
                if (rule.equals(scenario.rule()) || (loud && !scenario.allows().contains(rule))) {
                    return "raised " + rule + " at " + level(alert);
                }
            }
            return "";
        }
        for (JsonNode alert : alerts) {
            boolean expected = scenario.rule().isEmpty()
                    || scenario.rule().equals(alert.path("rule").path("id").asText());
            if (expected && Scenario.atLeast(level(alert), scenario.minSeverity())) {
                return incomplete(scenario, alert);
            }
        }
        return "not flagged" + (scenario.rule().isEmpty() ? "" : " by " + scenario.rule()) + " at "
                + scenario.minSeverity() + " or above";
    }

    private static String incomplete(Scenario scenario, JsonNode alert) {
        StringBuilder missing = new StringBuilder();
        if (alert.path("process").path("name").asText().isEmpty()) {
            missing.append(" process.name");
        }
        if (alert.path("process").path("ancestors").isEmpty()) {
            missing.append(" process.ancestors");
        }
        if (!scenario.runs().equals("host")) {
            JsonNode container = alert.path("container");
            if (container.path("name").asText().isEmpty()) {
                missing.append(" container.name");
            }
            if (!container.path("image").path("name").asText().equals(DockerEngine.IMAGE)) {
                missing.append(" container.image.name");
            }
        }
        return missing.isEmpty() ? "" : "alert lacks" + missing;
    }

    static String level(JsonNode alert) {
        return alert.path("log").path("level").asText();
    }

    @Override
    public void close() {
        DockerEngine.remove(VICTIM);
    }
}
