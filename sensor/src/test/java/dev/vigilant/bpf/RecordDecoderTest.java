// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.vigilant.bpf.BpfRecord.Kind;
import dev.vigilant.bpf.BpfRecord.Tag;
import dev.vigilant.counter.Counter;
import dev.vigilant.counter.Counters;
import dev.vigilant.event.Capabilities;
import dev.vigilant.event.CapabilitySet;
import dev.vigilant.event.CapabilityUse;
import dev.vigilant.event.Credentials;
import dev.vigilant.event.FileOpen;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.event.NamespaceChange;
import dev.vigilant.event.NetworkAccept;
import dev.vigilant.event.NetworkConnect;
import dev.vigilant.event.Origin;
import dev.vigilant.event.Outcome;
import dev.vigilant.event.ProcFacts;
import dev.vigilant.event.ProcessAccess;
import dev.vigilant.event.ProcessExec;
import dev.vigilant.event.ProcessExit;
import dev.vigilant.event.ProcessFork;
import dev.vigilant.event.ProcessSnapshot;
import dev.vigilant.event.SignalSent;
import dev.vigilant.event.SystemCall;
import dev.vigilant.source.Channel;
import dev.vigilant.syscall.SyscallTable;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordDecoderTest {
    private static final int OPENED = 255;
    private static final byte[] ARGV = {'s', 'h', 0, '-', 'c', 0, 0};

    private static void onlyOnX86() {
        assumeTrue(
                SyscallTable.hostArchitectures().contains(SyscallTable.I386),
                "only x86-64 has 32-bit system calls beside its own");
    }

    private static MadeRecord exec() {
        return MadeRecord.of(Kind.EXEC)
                .arguments(150, 0x202000, 0x2000, 0, 400)
                .section(Tag.ARGV, 0, ARGV)
                .text(Tag.CWD, 0, "/srv")
                .text(Tag.TTY, 0, "pts0")
                .text(Tag.CGROUP, 2, "/system.slice/docker-1.scope")
                .text(Tag.CGROUP, 1, "/docker/1");
    }

    @Test
    void everyEventSaysWhoAndWhen() {
        KernelEvent event =
                MadeRecord.of(Kind.FORK).result(201).comm("0123456789abcde").event(ProcessFork.class);

        assertThat(event.context().timeNanos()).isEqualTo(MadeRecord.TIME);
        assertThat(event.context().origin()).isEqualTo(Origin.EBPF);
        assertThat(event.context().actor().pid()).isEqualTo(MadeRecord.PID);
        assertThat(event.context().actor().ppid()).isEqualTo(MadeRecord.PARENT);
        assertThat(event.context().actor().name()).isEqualTo("0123456789abcde");
        assertThat(event.context().actor().session()).isEqualTo(3);
        assertThat(event.context().actor().credentials())
                .isEqualTo(new Credentials(Credentials.UNSET, 1, 2, 3, 4, 5, 6, 7, 8));
        assertThat(event.context().complete()).isTrue();
        assertThat(event.context().raw()).hasSize(160);
    }

    @Test
    void forkHasTheChild() {
        ProcessFork fork = MadeRecord.of(Kind.FORK).result(201).event(ProcessFork.class);

        assertThat(fork.childPid()).isEqualTo(201);
        assertThat(fork.context().syscall()).isNull();
    }

    @Test
    void exitHasStatusOrSignal() {
        ProcessExit exit = MadeRecord.of(Kind.EXIT).result(7 << 8).event(ProcessExit.class);
        assertThat(exit.exitCode()).isEqualTo(7);
        assertThat(exit.signal()).isZero();

        ProcessExit killed = MadeRecord.of(Kind.EXIT).result(0x80 | 11).event(ProcessExit.class);
        assertThat(killed.exitCode()).isZero();
        assertThat(killed.signal()).isEqualTo(11);
    }

    @Test
    void execBringsTheProcessThenTheProgram() {
        List<KernelEvent> events = exec().text(Tag.PATH, 0, "./sh")
                .file(OPENED, RecordFiles.OVERLAY | RecordFiles.UPPER, "overlay", "/srv/sh")
                .file(0, 0, "pipefs", "")
                .events(new Counters());

        assertThat(events).hasSize(2);
        ProcFacts facts = ((ProcessSnapshot) events.get(0)).facts();
        assertThat(facts.pid()).isEqualTo(MadeRecord.PID);
        assertThat(facts.ppid()).isEqualTo(MadeRecord.PARENT);
        assertThat(facts.startNanos()).isEqualTo(MadeRecord.TIME - 400);
        assertThat(facts.name()).isEqualTo("sh");
        assertThat(facts.executable()).isEqualTo("/srv/sh");
        assertThat(facts.deleted()).isFalse();
        assertThat(facts.args()).containsExactly("sh", "-c", "");
        assertThat(facts.workingDirectory()).isEqualTo("/srv");
        assertThat(facts.cgroup()).isEqualTo("1:pids:/docker/1\n0::/system.slice/docker-1.scope\n");
        assertThat(facts.stdin()).isEqualTo("pipe:[17]");
        assertThat(facts.capabilities()).isEqualTo(new Capabilities(0x2000, 0x202000));

        ProcessExec exec = (ProcessExec) events.get(1);
        assertThat(exec.file().path()).isEqualTo("/srv/sh");
        assertThat(exec.file().rawPath()).isEqualTo("./sh");
        assertThat(exec.file().inode()).isEqualTo(17);
        assertThat(exec.args()).containsExactly("sh", "-c", "");
        assertThat(exec.interpreted()).isFalse();
        assertThat(exec.context().actor().executable()).isEqualTo("/srv/sh");
        assertThat(exec.context().actor().tty()).isEqualTo("pts0");
        assertThat(exec.context().syscall()).isEqualTo("execve");
    }

    @Test
    void scriptIsTheFileAndItsInterpreterTheExecutable() {
        List<KernelEvent> events = exec().flags(BpfRecord.FLAG_INTERPRETED)
                .text(Tag.PATH, 0, "./run.sh")
                .file(OPENED, 0, "overlay", "/bin/dash")
                .events(new Counters());

        ProcessExec exec = (ProcessExec) events.get(1);
        assertThat(exec.file().path()).isEqualTo("/srv/run.sh");
        assertThat(exec.file().rawPath()).isEqualTo("./run.sh");
        assertThat(exec.interpreted()).isTrue();
        assertThat(exec.context().actor().executable()).isEqualTo("/bin/dash");
    }

    @Test
    void executableWithoutANameIsDeleted() {
        List<KernelEvent> events = exec().text(Tag.PATH, 0, "/proc/self/fd/3")
                .file(OPENED, RecordFiles.DELETED | RecordFiles.DETACHED, "tmpfs", "/memfd:x")
                .events(new Counters());

        assertThat(((ProcessSnapshot) events.get(0)).facts().deleted()).isTrue();
        assertThat(events.get(1).context().actor().deleted()).isTrue();
        assertThat(((ProcessExec) events.get(1)).file().path()).isEqualTo("/memfd:x");
    }

    @Test
    void execOfTheRootCgroupWithoutVersion1() {
        List<KernelEvent> events =
                MadeRecord.of(Kind.EXEC).text(Tag.CGROUP, 2, "").events(new Counters());

        assertThat(((ProcessSnapshot) events.get(0)).facts().cgroup()).isEqualTo("0::/\n");
        assertThat(((ProcessSnapshot) events.get(0)).facts().args()).isEmpty();
    }

    @Test
    void execThatFailedIsAnEventOfItsOwn() {
        ProcessExec exec = MadeRecord.call("execve", 1, 1, 1)
                .result(-13)
                .text(Tag.PATH, 0, "x")
                .text(Tag.BASE, 0, "/srv")
                .event(ProcessExec.class);

        assertThat(exec.file().path()).isEqualTo("/srv/x");
        assertThat(exec.context().outcome()).isEqualTo(Outcome.FAILURE);
        assertThat(exec.context().result()).isEqualTo(-13);
    }

    @Test
    void capabilityIsGrantedOrNot() {
        CapabilityUse granted = MadeRecord.of(Kind.CAPABILITY).arguments(21, 1).event(CapabilityUse.class);
        assertThat(granted.capability()).isEqualTo(21);
        assertThat(granted.granted()).isTrue();
        assertThat(granted.context().outcome()).isEqualTo(Outcome.SUCCESS);

        CapabilityUse denied =
                MadeRecord.of(Kind.CAPABILITY).arguments(21, 0).result(-1).event(CapabilityUse.class);
        assertThat(denied.granted()).isFalse();
        assertThat(denied.context().outcome()).isEqualTo(Outcome.FAILURE);
    }

    @Test
    void signalHasWhomItWentTo() {
        SignalSent signal =
                MadeRecord.of(Kind.SIGNAL).arguments(9).task(1, 555, "auditd").event(SignalSent.class);

        assertThat(signal.signal()).isEqualTo(9);
        assertThat(signal.targetPid()).isEqualTo(555);
        assertThat(signal.targetName()).isEqualTo("auditd");
    }

    @Test
    void tracedProcessIsNamed() {
        ProcessAccess access =
                MadeRecord.call("ptrace", 16, 7).task(0, 555, "nginx").event(ProcessAccess.class);

        assertThat(access.request()).isEqualTo(16);
        assertThat(access.targetName()).isEqualTo("nginx");
    }

    @Test
    void connectHasTheAddressOfTheSocketRatherThanTheOneInTheProgramsMemory() {
        NetworkConnect connect = MadeRecord.call("connect", 5, 1, 16)
                .result(-115)
                .section(Tag.BYTES, 1, new byte[] {2, 0, 0, 53, 8, 8, 8, 8, 0, 0, 0, 0, 0, 0, 0, 0})
                .socket(0, 2, 4444, 10, 0, 0, 9)
                .event(NetworkConnect.class);

        assertThat(connect.address().ip()).isEqualTo("10.0.0.9");
        assertThat(connect.address().port()).isEqualTo(4444);
        // EINPROGRESS: a connection under way is none that failed.
        assertThat(connect.context().outcome()).isEqualTo(Outcome.SUCCESS);
    }

    @Test
    void connectThatFailedHasTheAddressThatWasGiven() {
        NetworkConnect connect = MadeRecord.call("connect", 5, 1, 16)
                .result(-111)
                .section(Tag.BYTES, 1, new byte[] {2, 0, 0, 53, 8, 8, 4, 4, 0, 0, 0, 0, 0, 0, 0, 0})
                .socket(0, 2, 0)
                .event(NetworkConnect.class);

        assertThat(connect.address().ip()).isEqualTo("8.8.4.4");
        assertThat(connect.address().port()).isEqualTo(53);
        assertThat(connect.context().outcome()).isEqualTo(Outcome.FAILURE);
    }

    @Test
    void connectOverVersion6() {
        NetworkConnect connect = MadeRecord.call("connect", 5, 1, 28)
                .socket(0, 10, 443, 0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7)
                .event(NetworkConnect.class);

        assertThat(connect.address().ip()).isEqualTo("2001:db8::7");
        assertThat(connect.address().port()).isEqualTo(443);
    }

    @Test
    void acceptOverAUnixSocketHasItsName() {
        NetworkAccept accept = MadeRecord.call("accept", 5, 0, 0)
                .result(6)
                .socket(OPENED, 1, 0)
                .section(Tag.BYTES, OPENED, new byte[] {1, 0, '/', 'r', '/', 's', 0})
                .event(NetworkAccept.class);

        assertThat(accept.address().familyName()).isEqualTo("unix");
        assertThat(accept.address().path()).isEqualTo("/r/s");
    }

    @Test
    void setnsOfAnyTypeHasTheTypeOfTheDescriptor() {
        int user = 0x10000000;
        NamespaceChange any = MadeRecord.call("setns", 5, 0)
                .numbers(Tag.NAMESPACE, 0, user, 77)
                .event(NamespaceChange.class);
        assertThat(any.flags()).isEqualTo(user);

        NamespaceChange asked = MadeRecord.call("setns", 5, 0x20000).event(NamespaceChange.class);
        assertThat(asked.flags()).isEqualTo(0x20000);
    }

    @Test
    void newerCloneHasItsFlagsInMemory() {
        NamespaceChange change = MadeRecord.call("clone3", 1, 88)
                .result(201)
                .numbers(Tag.BYTES, 0, 0x10000000 | 17, 0)
                .event(NamespaceChange.class);

        assertThat(change.flags()).isEqualTo(0x10000000);
    }

    @Test
    void capabilitySetsHave64Bits() {
        CapabilitySet set = MadeRecord.call("capset", 1, 1)
                .numbers(Tag.BYTES, 1, 0x200000, 2, 4, 1, 0x80, -1)
                .event(CapabilitySet.class);

        assertThat(set.effective()).isEqualTo(0x1_0020_0000L);
        assertThat(set.permitted()).isEqualTo(0x80_0000_0002L);
        assertThat(set.inheritable()).isEqualTo(0xffff_ffff_0000_0004L);
    }

    @Test
    void callsOf32BitProgramsAreNotTakenFor64BitOnes() {
        onlyOnX86();
        FileOpen open = MadeRecord.call(SyscallTable.I386, "open", 1, 0x241, 0600)
                .result(3)
                .text(Tag.PATH, 0, "/etc/shadow")
                .file(OPENED, 0, "ext4", "/etc/shadow")
                .event(FileOpen.class);

        assertThat(open.context().arch()).isEqualTo("i386");
        assertThat(open.context().syscall()).isEqualTo("open");
        assertThat(open.file().path()).isEqualTo("/etc/shadow");
    }

    @Test
    void callsWithPointersOf32BitsAreToldApart() {
        onlyOnX86();
        FileOpen open = MadeRecord.call("openat", -100, 1, 0)
                .flags(BpfRecord.FLAG_X32)
                .result(-2)
                .text(Tag.PATH, 1, "x")
                .text(Tag.BASE, 1, "/")
                .event(FileOpen.class);

        assertThat(open.context().arch()).isEqualTo("x32");
        assertThat(open.context().syscall()).isEqualTo("openat");
        assertThat(open.file().path()).isEqualTo("/x");
    }

    @Test
    void callWithoutANameHasItsNumber() {
        SystemCall call =
                MadeRecord.of(Kind.SYSCALL).number(999).arguments(1, 2, 3, 4).event(SystemCall.class);

        assertThat(call.name()).isEqualTo("999");
    }

    @Test
    void recordThatWasCutIsIncompleteAndCounted() {
        Counters counters = new Counters();
        List<KernelEvent> events =
                MadeRecord.of(Kind.FORK).flags(BpfRecord.FLAG_CUT).events(counters);

        assertThat(events.get(0).context().complete()).isFalse();
        assertThat(counters.get(Counter.BPF_RECORDS_CUT)).isOne();
    }

    @Test
    void recordThatIsNoneIsCounted() {
        Counters counters = new Counters();
        List<KernelEvent> events = new ArrayList<>();
        RecordDecoder decoder = new RecordDecoder(events::add, counters, false);
        byte[] unknown = MadeRecord.of(Kind.NONE).bytes();
        byte[] whole = MadeRecord.of(Kind.FORK).bytes();

        decoder.frame(Channel.BPF, 0, unknown, 0, unknown.length, 1);
        decoder.frame(Channel.BPF, 0, whole, 0, whole.length - 1, 1);

        assertThat(events).isEmpty();
        assertThat(counters.get(Counter.BPF_RECORDS_IN)).isEqualTo(2);
        assertThat(counters.get(Counter.REJECTED_BPF_RECORD)).isEqualTo(2);
    }

    @Test
    void sectionThatIsLongerThanItsRecordIsNotRead() {
        byte[] record = MadeRecord.call("openat", -100, 1, 0)
                .text(Tag.PATH, 1, "/etc/shadow")
                .bytes();
        List<KernelEvent> events = new ArrayList<>();
        new RecordDecoder(events::add, new Counters(), false).frame(Channel.BPF, 0, record, 0, record.length - 8, 1);

        assertThat(((FileOpen) events.get(0)).file().path()).isEmpty();
    }
}
