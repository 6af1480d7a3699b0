// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.vigilant.event.CapabilityUse;
import dev.vigilant.event.FileOpen;
import dev.vigilant.event.FileSymlink;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.event.Outcome;
import dev.vigilant.event.ProcessExec;
import dev.vigilant.event.ProcessExit;
import dev.vigilant.event.ProcessFork;
import dev.vigilant.event.SignalSent;
import dev.vigilant.jna.BpfObject;
import dev.vigilant.jna.ForeignSyscalls;
import dev.vigilant.source.Interest;
import dev.vigilant.source.Interest.FileDemand;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The programs in this machine's kernel: all of them, and all but one. Needs root, BTF, libbpf1 and gcc. */
@Timeout(120)
class BpfSensorIT {
    private static final String SECRET = "vigilant-it-secret";
    private static final int UNUSUAL_SIGNAL = 31;
    private static final int CAP_SYS_CHROOT = 18;

    @TempDir
    private Path directory;

    @BeforeEach
    void kernelLetsUs() {
        Sensing.kernelLetsUs();
    }

    private Sensing sense(Set<String> leftOut, String script) throws Exception {
        return Sensing.of(
                Sensing.settings(Sensing.ROOM, Sensing.ROOM, leftOut),
                List.of(Sensing.opensOf(SECRET)),
                directory,
                script);
    }

    /** With the cast where the kernel has it: not refused, and replaced in silence. */
    @ParameterizedTest
    @ValueSource(strings = {"none", "bpf_rdonly_cast"})
    void loadsAndAttachesWithoutAWordOfTheLibrary(String leftOut) throws Exception {
        BpfObject.warnings();
        try (BpfSensor sensor = new BpfSensor(Sensing.settings(1 << 16, 1 << 16, Set.of(leftOut)), Sensing.PROC)) {
            sensor.start();
            assertThat(sensor.missing()).isEmpty();
            assertThat(sensor.casts()).isEqualTo(leftOut.equals("none") && BpfObject.hasFunction("bpf_rdonly_cast"));
        }
        assertThat(BpfObject.warnings()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "signal_sent, signals that were sent, signal",
        "capability_used, use of capabilities, capability",
        "uring_submitted, operations submitted to io_uring, uring",
        "process_fork, forks, fork",
        "process_exec, programs executed, exec",
        "process_exit, processes that end, exit",
        "syscall_exit, system calls, syscall"
    })
    void withoutOneProgramTheOthersSenseAndWhatIsNotSeenIsNamed(String program, String blind, String sense)
            throws Exception {
        Set<String> leftOut = Set.of(program);
        BpfObject.warnings();
        try (BpfSensor sensor = new BpfSensor(Sensing.settings(1 << 16, 1 << 16, leftOut), Sensing.PROC)) {
            assertThat(sensor.missing()).containsExactly(blind + ": switched off");
        }

        Map<String, Integer> senses = senses(leftOut);

        assertThat(BpfObject.warnings()).isEmpty();
        assertThat(senses.remove(sense)).isZero();
        assertThat(senses)
                .hasSize(6)
                .allSatisfy((other, count) -> assertThat(count).isPositive());
    }

    @Test
    void withAllProgramsAllIsSensed() throws Exception {
        assertThat(senses(Set.of()))
                .hasSize(7)
                .allSatisfy((sense, count) -> assertThat(count).isPositive());
    }

    /** How often each program told of a script that has something for each. Lineage needs forks, so all pids count. */
    private Map<String, Integer> senses(Set<String> leftOut) throws Exception {
        Path uring = Sensing.compile("uring", directory);
        Files.writeString(directory.resolve(SECRET), "s");
        Sensing sensing = Sensing.of(
                Sensing.settings(Sensing.ROOM, Sensing.ROOM, leftOut),
                Sensing.everything(),
                directory,
                "ln -s a vigilant-it-link; rm vigilant-it-link; chroot / true; " + uring + " open " + SECRET
                        + "; sleep 20 & kill -" + UNUSUAL_SIGNAL + " $!; wait $! || true");
        Map<String, Integer> senses = new TreeMap<>();
        senses.put(
                "signal",
                count(
                        sensing.of(SignalSent.class),
                        e -> e.signal() == 31 && "sleep".equals(e.targetName())
                                || e.signal() == 31 && "sh".equals(e.targetName())));
        senses.put("capability", count(sensing.of(CapabilityUse.class), e -> e.capability() == CAP_SYS_CHROOT));
        senses.put(
                "uring",
                count(
                        sensing.of(FileOpen.class),
                        e -> isSecret(e) && e.context().syscall() == null));
        senses.put("fork", count(sensing.of(ProcessFork.class), e -> e.context().syscall() == null));
        senses.put("exec", count(sensing.of(ProcessExec.class), e -> e.context().outcome() == Outcome.SUCCESS));
        senses.put("exit", sensing.of(ProcessExit.class).size());
        senses.put(
                "syscall",
                count(sensing.of(FileSymlink.class), e -> e.file().path().endsWith("vigilant-it-link")));
        return senses;
    }

    private static <T extends KernelEvent> int count(List<T> events, Predicate<T> wanted) {
        return (int) events.stream().filter(wanted).count();
    }

    private static boolean isSecret(FileOpen open) {
        return open.file().path().endsWith("/" + SECRET);
    }

    /** With and without the cast. */
    @ParameterizedTest
    @ValueSource(strings = {"none", "bpf_rdonly_cast"})
    void openIsToldByTheFilesTrueName(String leftOut) throws Exception {
        Path secret = directory.toRealPath().resolve(SECRET);
        Files.writeString(secret, "s");
        String root = "/proc/self/root" + secret;
        Sensing.run(directory, "ln -s " + SECRET + " one; ln -s one two; mkdir -p sub/deep");
        Sensing sensing = sense(
                Set.of(leftOut),
                ": < two; : < sub/deep/../../" + SECRET + "; : < " + root + "; exec 7< " + SECRET
                        + "; : < /proc/self/fd/7; cd sub; mv ../two ../three; : < ../three");

        List<FileOpen> opens = sensing.own(FileOpen.class);
        assertThat(opens).extracting(o -> o.file().path()).containsOnly(secret.toString());
        assertThat(opens)
                .extracting(o -> o.file().rawPath())
                .containsExactly("two", "sub/deep/../../" + SECRET, root, SECRET, "/proc/self/fd/7", "../three");
        assertThat(opens).extracting(o -> o.file().inode()).containsOnly((Long) Files.getAttribute(secret, "unix:ino"));
    }

    /** The kernel turns away all else by itself, through whichever of its two walks; nothing that is wanted. */
    @ParameterizedTest
    @ValueSource(strings = {"none", "bpf_rdonly_cast"})
    void onlyOpensOfTheNameThatIsAskedForAreTold(String leftOut) throws Exception {
        String deep = "d/".repeat(30);
        String longName = "n".repeat(200);
        Sensing.run(
                directory,
                "mkdir -p " + deep + SECRET + "; touch " + SECRET + " other " + longName + " " + SECRET + "2 " + deep
                        + SECRET + "/in; mkdir " + longName + "2; touch " + longName + "2/" + SECRET);
        List<String> wanted = new ArrayList<>(
                List.of(SECRET, deep + SECRET + "/in", longName + "2/" + SECRET, "missing/" + SECRET, SECRET + "/no"));
        List<String> all = new ArrayList<>(wanted);
        all.addAll(1, List.of("other", longName, SECRET + "2", "missing/other", "x" + SECRET));
        StringBuilder script = new StringBuilder();
        all.forEach(name -> script.append("cat ").append(name).append(" || true; "));

        List<FileOpen> opens = sense(Set.of(leftOut), script.toString()).own(FileOpen.class);

        assertThat(opens).extracting(o -> o.file().rawPath()).containsExactlyElementsOf(wanted);
        assertThat(opens)
                .extracting(o -> o.context().outcome())
                .containsExactly(Outcome.SUCCESS, Outcome.SUCCESS, Outcome.SUCCESS, Outcome.FAILURE, Outcome.FAILURE);
    }

    /** The name fd stands in what is asked for, not in the true path. */
    @Test
    void pathAskedForCountsWhereItBeginsAsIsWanted() throws Exception {
        Interest proc = Sensing.demand(new FileDemand(Set.of(), Set.of("fd"), Set.of("/proc/"), Set.of(), Set.of()));

        List<FileOpen> opens = Sensing.of(
                        Sensing.settings(Sensing.ROOM, Sensing.ROOM, Set.of()),
                        List.of(proc),
                        directory,
                        "ln -s . fd; touch x; exec 7<.; cat fd/x; cat $PWD/fd/x; cat /proc/self/fd/7/x; cat x")
                .own(FileOpen.class);

        // The launcher of processes opens /proc/self/fd, whose true path has the name.
        assertThat(opens)
                .extracting(o -> o.file().rawPath())
                .filteredOn(path -> path.endsWith("x"))
                .containsExactly("/proc/self/fd/7/x");
    }

    /** A number means another call there: 5 is fstat to 64-bit programs. A kernel without x32 refuses, and that is told. */
    @ParameterizedTest
    @ValueSource(strings = {"none", "bpf_rdonly_cast"})
    void callsOfAnotherAbiAreToldAsSuch(String leftOut) throws Exception {
        assumeTrue(System.getProperty("os.arch").equals("amd64"), "int 0x80 and x32 are x86's");
        Path abi = Sensing.compile("abi", directory);
        Files.writeString(directory.resolve(SECRET), "s");
        List<FileOpen> opens = sense(
                        Set.of(leftOut),
                        abi + " i386 open " + SECRET + "; " + abi + " x32 write " + SECRET + "; : < " + SECRET)
                .own(FileOpen.class);

        assertThat(opens).extracting(o -> o.context().arch()).containsExactly("i386", "x32", "x86_64");
        assertThat(opens).extracting(o -> o.context().syscall()).containsExactly("open", "open", "openat");
        assertThat(opens).extracting(FileOpen::write).containsExactly(false, true, false);
        assertThat(opens)
                .extracting(o -> o.file().path())
                .containsOnly(directory.toRealPath().resolve(SECRET).toString());
        assertThat(opens.get(0).context().outcome()).isEqualTo(Outcome.SUCCESS);
        assertThat(opens.get(1).context().outcome() == Outcome.SUCCESS).isEqualTo(ForeignSyscalls.x32());
    }
}
