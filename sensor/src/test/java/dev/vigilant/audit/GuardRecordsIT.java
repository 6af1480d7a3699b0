// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.vigilant.counter.Counters;
import dev.vigilant.event.EventKind;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.event.LsmDenial;
import dev.vigilant.event.NetfilterConfig;
import dev.vigilant.event.SeccompAction;
import dev.vigilant.jna.Poller;
import dev.vigilant.source.FileSystems;
import dev.vigilant.source.Interest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What this machine's kernel writes of its own guards: firewall, seccomp, Landlock. Needs root, and a tool for each. */
@Timeout(120)
class GuardRecordsIT {
    private static AuditMachine machine;

    @TempDir
    private Path directory;

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
    void firewallTableThatIsReplacedIsTold() throws Exception {
        needs("/usr/bin/unshare", "/usr/sbin/iptables-legacy");

        NetfilterConfig replaced = provoke(
                NetfilterConfig.class,
                e -> "xt_replace".equals(e.operation()),
                "/usr/bin/unshare",
                "-n",
                "/usr/sbin/iptables-legacy",
                "-P",
                "FORWARD",
                "DROP");

        assertThat(replaced.table()).isEqualTo("filter family=2");
        assertThat(replaced.entries()).isEqualTo(4);
        assertThat(replaced.context().actor().name()).startsWith("iptables");
    }

    @Test
    void firewallChangeOfNftablesIsTold() throws Exception {
        needs("/usr/bin/unshare", "/usr/sbin/iptables-nft");

        NetfilterConfig added = provoke(
                NetfilterConfig.class,
                e -> String.valueOf(e.operation()).startsWith("nft_register_"),
                "/usr/bin/unshare",
                "-n",
                "/usr/sbin/iptables-nft",
                "-A",
                "INPUT",
                "-j",
                "DROP");

        assertThat(added.table()).startsWith("filter:");
        assertThat(added.entries()).isPositive();
        assertThat(added.context().actor().pid()).isPositive();
    }

    @Test
    void syscallThatAFilterKillsForIsTold() throws Exception {
        String program = compile(Path.of("../rules/src/test/scenarios/bin/strict.c"));

        SeccompAction killed = provoke(SeccompAction.class, e -> e.signal() != 0, program);

        assertThat(killed.deniedSyscall()).isEqualTo("getppid");
        assertThat(killed.signal()).isEqualTo(31);
        assertThat(killed.code()).isEqualTo(0x80000000L);
        assertThat(killed.context().actor().executable()).isEqualTo(program);
    }

    @Test
    void accessThatLandlockRefusesIsTold() throws Exception {
        String program = compile(Path.of("src/test/c/landlock.c"));
        int exit = new ProcessBuilder(program).start().waitFor();
        assumeTrue(exit == 0, "no Landlock here");
        assumeTrue(isAtLeast615(System.getProperty("os.version")), "Landlock tells audit from Linux 6.15 on");

        LsmDenial denial = provoke(LsmDenial.class, e -> true, program);

        assertThat(denial.module()).isEqualTo("landlock");
        assertThat(denial.denied()).isTrue();
        assertThat(denial.permission()).isEqualTo("fs.read_file");
        assertThat(denial.path()).isEqualTo("/etc/group");
        assertThat(denial.context().actor().executable()).isEqualTo(program);
    }

    private static boolean isAtLeast615(String release) {
        String[] numbers = release.split("[.-]", 3);
        int major = Integer.parseInt(numbers[0]);
        return major > 6 || (major == 6 && Integer.parseInt(numbers[1]) >= 15);
    }

    /** Runs a command under the sensor and gives the event that it made; how the command ends is its own business. */
    private <E extends KernelEvent> E provoke(Class<E> type, Predicate<E> wanted, String... command) throws Exception {
        Counters counters = new Counters();
        List<E> found = new ArrayList<>();
        AuditDecoder decoder = new AuditDecoder(
                event -> {
                    if (type.isInstance(event) && wanted.test(type.cast(event))) {
                        found.add(type.cast(event));
                    }
                },
                counters,
                FileSystems.NONE,
                AuditDecoder.Options.LIVE);
        try (AuditControl control = new AuditControl();
                AuditSession session = AuditSession.begin(control, directory)) {
            session.enable(8192, false);
            try (NetlinkAuditReader reader = NetlinkAuditReader.owner(control.status(), 1 << 20, counters);
                    Poller poller = new Poller(reader.fd())) {
                // A rule of some kind: without any, the kernel leaves SYSCALL out beside what it tells by itself.
                session.install(AuditRules.of(List.of(new Interest(EventKind.FILE_MKDIR, List.of())), (int)
                        ProcessHandle.current().pid()));
                Process process = new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
                long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
                while (found.isEmpty() && System.nanoTime() < end) {
                    poller.await(200);
                    reader.read(decoder);
                    decoder.flush(System.currentTimeMillis() * 1_000_000L);
                }
                process.waitFor(20, TimeUnit.SECONDS);
            }
        }
        assertThat(found).as(String.join(" ", command)).isNotEmpty();
        return found.get(0);
    }

    private String compile(Path source) throws Exception {
        needs("/usr/bin/gcc", "/usr/include/stdio.h");
        Path program = directory.resolve(source.getFileName().toString().replace(".c", ""));
        AuditMachine.run("gcc", "-o", program.toString(), source.toString());
        return program.toString();
    }

    private static void needs(String... files) {
        for (String file : files) {
            assumeTrue(Files.exists(Path.of(file)), "needs " + file);
        }
    }
}
