// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs scenarios one after the other, and tells where each of them ran. */
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

    /** Before the kernel's clock tick that stamps the first event, and after the last event's. */
    private static final Duration MARGIN = Duration.ofMillis(20);

    private final String victim;
    private final Path probes;

    ScenarioRunner() {
        DockerEngine.remove(VICTIM);
        victim = DockerEngine.sleeper(VICTIM);
        probes = Repository.work("probe");
    }

    Trace run(Scenario scenario) throws IOException {
        for (String probe : scenario.needs()) {
            Command compiled = compile(probe);
            if (compiled.exit() != 0) {
                return Trace.notRun(scenario, "no " + probe + ": " + compiled.output());
            }
        }
        Instant from = Instant.now().minus(MARGIN);
        return switch (scenario.runs()) {
            case "container" -> container(scenario, from);
            case "exec" -> {
                Command command = Command.run("docker", "exec", VICTIM, "sh", "-c", scenario.script());
                yield trace(scenario, victim, VICTIM, from, command);
            }
            case "host" -> {
                Command command = Command.run(Map.of("VICTIM", VICTIM), List.of("sh", "-c", scenario.script()));
                yield trace(scenario, "", "", from, command);
            }
            default -> throw new IllegalArgumentException(scenario.id() + ": runs: " + scenario.runs());
        };
    }

    private static Trace trace(
            Scenario scenario, String container, String containerName, Instant from, Command command) {
        long pid = scenario.runs().equals("host") ? command.pid() : 0;
        String output = "exit " + command.exit() + " " + command.output().strip();
        return new Trace(
                scenario, container, containerName, pid, from, Instant.now().plus(MARGIN), output, "");
    }

    private Command compile(String probe) {
        Path binary = probes.resolve(probe);
        Path source = Repository.OWN.resolve("bin").resolve(probe + ".c");
        return Command.run(
                "sh",
                "-c",
                "[ \"$1\" -nt \"$2\" ] || gcc -static -O1 -o \"$1\" \"$2\"",
                "sh",
                binary.toString(),
                source.toString());
    }

    private Trace container(Scenario scenario, Instant from) throws IOException {
        Path idFile = probes.resolveSibling("container-id");
        Files.deleteIfExists(idFile);
        String name = "vigilant-e2e-" + scenario.id();
        List<String> words =
                new ArrayList<>(List.of("docker", "run", "--rm", "--name", name, "--cidfile", idFile.toString()));
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
        return trace(scenario, id, name, from, command);
    }

    @Override
    public void close() {
        DockerEngine.remove(VICTIM);
    }
}
