// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vigilant.counter.Counter;
import dev.vigilant.counter.Counters;
import dev.vigilant.event.EventKind;
import dev.vigilant.jna.NativeFailure;
import dev.vigilant.jna.Poller;
import dev.vigilant.source.Interest;
import dev.vigilant.syscall.SyscallTable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Records of this machine's kernel, as owner and as listener, and what is left afterwards. */
@Timeout(120)
class NetlinkAuditIT {
    private static final int OWN_PID = (int) ProcessHandle.current().pid();
    private static final int CONFIG_CHANGE = 1305;
    private static AuditMachine machine;

    private final Counters counters = new Counters();
    private final List<String> records = new ArrayList<>();

    @TempDir
    private Path directory;

    private AuditControl control;
    private AuditRule foreign;

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
    void addForeignRule() throws Exception {
        control = new AuditControl();
        foreign = AuditRule.always(
                List.of(323),
                List.of(new AuditRule.Field(AuditRule.FIELD_ARCH, AuditRule.EQUAL, SyscallTable.X86_64)),
                "somebody-else");
        control.add(foreign);
    }

    @AfterEach
    void removeForeignRule() throws Exception {
        control.remove(foreign);
        control.close();
    }

    @Test
    void ownerGetsRecordsAndLeavesAuditAsItWas() throws Exception {
        AuditStatus before = control.status();
        AuditSession session = AuditSession.begin(control, directory);
        session.enable(8192, false);
        NetlinkAuditReader reader = NetlinkAuditReader.owner(control.status(), 1 << 20, counters);
        assertThat(session.install(rules())).isEmpty();

        assertThat(control.status().pid()).isEqualTo(OWN_PID);
        assertThat(control.status().backlogLimit()).isEqualTo(8192);
        assertThat(control.status().backlogWaitTime()).isZero();
        assertThat(session.ownRules()).isEqualTo(rules().rules().size());
        String name = "vigilant-it-" + System.nanoTime();
        AuditMachine.run("mkdir", directory.resolve(name).toString());
        readUntil(reader, line -> line.startsWith("1302 audit(") && line.contains(name));
        assertThat(records).anyMatch(line -> line.startsWith("1300 audit(") && line.contains("comm=\"mkdir\""));
        assertThat(records).allMatch(line -> line.contains(" audit(") && !line.endsWith("\n"));

        reader.close();
        session.close();
        session.close();
        assertThat(settings(control.status())).isEqualTo(settings(before));
        assertThat(control.rules()).containsExactly(foreign);
        assertThat(Files.list(directory).map(p -> p.getFileName().toString()))
                .containsExactlyInAnyOrder("audit.lock", name);
    }

    @Test
    void ownActivityIsNotRecorded() throws Exception {
        try (AuditSession session = AuditSession.begin(control, directory)) {
            session.enable(8192, false);
            try (NetlinkAuditReader reader = NetlinkAuditReader.owner(control.status(), 1 << 20, counters)) {
                session.install(rules());
                Files.createDirectory(directory.resolve("own"));
                AuditMachine.run("mkdir", directory.resolve("other").toString());
                readUntil(reader, line -> line.contains("/other\""));
            }
        }
        assertThat(records).noneMatch(line -> line.contains("/own\""));
    }

    @Test
    void secondOwnerIsRefusedAndListensInstead() throws Exception {
        try (OwningProcess owner = OwningProcess.start(directory.resolve("theirs"))) {
            AuditStatus theirs = control.status();
            assertThat(theirs.pid()).isEqualTo(owner.pid());
            assertThatThrownBy(() -> NetlinkAuditReader.owner(theirs, 1 << 16, counters))
                    .isInstanceOf(NativeFailure.class)
                    .hasMessageEndingWith("EEXIST (exists already)");

            String name = "vigilant-it-" + System.nanoTime();
            try (NetlinkAuditReader listener = NetlinkAuditReader.listener(1 << 20, counters)) {
                AuditMachine.run("mkdir", directory.resolve(name).toString());
                readUntil(listener, line -> line.startsWith("1302 audit(") && line.contains(name));
            }
            assertThat(settings(control.status())).isEqualTo(settings(theirs));
        }
        assertThat(control.status().pid()).isZero();
        assertThat(control.rules()).containsExactly(foreign);
    }

    @Test
    void listenerSwitchesAuditOnAndOffAgain() throws Exception {
        AuditStatus before = control.status();
        String name = "vigilant-it-" + System.nanoTime();
        try (NetlinkAuditReader listener = NetlinkAuditReader.listener(1 << 20, counters);
                AuditSession session = AuditSession.begin(control, directory)) {
            session.enableOnly();
            session.install(rules());
            AuditMachine.run("mkdir", directory.resolve(name).toString());
            readUntil(listener, line -> line.contains(name));
            assertThat(control.status().pid()).isZero();
            assertThat(control.status().backlogLimit()).isEqualTo(before.backlogLimit());
        }
        assertThat(settings(control.status())).isEqualTo(settings(before));
    }

    @Test
    void killedDaemonLeavesNothingAfterTheNextStart() throws Exception {
        AuditStatus before = control.status();
        OwningProcess killed = OwningProcess.start(directory);
        assertThat(control.status().pid()).isEqualTo(killed.pid());
        killed.kill();
        assertThat(control.rules()).hasSizeGreaterThan(1);
        assertThat(control.status().backlogLimit()).isEqualTo(4321);

        try (AuditSession session = AuditSession.begin(control, directory)) {
            assertThat(settings(session.original())).isEqualTo(settings(before));
            assertThat(session.original().pid()).isZero();
            assertThat(control.rules()).containsExactly(foreign);
        }
        assertThat(settings(control.status())).isEqualTo(settings(before));
    }

    @Test
    void settingThatSomebodyChangedAfterTheCrashIsKept() throws Exception {
        AuditStatus before = control.status();
        OwningProcess killed = OwningProcess.start(directory);
        killed.kill();
        control.set(before.with(1, 0, 777, 0), AuditStatus.MASK_BACKLOG_LIMIT);

        try (AuditSession session = AuditSession.begin(control, directory)) {
            assertThat(session.original().backlogLimit()).isEqualTo(777);
            assertThat(session.original().enabled()).isEqualTo(before.enabled());
        } finally {
            control.set(before, AuditStatus.MASK_BACKLOG_LIMIT);
        }
    }

    @Test
    void stateOfAnEarlierBootIsIgnored() throws Exception {
        AuditStatus before = control.status();
        OwningProcess killed = OwningProcess.start(directory);
        killed.kill();
        Path file = directory.resolve("audit-state.json");
        Files.writeString(file, Files.readString(file).replaceFirst("\"bootId\":\"[^\"]*", "\"bootId\":\"other"));

        try (AuditSession session = AuditSession.begin(control, directory)) {
            assertThat(session.original().backlogLimit()).isEqualTo(4321);
            assertThat(control.rules()).containsExactly(foreign);
        } finally {
            control.set(
                    before,
                    AuditStatus.MASK_BACKLOG_LIMIT | AuditStatus.MASK_ENABLED | AuditStatus.MASK_BACKLOG_WAIT_TIME);
        }
    }

    @Test
    void tornStateFileIsIgnoredAndRulesGoAllTheSame() throws Exception {
        AuditStatus before = control.status();
        OwningProcess.start(directory).kill();
        Files.writeString(directory.resolve("audit-state.json"), "{\"pid\":");

        try (AuditSession session = AuditSession.begin(control, directory)) {
            assertThat(session.original().pid()).isZero();
            assertThat(control.rules()).containsExactly(foreign);
        } finally {
            control.set(
                    before,
                    AuditStatus.MASK_BACKLOG_LIMIT | AuditStatus.MASK_ENABLED | AuditStatus.MASK_BACKLOG_WAIT_TIME);
        }
    }

    @Test
    void secondDaemonIsRefusedWithTheReason() throws Exception {
        try (OwningProcess owner = OwningProcess.start(directory)) {
            assertThat(owner.pid()).isPositive();
            assertThatThrownBy(() -> AuditSession.begin(control, directory))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("another vigilant runs on this node");
        }
    }

    @Test
    void controlMessagesAreCountedAndAreNoFrames() throws Exception {
        try (AuditSession session = AuditSession.begin(control, directory)) {
            session.enable(8192, false);
            try (NetlinkAuditReader reader = NetlinkAuditReader.owner(control.status(), 1 << 20, counters)) {
                // Somebody who tries to become owner makes the kernel ask us whether we live (AUDIT_REPLACE).
                assertThatThrownBy(() -> OwningProcess.start(directory.resolve("theirs")))
                        .isInstanceOf(IOException.class);
                control.add(foreign);
                readUntil(reader, line -> line.startsWith(CONFIG_CHANGE + " "));
                assertThat(control.status().pid()).isEqualTo(OWN_PID);
            }
        }
        assertThat(counters.get(Counter.CONTROL_MESSAGES)).isPositive();
        assertThat(records).allMatch(line -> line.contains(" audit("));
    }

    private void readUntil(NetlinkAuditReader reader, Predicate<String> found) throws Exception {
        try (Poller poller = new Poller(reader.fd())) {
            while (records.stream().noneMatch(found)) {
                poller.await(1000);
                reader.read((channel, type, buffer, offset, length, time) ->
                        records.add(type + " " + new String(buffer, offset, length, StandardCharsets.UTF_8)));
            }
        }
    }

    private static AuditRules rules() {
        return AuditRules.of(List.of(new Interest(EventKind.FILE_MKDIR, List.of())), OWN_PID);
    }

    private static List<Integer> settings(AuditStatus status) {
        return List.of(
                status.enabled(),
                status.failure(),
                status.pid(),
                status.rateLimit(),
                status.backlogLimit(),
                status.backlogWaitTime());
    }
}
