// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vigilant.event.EventKind;
import dev.vigilant.source.Interest;
import dev.vigilant.source.Interest.Comparison;
import dev.vigilant.source.Interest.Condition;
import dev.vigilant.syscall.SyscallTable;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AuditRulesTest {
    private static final String EXEC = "always,exit -S execve,execveat -F arch=0xc000003e -k vigilant";

    @Test
    void execIsAlwaysRecordedAndTheDaemonNever() {
        assertThat(x86()).containsExactly("never,exit -S all -F pid=42 -k vigilant", EXEC);
    }

    @Test
    void eachArchitectureOfTheHostHasItsRules() {
        List<AuditRule> rules = AuditRules.of(List.of(), 42, List.of(SyscallTable.X86_64, SyscallTable.I386))
                .rules();

        assertThat(rules)
                .hasToString("[never,exit -S all -F pid=42 -k vigilant,"
                        + " always,exit -S 59,322 -F arch=0xc000003e -k vigilant,"
                        + " always,exit -S 11,358 -F arch=0x40000003 -k vigilant]");
    }

    @Test
    void flagsOfOpenAreFilteredWhereTheyAreArguments() {
        assertThat(others(interest(EventKind.FILE_OPEN, "flags", Comparison.ANY_BIT, 3)))
                .containsExactlyInAnyOrder(
                        rule("open", "a1&0x3"),
                        rule("openat,open_by_handle_at", "a2&0x3"),
                        EXEC.replace("execve,", "execve,creat,").replace("execveat", "execveat,openat2"));
    }

    @Test
    void bitsOfSeveralInterestsBecomeOneTest() {
        assertThat(others(
                        interest(EventKind.FILE_CHMOD, "mode", Comparison.ANY_BIT, 0x800),
                        interest(EventKind.FILE_CHMOD, "mode", Comparison.ANY_BIT, 0x400)))
                .containsExactlyInAnyOrder(
                        EXEC, rule("chmod,fchmod", "a1&0xc00"), rule("fchmodat,fchmodat2", "a2&0xc00"));
    }

    @Test
    void unconditionalInterestSwallowsTheOthers() {
        assertThat(others(
                        interest(EventKind.FD_DUPLICATE, "newFd", Comparison.LESS_OR_EQUAL, 2),
                        new Interest(EventKind.FD_DUPLICATE, List.of())))
                .containsExactly("always,exit -S dup2,execve,dup3,execveat -F arch=0xc000003e -k vigilant");
    }

    @Test
    void narrowerAlternativeIsDropped() {
        Condition family = new Condition("address.family", Comparison.EQUAL, 1);
        Condition fd = new Condition("fd", Comparison.EQUAL, 3);

        assertThat(others(
                        new Interest(EventKind.NETWORK_CONNECT, List.of(family, fd)),
                        new Interest(EventKind.NETWORK_CONNECT, List.of(family))))
                .containsExactlyInAnyOrder(EXEC, rule("connect", "saddr_fam=0x1"));
    }

    @Test
    void alternativesThatDifferInMoreThanBitsStayApart() {
        assertThat(others(
                        interest(EventKind.NETWORK_SOCKET, "family", Comparison.EQUAL, 17),
                        interest(EventKind.NETWORK_SOCKET, "family", Comparison.EQUAL, 40)))
                .containsExactlyInAnyOrder(EXEC, rule("socket", "a0=0x11"), rule("socket", "a0=0x28"));
    }

    @Test
    void cloneIsNeverRecordedWithoutANamespaceFlag() {
        assertThat(others(new Interest(EventKind.NAMESPACE_CHANGE, List.of())))
                .containsExactlyInAnyOrder(
                        rule("clone", "a0&0x7e020000"), EXEC.replace("execve,", "execve,unshare,setns,"));
        assertThat(others(interest(EventKind.NAMESPACE_CHANGE, "flags", Comparison.ANY_BIT, 0x20000)))
                .containsExactlyInAnyOrder(
                        rule("clone,unshare", "a0&0x20000"), EXEC.replace("execve,", "execve,setns,"));
    }

    @Test
    void conditionThatTheKernelWouldJudgeOtherwiseIsLeftOut() {
        // Negative bounds (the kernel compares unsigned), components that hold only some bits of the argument.
        assertThat(others(interest(EventKind.FD_DUPLICATE, "newFd", Comparison.GREATER, -1)))
                .containsExactly("always,exit -S dup2,execve,dup3,execveat -F arch=0xc000003e -k vigilant");
        assertThat(others(interest(EventKind.FILE_MKNOD, "mode", Comparison.EQUAL, 0x6000)))
                .containsExactly("always,exit -S execve,mknod,mknodat,execveat -F arch=0xc000003e -k vigilant");
        assertThat(others(interest(EventKind.CREDENTIAL_CHANGE, "targetId", Comparison.LESS, 1000)))
                .hasSize(1);
        assertThat(others(interest(EventKind.NETWORK_CONNECT, "address.family", Comparison.EQUAL, 4000)))
                .hasSize(1);
        assertThat(others(interest(EventKind.NETWORK_CONNECT, "address.family", Comparison.ANY_BIT, 1)))
                .hasSize(1);
        assertThat(others(interest(EventKind.NETWORK_CONNECT, "address.port", Comparison.EQUAL, 22)))
                .hasSize(1);
        assertThat(others(interest(EventKind.FILE_OPEN, "flags", Comparison.ANY_BIT, 1L << 40)))
                .hasSize(1);
    }

    @Test
    void sixteenBitIdsOfI386AreNotFiltered() {
        List<String> rules = texts(
                SyscallTable.I386, List.of(interest(EventKind.CREDENTIAL_CHANGE, "targetId", Comparison.EQUAL, 0)));

        assertThat(rules).anyMatch(r -> r.contains("setuid32") && r.contains("a0=0x0"));
        assertThat(rules).filteredOn(r -> !r.contains("a0=")).anyMatch(r -> r.contains("setuid,"));
    }

    @Test
    void socketsOfOldProgramsAreSensedBehindSocketcall() {
        assertThat(texts(
                        SyscallTable.I386,
                        List.of(interest(EventKind.NETWORK_CONNECT, "address.family", Comparison.EQUAL, 1))))
                .contains(
                        "always,exit -S connect -F arch=0x40000003 -F saddr_fam=0x1 -k vigilant",
                        "always,exit -S socketcall -F arch=0x40000003 -F a0=0x3 -F saddr_fam=0x1 -k vigilant");
    }

    @Test
    void syscallsWithoutAnEventOfTheirOwnAreSensedByName() {
        Interest interest = new Interest(EventKind.SYSTEM_CALL, List.of(), List.of("userfaultfd", "no_such_call"));

        assertThat(others(interest)).containsExactly(EXEC.replace("execveat", "execveat,userfaultfd"));
        AuditRules any = AuditRules.of(List.of(new Interest(EventKind.SYSTEM_CALL, List.of())), 42);
        assertThat(any.blindSpots()).anyMatch(s -> s.startsWith("SystemCall without a name"));
    }

    @Test
    void bareArgumentsAreFilteredWhereTheLowerHalfDecides() {
        Condition request = new Condition("a1", Comparison.EQUAL, 0x5412);
        Condition pointer = new Condition("a2", Comparison.NOT_EQUAL, 0);

        assertThat(others(new Interest(EventKind.SYSTEM_CALL, List.of(request, pointer), List.of("ioctl"))))
                .containsExactlyInAnyOrder(EXEC, rule("ioctl", "a1=0x5412"));
    }

    @Test
    void kindsOfOtherRecordsNeedNoRule() {
        for (EventKind kind : List.of(
                EventKind.PROCESS_FORK,
                EventKind.PROCESS_EXIT,
                EventKind.LSM_DENIAL,
                EventKind.USER_RECORD,
                EventKind.AUDIT_CONFIG,
                EventKind.SENSOR_HEALTH,
                EventKind.SECCOMP_ACTION,
                EventKind.NETFILTER_CONFIG)) {
            assertThat(others(new Interest(kind, List.of()))).as(kind.name()).containsExactly(EXEC);
        }
    }

    @Test
    void tellsWhatAuditCannotGive() {
        List<Interest> interests = List.of(
                new Interest(EventKind.NAMESPACE_CHANGE, List.of()),
                new Interest(EventKind.CAPABILITY_USE, List.of()),
                new Interest(EventKind.FILE_OPEN, List.of()),
                new Interest(EventKind.FILE_RENAME, List.of()),
                new Interest(EventKind.IO_URING_OPERATION, List.of()));

        assertThat(AuditRules.of(interests, 42, List.of(SyscallTable.X86_64)).blindSpots())
                .hasSize(4)
                .doesNotHaveDuplicates();
    }

    @Test
    void everyKindWithEveryComparisonGivesRules() {
        for (EventKind kind : EventKind.values()) {
            List<Interest> interests = new ArrayList<>();
            for (Comparison comparison : Comparison.values()) {
                for (String component : List.of("flags", "mode", "newFd", "address.family", "targetId", "uid")) {
                    interests.add(interest(kind, component, comparison, 1));
                }
            }
            assertThat(AuditRules.of(interests, 42).rules()).isNotEmpty();
        }
    }

    private static Interest interest(EventKind kind, String component, Comparison comparison, long value) {
        return new Interest(kind, List.of(new Condition(component, comparison, value)));
    }

    private static String rule(String syscalls, String filter) {
        return "always,exit -S " + syscalls + " -F arch=0xc000003e -F " + filter + " -k vigilant";
    }

    private static List<String> x86(Interest... interests) {
        return texts(SyscallTable.X86_64, List.of(interests));
    }

    private static List<String> others(Interest... interests) {
        List<String> rules = x86(interests);
        return rules.subList(1, rules.size());
    }

    /** The rules with names for syscalls. */
    private static List<String> texts(int arch, List<Interest> interests) {
        List<String> texts = new ArrayList<>();
        for (AuditRule rule : AuditRules.of(interests, 42, List.of(arch)).rules()) {
            String text = rule.toString();
            if (!text.contains("-S all")) {
                List<String> names = rule.syscalls().stream()
                        .map(number -> SyscallTable.name(arch, number))
                        .toList();
                text = text.replaceFirst("-S [0-9,]+", "-S " + String.join(",", names));
            }
            texts.add(text);
        }
        return texts;
    }
}
