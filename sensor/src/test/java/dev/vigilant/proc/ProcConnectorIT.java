// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.proc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.vigilant.audit.AuditProbe;
import dev.vigilant.counter.Counter;
import dev.vigilant.counter.Counters;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.event.ProcessExec;
import dev.vigilant.event.ProcessExit;
import dev.vigilant.event.ProcessFork;
import dev.vigilant.event.ProcessRename;
import dev.vigilant.jna.Poller;
import dev.vigilant.source.Support.Supported;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** This machine's process connector. */
@Timeout(60)
class ProcConnectorIT {
    private static final long WAIT_NANOS = 30_000_000_000L;

    private final Counters counters = new Counters();
    private final List<KernelEvent> events = new ArrayList<>();

    @Test
    void tellsForkExecAndExitOfAChild() throws Exception {
        try (ProcConnectorReader reader = open(1 << 20)) {
            int pid = start("exit 3");
            ProcessExit exit = readUntilExitOf(pid, reader);

            List<KernelEvent> ofChild = events.stream()
                    .filter(e -> pid(e) == pid || (e instanceof ProcessFork f && f.childPid() == pid))
                    .toList();
            assertThat(ofChild.get(0)).isInstanceOf(ProcessFork.class);
            assertThat(ofChild).hasAtLeastOneElementOfType(ProcessExec.class);
            assertThat(exit.exitCode()).isEqualTo(3);
            assertThat(exit.signal()).isZero();
            Instant told = Instant.ofEpochSecond(0, exit.context().timeNanos());
            assertThat(Duration.between(told, Instant.now()).abs()).isLessThan(Duration.ofSeconds(60));
        }
        assertThat(counters.get(Counter.LOST_PROC_EVENTS)).isZero();
    }

    @Test
    void tellsTheSignalThatEndedAChild() throws Exception {
        try (ProcConnectorReader reader = open(1 << 20)) {
            ProcessExit exit = readUntilExitOf(start("kill -9 $$"), reader);

            assertThat(exit.exitCode()).isZero();
            assertThat(exit.signal()).isEqualTo(9);
        }
    }

    @Test
    void tellsThatAProcessNamedItselfAnew() throws Exception {
        try (ProcConnectorReader reader = open(1 << 20)) {
            int pid = start("printf renamed > /proc/$$/comm");
            readUntilExitOf(pid, reader);

            assertThat(events)
                    .filteredOn(e -> e instanceof ProcessRename && pid(e) == pid)
                    .extracting(e -> ((ProcessRename) e).name())
                    .containsExactly("renamed");
        }
    }

    @Test
    void threadsAreNoProcesses() throws Exception {
        try (ProcConnectorReader reader = open(1 << 20)) {
            int own = (int) ProcessHandle.current().pid();
            Thread thread = new Thread(() -> {});
            thread.start();
            thread.join();
            readUntilExitOf(start("exit 0"), reader);

            assertThat(events).noneMatch(e -> e instanceof ProcessExit && pid(e) == own);
            assertThat(events)
                    .filteredOn(e -> e instanceof ProcessFork && pid(e) == own)
                    .allMatch(e -> ((ProcessFork) e).childPid() != own);
        }
    }

    @Test
    void overrunIsCountedAndReadingGoesOn() throws Exception {
        try (ProcConnectorReader reader = open(1)) {
            new ProcessBuilder("sh", "-c", "for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do (:); done")
                    .start()
                    .waitFor();
            ProcEventDecoder decoder = new ProcEventDecoder(events::add, counters);
            // The overrun is told once, before or after what the buffer still held.
            for (int i = 0; i < 100 && counters.get(Counter.LOST_RECEIVE_OVERRUN) == 0; i++) {
                reader.read(decoder);
            }
            while (reader.read(decoder) > 0) {
                // Empties the buffer, so that the next child's events find room.
            }
            assertThat(counters.get(Counter.LOST_RECEIVE_OVERRUN)).isPositive();

            int known = events.size();
            // Whose events get through such a buffer depends on what else the machine does: no event is waited for.
            for (int i = 0; i < 200 && counters.get(Counter.LOST_PROC_EVENTS) == 0; i++) {
                new ProcessBuilder("sh", "-c", "exit 0").start().waitFor();
                while (reader.read(decoder) > 0) {
                    // Empties the buffer.
                }
            }
            assertThat(events).hasSizeGreaterThan(known);
            assertThat(counters.get(Counter.LOST_PROC_EVENTS)).isPositive();
        }
    }

    /** Skipped only where the kernel has no connector or lets nobody listen; where it does, opening it works. */
    private ProcConnectorReader open(int receiveBuffer) throws Exception {
        Path families = Path.of("/proc/net/connector");
        assumeTrue(
                Files.isReadable(families) && Files.readString(families).contains("cn_proc"),
                "the kernel has no process connector");
        AuditProbe probe = new AuditProbe(Path.of("/proc"));
        assumeTrue(
                probe.privileges() instanceof Supported,
                () -> probe.privileges().toString());
        assumeTrue(
                probe.namespaces() instanceof Supported,
                () -> probe.namespaces().toString());
        return new ProcConnectorReader(receiveBuffer, counters);
    }

    private static int start(String script) throws Exception {
        return (int) new ProcessBuilder("sh", "-c", script).start().pid();
    }

    private ProcessExit readUntilExitOf(int pid, ProcConnectorReader reader) throws Exception {
        List<ProcessExit> exits = new ArrayList<>();
        ProcEventDecoder decoder = new ProcEventDecoder(
                event -> {
                    if (exits.isEmpty()) {
                        events.add(event);
                    }
                    if (event instanceof ProcessExit exit && pid(exit) == pid) {
                        exits.add(exit);
                    }
                },
                counters);
        try (Poller poller = new Poller(reader.fd())) {
            long deadline = System.nanoTime() + WAIT_NANOS;
            while (exits.isEmpty()) {
                assertThat(System.nanoTime()).as("exit of " + pid + " is told").isLessThan(deadline);
                poller.await(1000);
                reader.read(decoder);
            }
        }
        return exits.get(0);
    }

    private static int pid(KernelEvent event) {
        return event.context().actor().pid();
    }
}
