// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.proc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vigilant.counter.Counter;
import dev.vigilant.counter.Counters;
import dev.vigilant.event.Capabilities;
import dev.vigilant.event.Credentials;
import dev.vigilant.event.ProcFacts;
import dev.vigilant.source.EnvironmentDemand;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a directory that looks like /proc. */
class ProcfsTest {
    private static final String STATUS = "Name:\tsh\nUmask:\t0022\nState:\tS (sleeping)\nTgid:\t200\n"
            + "Uid:\t1000\t0\t1001\t1002\nGid:\t100\t101\t102\t103\nFDSize:\t64\n"
            + "CapInh:\t0000000000000000\nCapPrm:\t000001ffffffffff\nCapEff:\t0000000000202000\nCapBnd:\t000001ffffffffff\n";

    private final Counters counters = new Counters();

    @TempDir
    private Path proc;

    @BeforeEach
    void makeInit() throws IOException {
        write("uptime", "1000.00 5000.00\n");
        write("1/stat", stat(1, "systemd", 0, 5));
        link("1/ns/mnt", "mnt:[4026531841]");
    }

    @Test
    void readsEveryFileOfAProcess() throws IOException {
        write("200/stat", stat(200, "sh", 7, 100));
        write("200/cgroup", "0::/docker/abc\n");
        write("200/cmdline", "sh\0-c\0echo a b\0");
        write("200/status", STATUS);
        write("200/loginuid", "1000");
        link("200/exe", "/opt/program");
        link("200/cwd", "/srv/work");
        link("200/ns/mnt", "mnt:[4026532500]");
        link("200/fd/0", "socket:[123]");

        ProcFacts facts = new Procfs(proc, counters).snapshot(200);

        assertThat(facts.pid()).isEqualTo(200);
        assertThat(facts.ppid()).isEqualTo(7);
        assertThat(facts.name()).isEqualTo("sh");
        assertThat(facts.executable()).isEqualTo("/opt/program");
        assertThat(facts.deleted()).isFalse();
        assertThat(facts.args()).containsExactly("sh", "-c", "echo a b");
        assertThat(facts.workingDirectory()).isEqualTo("/srv/work");
        assertThat(facts.credentials()).isEqualTo(new Credentials(1000, 1000, 100, 0, 1001, 1002, 101, 102, 103));
        assertThat(facts.cgroup()).isEqualTo("0::/docker/abc\n");
        assertThat(facts.capabilities()).isEqualTo(new Capabilities(0x202000, 0x1ffffffffffL));
        assertThat(facts.hostMountNamespace()).isFalse();
        assertThat(facts.stdin()).isEqualTo("socket:[123]");
        assertThat(facts.startNanos()).isPositive();
    }

    @Test
    void readsOfAnEnvironmentWhatIsAskedFor() throws IOException {
        write("200/stat", stat(200, "sh", 7, 100));
        write("200/environ", "TOKEN=s3cret\0LD_PRELOAD=/x.so\0" + "P=".repeat(100_000) + "\0Http_Proxy=p\0=\0");
        Procfs procfs = new Procfs(proc, counters);

        assertThat(procfs.snapshot(200).environment()).isEmpty();

        procfs.want(new EnvironmentDemand(false, Set.of("LD_PRELOAD"), Set.of("http_proxy")));
        assertThat(procfs.snapshot(200).environment()).isEqualTo(Map.of("LD_PRELOAD", "/x.so", "Http_Proxy", "p"));
    }

    @Test
    void readsTheProcessGroup() throws IOException {
        write("200/stat", stat(200, "a b) c", 7, 100));

        assertThat(new Procfs(proc, counters).snapshot(200).processGroup()).isEqualTo(1);
    }

    @Test
    void startTimesDifferByTheTicksBetweenThem() throws IOException {
        write("200/stat", stat(200, "a", 1, 100));
        write("201/stat", stat(201, "b", 1, 350));
        Procfs procfs = new Procfs(proc, counters);

        assertThat(procfs.snapshot(201).startNanos() - procfs.snapshot(200).startNanos())
                .isEqualTo(2_500_000_000L);
    }

    @Test
    void processThatIsGoneIsCounted() {
        assertThat(new Procfs(proc, counters).snapshot(4711)).isNull();
        assertThat(counters.get(Counter.PROC_GONE)).isEqualTo(1);
    }

    @Test
    void processThatGoesWhileItIsReadKeepsWhatWasRead() throws IOException {
        write("200/stat", stat(200, "sh", 7, 100));

        ProcFacts facts = new Procfs(proc, counters).snapshot(200);

        assertThat(facts.name()).isEqualTo("sh");
        assertThat(facts.executable()).isNull();
        assertThat(facts.args()).isEmpty();
        assertThat(facts.cgroup()).isNull();
        assertThat(facts.hostMountNamespace()).isNull();
        assertThat(facts.credentials()).isEqualTo(Credentials.UNKNOWN);
        assertThat(facts.capabilities()).isNull();
        assertThat(counters.get(Counter.PROC_GONE)).isZero();
    }

    @Test
    void nameMayHoldWhatLooksLikeTheRestOfTheLine() throws IOException {
        write("200/stat", stat(200, "a) S 99 (b", 7, 100));

        ProcFacts facts = new Procfs(proc, counters).snapshot(200);

        assertThat(facts.name()).isEqualTo("a) S 99 (b");
        assertThat(facts.ppid()).isEqualTo(7);
    }

    @Test
    void deletedProgramIsToldWithoutTheSuffix() throws IOException {
        write("200/stat", stat(200, "x", 1, 1));
        link("200/exe", "/tmp/x (deleted)");

        ProcFacts facts = new Procfs(proc, counters).snapshot(200);

        assertThat(facts.executable()).isEqualTo("/tmp/x");
        assertThat(facts.deleted()).isTrue();
    }

    @Test
    void emptyArgumentsArePreserved() throws IOException {
        write("200/stat", stat(200, "x", 1, 1));
        write("200/cmdline", "x\0\0last\0");
        write("201/stat", stat(201, "kthreadd", 2, 1));
        write("201/cmdline", "");

        Procfs procfs = new Procfs(proc, counters);
        assertThat(procfs.snapshot(200).args()).containsExactly("x", "", "last");
        assertThat(procfs.snapshot(201).args()).isEmpty();
    }

    @Test
    void unsetLoginUidIsUnset() throws IOException {
        write("200/stat", stat(200, "x", 1, 1));
        write("200/status", STATUS);
        write("200/loginuid", "4294967295");

        assertThat(new Procfs(proc, counters).snapshot(200).credentials().auid())
                .isEqualTo(Credentials.UNSET);
    }

    @Test
    void damagedFilesNeverThrow() throws IOException {
        Procfs procfs = new Procfs(proc, counters);
        for (String stat :
                List.of("", "200", "200 (", "200 (x", "200 (x)", "200 (x) ", ") (", "200 (x) S a b c", "()")) {
            write("200/stat", stat);
            write("200/status", "\nUid:\tx\n\nGid:");
            write("200/cmdline", "\0");
            procfs.snapshot(200);
        }
    }

    @Test
    void hugeCommandLineIsCut() throws IOException {
        write("200/stat", stat(200, "x", 1, 1));
        write("200/cmdline", "y".repeat(1 << 20));

        assertThat(new Procfs(proc, counters).snapshot(200).args().get(0)).hasSizeLessThanOrEqualTo(64 << 10);
    }

    @Test
    void scanFindsAllProcessesParentsFirst() throws IOException {
        write("30/stat", stat(30, "c", 4, 3));
        write("4/stat", stat(4, "b", 1, 2));
        write("100/stat", stat(100, "d", 4, 3));
        write("99gone/stat", stat(99, "e", 4, 3));
        Files.createDirectories(proc.resolve("self"));
        List<Integer> pids = new ArrayList<>();

        new Procfs(proc, counters).scan(facts -> pids.add(facts.pid()));

        assertThat(pids).containsExactly(1, 4, 30, 100);
    }

    @Test
    void readsTheProcessThatRunsThis() throws Exception {
        int own = (int) ProcessHandle.current().pid();
        ProcFacts facts = new Procfs(Path.of("/proc"), counters).snapshot(own);

        assertThat(facts.name()).isNotEmpty();
        assertThat(facts.args()).isNotEmpty();
        assertThat(facts.executable())
                .isEqualTo(ProcessHandle.current().info().command().orElseThrow());
        long start = ProcessHandle.current().info().startInstant().orElseThrow().toEpochMilli();
        assertThat(facts.startNanos() / 1_000_000L).isBetween(start - 2000, start + 2000);
    }

    private void write(String file, String content) throws IOException {
        Path path = proc.resolve(file);
        Files.createDirectories(path.getParent());
        Files.write(path, content.getBytes(StandardCharsets.UTF_8));
    }

    private void link(String file, String target) throws IOException {
        Path path = proc.resolve(file);
        Files.createDirectories(path.getParent());
        Files.createSymbolicLink(path, Path.of(target));
    }

    private static String stat(int pid, String name, int ppid, long startTicks) {
        return pid + " (" + name + ") S " + ppid + " 1 1 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 " + startTicks
                + " 1000 200 18446744073709551615 1 1 0\n";
    }
}
