// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vigilant.source.Support;
import dev.vigilant.source.Support.Supported;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the probe says of a machine on which everything works. */
class AuditProbeIT {
    private static AuditMachine machine;

    @BeforeAll
    static void takeAudit() throws Exception {
        machine = AuditMachine.take();
    }

    @AfterAll
    static void giveBack() throws Exception {
        if (machine != null) {
            machine.close();
        }
    }

    @Test
    void everythingThatTheOtherTestsUseIsSupported() {
        Map<String, Support> findings = new AuditProbe(Path.of("/proc")).all();

        assertThat(findings)
                .containsOnlyKeys(
                        "privileges",
                        "namespaces",
                        "audit",
                        "audit owner",
                        "audit backlog",
                        "x32 programs",
                        "process connector");
        assertThat(findings).hasEntrySatisfying("audit", f -> assertThat(f).isInstanceOf(Supported.class));
        assertThat(findings)
                .hasEntrySatisfying("process connector", f -> assertThat(f).isInstanceOf(Supported.class));
        assertThat(((Supported) findings.get("audit owner")).detail()).startsWith("nobody");
    }

    @Test
    void ownerIsNamedWithItsPid(@TempDir Path directory) throws Exception {
        try (OwningProcess owner = OwningProcess.start(directory)) {
            Map<String, Support> findings = new AuditProbe(Path.of("/proc")).all();

            assertThat(findings)
                    .hasEntrySatisfying("process connector", f -> assertThat(f).isInstanceOf(Supported.class));
            assertThat(((Supported) findings.get("audit owner")).detail())
                    .startsWith("java pid " + owner.pid() + ": vigilant will listen beside it");
        }
    }
}
