// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vigilant.source.Support.Supported;
import dev.vigilant.source.Support.Unavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditProbeTest {
    @TempDir
    private Path proc;

    private AuditProbe probe;

    @BeforeEach
    void makeHost() throws IOException {
        probe = new AuditProbe(proc);
        write("self/status", "Name:\tjava\nCapEff:\t000001ffffffffff\n");
        write("self/uid_map", "         0          0 4294967295\n");
        write("2/comm", "kthreadd\n");
    }

    @Test
    void rootOnTheHostHasAll() {
        assertThat(probe.privileges()).isInstanceOf(Supported.class);
        assertThat(probe.namespaces()).isInstanceOf(Supported.class);
    }

    @Test
    void missingCapabilitiesAreNamed() throws IOException {
        write("self/status", "CapEff:\t0000002040000000\n");
        assertThat(probe.privileges())
                .isEqualTo(new Unavailable(
                        "missing CAP_NET_ADMIN", "run as root, or in a container with --cap-add of each"));

        write("self/status", "CapEff:\t?\n");
        assertThat(((Unavailable) probe.privileges()).reason())
                .isEqualTo("missing CAP_AUDIT_CONTROL, CAP_AUDIT_READ, CAP_NET_ADMIN");
    }

    @Test
    void userNamespaceIsRecognised() throws IOException {
        write("self/uid_map", "         0       1000          1\n");

        assertThat(((Unavailable) probe.namespaces()).reason()).startsWith("in a user namespace");
    }

    @Test
    void pidNamespaceIsRecognised() throws IOException {
        write("2/comm", "sh\n");
        assertThat(((Unavailable) probe.namespaces()).remedy()).contains("--pid=host");

        Files.delete(proc.resolve("2/comm"));
        assertThat(probe.namespaces()).isInstanceOf(Unavailable.class);
    }

    @Test
    void programsThatHideFromRulesAreNamedWithARemedy() {
        assertThat(AuditProbe.x32(true)).isInstanceOf(Unavailable.class);
        assertThat(AuditProbe.x32(false)).isInstanceOf(Supported.class);
    }

    private void write(String file, String content) throws IOException {
        Path path = proc.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, content);
    }
}
