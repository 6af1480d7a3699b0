// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.vigilant.event.EventKind;
import dev.vigilant.jna.NativeFailure;
import dev.vigilant.source.Interest;
import dev.vigilant.syscall.SyscallArguments;
import dev.vigilant.syscall.SyscallTable;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules on this machine's kernel. */
class AuditControlIT {
    private static final String KEY = AuditRules.KEY + "-it";
    private static AuditMachine machine;

    private AuditControl control;

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

    @BeforeEach
    void open() throws Exception {
        control = new AuditControl();
    }

    @AfterEach
    void removeRules() throws Exception {
        for (AuditRule rule : control.rules()) {
            if (String.valueOf(rule.key()).startsWith(AuditRules.KEY)) {
                control.remove(rule);
            }
        }
        control.close();
    }

    @Test
    void kernelListsWhatWasAdded() throws Exception {
        AuditRule rule = rule();

        assertThat(control.add(rule)).isTrue();
        assertThat(control.add(rule)).isFalse();

        assertThat(control.rules()).contains(rule);
        control.remove(rule);
        assertThat(control.rules()).doesNotContain(rule);
    }

    @Test
    void kernelListsTheSameForARuleOfAuditctl() throws Exception {
        assumeTrue(AuditMachine.hasAuditctl(), "auditctl is not installed");
        AuditMachine.run(
                "auditctl", "-a", "always,exit", "-F", "arch=b64", "-S", "userfaultfd", "-F", "a0&3", "-k", KEY);

        assertThat(control.rules()).contains(rule());
    }

    @Test
    void auditctlReadsOurRules() throws Exception {
        assumeTrue(AuditMachine.hasAuditctl(), "auditctl is not installed");
        control.add(rule());

        Process auditctl = new ProcessBuilder("auditctl", "-l").start();
        String output = new String(auditctl.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(output).contains("-a always,exit -F arch=b64 -S userfaultfd -F a0&0x3 -F key=" + KEY);
    }

    @Test
    void kernelTakesTheRulesOfEveryKind() throws Exception {
        List<Interest> all = Arrays.stream(EventKind.values())
                .map(kind -> new Interest(kind, List.of()))
                .toList();
        for (AuditRule rule : AuditRules.of(all, 1 << 20).rules()) {
            control.add(rule);
        }
        assertThat(control.rules()).hasSizeGreaterThan(4);
    }

    @Test
    void kernelTakesEveryFilterThatWeMake() throws Exception {
        Set<AuditRule> rules = new LinkedHashSet<>();
        for (EventKind kind : EventKind.values()) {
            for (SyscallArguments.Entry entry : SyscallArguments.of(kind)) {
                for (String component : entry.places().keySet()) {
                    for (Interest.Comparison comparison : Interest.Comparison.values()) {
                        Interest interest =
                                new Interest(kind, List.of(new Interest.Condition(component, comparison, 2)));
                        rules.addAll(AuditRules.of(List.of(interest), 1 << 20).rules());
                    }
                }
            }
        }
        for (AuditRule rule : rules) {
            assertThat(control.add(rule)).as(rule.toString()).isTrue();
        }
        assertThat(control.rules()).hasSize(rules.size());
    }

    @Test
    void sessionChangesRulesAndLeavesAloneWhatStays(@TempDir Path state) throws Exception {
        AuditRules few = AuditRules.of(List.of(new Interest(EventKind.FILE_MKDIR, List.of())), 1 << 20);
        AuditRules many = AuditRules.of(
                List.of(
                        new Interest(EventKind.FILE_MKDIR, List.of()),
                        new Interest(
                                EventKind.FILE_OPEN,
                                List.of(new Interest.Condition("flags", Interest.Comparison.ANY_BIT, 3)))),
                1 << 20);
        assertThat(many.rules()).hasSizeGreaterThan(few.rules().size());
        try (AuditSession session = AuditSession.begin(control, state)) {
            for (AuditRules wanted : List.of(few, many, few)) {
                assertThat(session.install(wanted)).isEmpty();

                List<AuditRule> held = control.rules();
                // The daemon's own calls are excepted first, whatever came after; the kernel spells "all" out.
                assertThat(held.get(0).toString()).startsWith("never,exit");
                assertThat(held.subList(1, held.size()))
                        .containsExactlyInAnyOrderElementsOf(
                                wanted.rules().subList(1, wanted.rules().size()));
                assertThat(session.ownRules()).isEqualTo(wanted.rules().size());
            }
        }
        assertThat(control.rules()).isEmpty();
    }

    @Test
    void refusalNamesRuleAndErrno() {
        AuditRule nonsense = AuditRule.always(List.of(1), List.of(new AuditRule.Field(99, AuditRule.EQUAL, 0)), KEY);

        assertThatThrownBy(() -> control.add(nonsense))
                .isInstanceOf(NativeFailure.class)
                .hasMessage("audit rule always,exit -S 1 -F field99=0x0 -k " + KEY + ": EINVAL (invalid argument)");
    }

    @Test
    void statusIsWhatAuditctlPrints() throws Exception {
        assumeTrue(AuditMachine.hasAuditctl(), "auditctl is not installed");
        AuditStatus status = control.status();

        Process auditctl = new ProcessBuilder("auditctl", "-s").start();
        String output = new String(auditctl.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(output)
                .contains("enabled " + status.enabled())
                .contains("failure " + status.failure())
                .contains("backlog_limit " + status.backlogLimit())
                .contains("backlog_wait_time " + status.backlogWaitTime() + "\n")
                .contains("backlog_wait_time_actual " + status.backlogWaitTimeActual());
    }

    private static AuditRule rule() {
        return AuditRule.always(
                List.of(323),
                List.of(
                        new AuditRule.Field(AuditRule.FIELD_ARCH, AuditRule.EQUAL, SyscallTable.X86_64),
                        new AuditRule.Field(AuditRule.FIELD_ARG0, AuditRule.ANY_BIT, 3)),
                KEY);
    }
}
