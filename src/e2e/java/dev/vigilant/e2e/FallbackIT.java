// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A daemon that may not load programs into the kernel. Needs root, setpriv and kernel audit. */
class FallbackIT {
    private static final List<String> WITHOUT_BPF =
            List.of("setpriv", "--bounding-set", "-bpf,-perfmon,-sys_admin", "--inh-caps", "-all");

    private static final String REASON =
            "eBPF programs need root, or CAP_BPF, CAP_PERFMON and CAP_SYS_RESOURCE: EPERM (operation not permitted)";

    @TempDir
    private Path directory;

    private Path config;

    @BeforeEach
    void configure() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "needs root");
        assumeTrue(Command.run("auditctl", "-s").exit() == 0, "needs auditctl and kernel audit");
        assumeTrue(Files.exists(Path.of("/usr/bin/setpriv")), "needs setpriv");
        config = Files.writeString(
                directory.resolve("vigilant.yaml"), "state_directory: " + directory.resolve("state") + "\n");
    }

    @Test
    void sensesWithAuditAndSaysWhy() throws Exception {
        try (VigilantDaemon daemon =
                VigilantDaemon.under(WITHOUT_BPF, "--sensor", "auto", "--config", config.toString())) {
            assertThat(daemon.lines())
                    .allSatisfy(line -> assertThat(line).startsWith("vigilant: "))
                    .contains("vigilant: no eBPF here, sensing with audit: " + REASON)
                    .anySatisfy(line -> assertThat(line).startsWith("vigilant: ready: sensor audit "));
            assertThat(daemon.terminate()).isZero();
        }
    }

    @Test
    void endsWithTheReasonWhenNothingElseIsWanted() {
        List<String> words = new ArrayList<>(WITHOUT_BPF);
        words.addAll(List.of(Repository.LAUNCHER.toString(), "run", "--sensor", "ebpf", "--config", config.toString()));
        Command run = Command.run(Map.of(), words);

        assertThat(run.exit()).as(run.output()).isEqualTo(2);
        assertThat(run.output().lines()).containsExactly("vigilant: " + REASON);
    }
}
