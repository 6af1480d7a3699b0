// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules;

import static dev.vigilant.rules.Events.CONTAINER;
import static dev.vigilant.rules.Events.START;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.vigilant.counter.Counters;
import dev.vigilant.event.AuditConfig;
import dev.vigilant.event.Container;
import dev.vigilant.event.Context;
import dev.vigilant.event.FileOpen;
import dev.vigilant.event.IntegrityViolation;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.event.KernelModule;
import dev.vigilant.event.KexecLoad;
import dev.vigilant.event.LsmDenial;
import dev.vigilant.event.MacStatus;
import dev.vigilant.event.NetfilterConfig;
import dev.vigilant.event.NetworkConnect;
import dev.vigilant.event.Outcome;
import dev.vigilant.event.SensorHealth;
import dev.vigilant.event.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Rules that no harmless script fires on any machine: each by an event that it wants and a neighbour that it does not. */
class UnplayableRulesTest {
    private static final RuleSet BUILT_IN = RuleLoader.builtIn();
    private static final Container HOST_NETWORK = new Container(
            CONTAINER.id(),
            "docker",
            true,
            "net",
            "shop/net:1",
            null,
            100,
            false,
            List.of("net"),
            List.of(),
            Map.of(),
            null);

    static Stream<Arguments> rules() {
        return Stream.of(
                arguments(
                        "controls-audit-off",
                        new AuditConfig(at(null), "set", "audit_enabled", 0, 1, null),
                        new AuditConfig(at(null), "set", "audit_enabled", 1, 0, null)),
                arguments(
                        "controls-mac-status",
                        new MacStatus(at(null), "MAC_STATUS", Map.of("enforcing", "0")),
                        new MacStatus(at(null), "MAC_POLICY_LOAD", Map.of())),
                arguments(
                        "controls-sensor",
                        new SensorHealth(at(null), "rules_removed", 3, "find out who"),
                        new SensorHealth(at(null), "proc_gone", 3, "normal")),
                arguments(
                        "evasion-firewall-container",
                        new NetfilterConfig(at(CONTAINER), "filter", "replace", 4),
                        new NetfilterConfig(at(null), "filter", "replace", 4)),
                arguments(
                        "evasion-firewall-node",
                        new NetfilterConfig(at(HOST_NETWORK), "filter", "replace", 4),
                        new NetfilterConfig(at(CONTAINER), "filter", "replace", 4)),
                arguments("exec-miner-pool", connect("203.0.113.9", 3333), connect("10.1.2.3", 3333)),
                arguments("health-integrity", integrity(Outcome.FAILURE), integrity(Outcome.SUCCESS)),
                arguments(
                        "health-loss",
                        new SensorHealth(at(null), "lost_in_kernel", 9, "raise the limit"),
                        new SensorHealth(at(null), "audit_disabled", 1, "find out who")),
                arguments("health-lsm-denial", denial(true), denial(false)),
                arguments(
                        "host-kexec",
                        new KexecLoad(at(null), "kexec_load"),
                        new KexecLoad(at(CONTAINER), "kexec_load")),
                arguments("host-log-clear", truncation("/var/log/auth.log"), truncation("/srv/app/app.log")),
                arguments(
                        "host-module-load",
                        new KernelModule(at(null), "finit_module", "rootkit"),
                        new KernelModule(at(null), "delete_module", "dummy")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    void firesOnWhatItWantsAndNotOnItsNeighbour(String rule, KernelEvent wanted, KernelEvent neighbour) {
        assertThat(fired(wanted)).contains(rule);
        assertThat(fired(neighbour)).doesNotContain(rule);
    }

    @Test
    void coversEveryRuleThatHasNoScenario() {
        assertThat(rules().map(a -> (String) a.get()[0]).toList())
                .containsExactlyInAnyOrderElementsOf(PackTest.WITHOUT_SCENARIO);
    }

    private static List<String> fired(KernelEvent event) {
        List<String> ids = new ArrayList<>();
        try (RuleSession session = new RuleSession(BUILT_IN, (rule, evidence) -> ids.add(rule.id()), new Counters())) {
            session.offer(event);
        }
        return ids;
    }

    private static Context at(Container container) {
        return Events.context(START, Events.process(500, "sh", null, "sh"), container);
    }

    private static KernelEvent connect(String ip, int port) {
        return new NetworkConnect(at(CONTAINER), 3, new SocketAddress(SocketAddress.AF_INET, ip, port, null, null));
    }

    private static KernelEvent integrity(Outcome outcome) {
        Context from = at(null);
        Context context =
                new Context(from.timeNanos(), from.origin(), 7, from.actor(), null, "", 0, outcome, true, null);
        return new IntegrityViolation(context, "INTEGRITY_DATA", Map.of("cause", "invalid-hash"));
    }

    private static KernelEvent denial(boolean denied) {
        return new LsmDenial(at(CONTAINER), "selinux", denied, "write", "container_t", "etc_t", "file", "/etc/passwd");
    }

    private static KernelEvent truncation(String path) {
        FileOpen open = Events.open(START, Events.process(500, "sh", null, "sh"), null, path, 0x201);
        return open;
    }
}
