// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vigilant.counter.Counters;
import dev.vigilant.event.IntegrityViolation;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.event.LsmDenial;
import dev.vigilant.event.MacStatus;
import dev.vigilant.pipeline.FileSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records of guards that few machines have, from the logs that ship: the typed events, and the rules that fire. */
class GuardSamplesTest {
    private static final String CONTAINER = "8f4bb6cf8573c1a375992b422a14f48286e26b2d5e0d2f949f1eae5d539c6abf";

    @TempDir
    Path directory;

    @Test
    void selinuxDenialsAndChangesAreTold() throws Exception {
        Path log = sample("selinux.log");

        assertThat(events(LsmDenial.class, log))
                .extracting(LsmDenial::permission, LsmDenial::denied, LsmDenial::targetClass, LsmDenial::path)
                .containsExactly(
                        tuple("read", true, "file", "shadow"),
                        tuple("sys_admin", true, "capability", null),
                        tuple("read write", false, "sock_file", "/run/docker.sock"),
                        tuple("send_msg", true, "dbus", null));
        assertThat(events(MacStatus.class, log))
                .extracting(MacStatus::change)
                .containsExactlyInAnyOrder("SELINUX_ERR", "MAC_POLICY_LOAD", "MAC_CONFIG_CHANGE", "MAC_STATUS");
        assertThat(alerts(log))
                .containsExactlyInAnyOrder(
                        "health-lsm-denial: selinux denied read on shadow",
                        "health-lsm-denial: selinux denied sys_admin on <unknown>",
                        "controls-mac-status: MAC_CONFIG_CHANGE by setsebool",
                        "controls-mac-status: MAC_STATUS by setenforce");
    }

    @Test
    void apparmorDenialsAndChangesAreTold() throws Exception {
        Path log = sample("apparmor.log");

        assertThat(events(LsmDenial.class, log))
                .extracting(LsmDenial::targetClass, LsmDenial::denied, LsmDenial::permission, LsmDenial::path)
                .containsExactlyInAnyOrder(
                        tuple("open", true, "wc", "/proc/sysrq-trigger"),
                        tuple("mount", true, null, "/mnt/"),
                        tuple("ptrace", true, "trace", null),
                        tuple("signal", true, "receive", null),
                        tuple("capable", true, "net_admin", null),
                        tuple("open", false, "r", "/etc/hosts"));
        assertThat(events(MacStatus.class, log))
                .extracting(e -> e.fields().get("operation"))
                .containsExactly("profile_remove");
        assertThat(alerts(log))
                .containsExactlyInAnyOrder(
                        "health-lsm-denial: apparmor denied wc on /proc/sysrq-trigger",
                        "health-lsm-denial: apparmor denied <unknown> on /mnt/",
                        "health-lsm-denial: apparmor denied trace on <unknown>",
                        "health-lsm-denial: apparmor denied receive on <unknown>");
    }

    @Test
    void brokenIntegrityIsTold() throws Exception {
        Path log = sample("integrity.log");

        assertThat(events(IntegrityViolation.class, log))
                .extracting(IntegrityViolation::record, IntegrityViolation::outcome)
                .containsExactlyInAnyOrder(
                        tuple("INTEGRITY_DATA", "failure"),
                        tuple("INTEGRITY_DATA", "failure"),
                        tuple("INTEGRITY_METADATA", "failure"),
                        tuple("INTEGRITY_PCR", "success"),
                        tuple("INTEGRITY_RULE", "unknown"),
                        tuple("INTEGRITY_STATUS", "success"));
        assertThat(alerts(log))
                .containsExactlyInAnyOrder(
                        "health-integrity: INTEGRITY_DATA by bash",
                        "health-integrity: INTEGRITY_DATA by insmod",
                        "health-integrity: INTEGRITY_METADATA by chmod");
    }

    private static Path sample(String name) {
        return Path.of("../src/samples/audit").resolve(name);
    }

    private static <E extends KernelEvent> List<E> events(Class<E> type, Path log) throws Exception {
        List<KernelEvent> events = new ArrayList<>();
        assertThat(new FileSource(List.of(log), events::add, new Counters()).run())
                .isEmpty();
        assertThat(events).allMatch(e -> e.context().complete());
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** Rule and message up to the process's label; a denial is told only of the container's processes. */
    private Stream<String> alerts(Path log) throws Exception {
        Path out = directory.resolve("alerts.json");
        assertThat(Vigilant.commandLine().execute("replay", "--sink", "file:" + out, log.toString()))
                .isZero();
        List<String> alerts = new ArrayList<>();
        for (String line : Files.readAllLines(out)) {
            JsonNode alert = new ObjectMapper().readTree(line);
            String rule = alert.path("rule").path("id").asText();
            if (rule.equals("health-lsm-denial")) {
                assertThat(alert.path("container").path("id").asText()).isEqualTo(CONTAINER);
                assertThat(alert.path("process").path("parent").path("name").asText())
                        .isEqualTo("sh");
            }
            alerts.add(rule + ": " + alert.path("message").asText().replaceAll(" to .*", ""));
        }
        return alerts.stream();
    }
}
