// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vigilant.event.Actor;
import dev.vigilant.event.CapabilitySet;
import dev.vigilant.event.CredentialChange;
import dev.vigilant.event.MemfdCreate;
import dev.vigilant.event.NamespaceChange;
import dev.vigilant.event.PersonalityChange;
import dev.vigilant.event.ProcessAccess;
import dev.vigilant.event.ProcessExec;
import dev.vigilant.event.ProcessFork;
import dev.vigilant.event.SignalSent;
import dev.vigilant.event.SystemCall;
import org.junit.jupiter.api.Test;

/** Records as Linux 6.18 wrote them. */
class ProcessEventsTest {
    private static final String CWD = "CWD cwd=\"/srv/w\"\n";

    private static String program(String name) {
        return "PATH item=0 name=" + name
                + " inode=1031 dev=00:01 mode=0100777 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL cap_fp=0\n"
                + "PATH item=1 name=\"/lib64/ld-linux-x86-64.so.2\" inode=338944 dev=fe:00 mode=0100755 ouid=0 ogid=0"
                + " rdev=00:00 nametype=NORMAL cap_fp=0\n";
    }

    private static ProcessExec exec(String companions) {
        return Records.syscall(ProcessExec.class, 59, "success=yes exit=0 a0=1 a1=2 a2=3 a3=8", companions);
    }

    @Test
    void execTellsProgramAndArguments() {
        ProcessExec exec = exec("EXECVE argc=6 a0=\"true\" a1=\"plain\" a2=7769746820626C616E6B a3=7122756F7465 a4=\"\""
                + " a5=C3A4FF\n" + CWD + program("\"bin/true\""));

        assertThat(exec.args()).containsExactly("true", "plain", "with blank", "q\"uote", "", "ä\uFFFD");
        assertThat(exec.file().path()).isEqualTo("/srv/w/bin/true");
        assertThat(exec.interpreted()).isFalse();
    }

    @Test
    void longArgumentIsJoinedFromItsPieces() {
        ProcessExec exec = exec("EXECVE argc=3 a0=\"true\" a1_len=8 a1[0]=C3A4C3\nEXECVE  a1[1]=A4 a2=\"after\"\n" + CWD
                + program("\"/bin/true\""));

        assertThat(exec.args()).containsExactly("true", "ää", "after");
    }

    @Test
    void argumentsGoOnInFurtherRecords() {
        ProcessExec exec =
                exec("EXECVE argc=4 a0=\"a\" a1=\"b\"\nEXECVE  a2=\"c\" a3=\"d\"\n" + CWD + program("\"/x\""));

        assertThat(exec.args()).containsExactly("a", "b", "c", "d");
    }

    @Test
    void titleStandsInForLostArguments() {
        ProcessExec exec = exec(CWD + program("\"/bin/ls\"") + "PROCTITLE proctitle=6C73002D6C\n");

        assertThat(exec.args()).containsExactly("ls", "-l");
    }

    @Test
    void failedExecDoesNotTakeItsCallersTitleForArguments() {
        ProcessExec exec = Records.syscall(
                ProcessExec.class,
                59,
                "success=no exit=-2 a0=1 a1=2 a2=3 a3=8",
                CWD + "PATH item=0 name=\"/no/such\" nametype=UNKNOWN\nPROCTITLE proctitle=\"bash\"\n");

        assertThat(exec.args()).isEmpty();
        assertThat(exec.file().path()).isEqualTo("/no/such");
        assertThat(exec.outcome()).isEqualTo("failure");
    }

    @Test
    void scriptIsToldFromItsInterpreter() {
        ProcessExec exec = (ProcessExec) Records.event(
                "SYSCALL arch=c000003e syscall=59 success=yes exit=0 a0=1 a1=2 a2=3 a3=4 items=3 pid=16377 comm=\"script\""
                        + " exe=\"/usr/bin/dash\"\nEXECVE argc=3 a0=\"/bin/sh\" a1=\"./script\" a2=\"one\"\n" + CWD
                        + program("\"./script\""));

        assertThat(exec.interpreted()).isTrue();
        assertThat(exec.file().path()).isEqualTo("/srv/w/script");
    }

    @Test
    void programInMemoryIsNamedByWhatRuns() {
        ProcessExec exec = (ProcessExec) Records.event(
                "SYSCALL arch=c000003e syscall=322 success=yes exit=0 a0=9 a1=5 a2=7 a3=7 items=2 ppid=1 pid=16381"
                        + " comm=\"memfd:payload\" exe=2F6D656D66643A7061796C6F6164202864656C6574656429\n"
                        + "EXECVE argc=1 a0=\"mem\"\n" + CWD + program("\"\""));

        assertThat(exec.file().path()).isEqualTo("/memfd:payload");
        assertThat(exec.file().inode()).isEqualTo(1031);
        assertThat(exec.context().actor().deleted()).isTrue();
        assertThat(exec.context().actor().executable()).isEqualTo("/memfd:payload");
    }

    @Test
    void actorIsTakenFromTheSyscall() {
        Actor actor = ((SystemCall) Records.event("SYSCALL arch=c000003e syscall=39 success=yes exit=7 a0=0 a1=0 a2=0"
                        + " a3=0 items=0 ppid=5 pid=7 auid=4294967295 uid=1 gid=2 euid=3 suid=4 fsuid=5 egid=6 sgid=7"
                        + " fsgid=8 tty=pts0 ses=4294967295 comm=61200A62 exe=\"/bin/x (deleted)\" subj=a:b:c key=(null)\n"
                        + CWD))
                .context()
                .actor();

        assertThat(actor.pid()).isEqualTo(7);
        assertThat(actor.ppid()).isEqualTo(5);
        assertThat(actor.credentials().auid()).isEqualTo(-1);
        assertThat(actor.credentials().uid()).isEqualTo(1);
        assertThat(actor.credentials().fsgid()).isEqualTo(8);
        assertThat(actor.name()).isEqualTo("a \nb");
        assertThat(actor.executable()).isEqualTo("/bin/x");
        assertThat(actor.deleted()).isTrue();
        assertThat(actor.tty()).isEqualTo("pts0");
        assertThat(actor.session()).isEqualTo(-1);
        assertThat(actor.label()).isEqualTo("a:b:c");
        assertThat(actor.workingDirectory()).isEqualTo("/srv/w");
    }

    @Test
    void forksAndNamespacesAndThreadsAreToldApart() {
        ProcessFork fork =
                Records.syscall(ProcessFork.class, 56, "success=yes exit=16373 a0=1200011 a1=0 a2=0 a3=7f", "");
        assertThat(fork.childPid()).isEqualTo(16373);
        assertThat(fork.flags()).isEqualTo(0x1200011);
        assertThat(Records.syscall(ProcessFork.class, 58, "success=yes exit=9 a0=55fa0fd18831", "")
                        .childPid())
                .isEqualTo(9);
        assertThat(Records.syscall(NamespaceChange.class, 56, "success=yes exit=9 a0=4000011", "")
                        .flags())
                .isEqualTo(0x4000000);
        Records.syscall(SystemCall.class, 56, "success=yes exit=9 a0=3d0f00", "");
        NamespaceChange setns = Records.syscall(NamespaceChange.class, 308, "success=yes exit=0 a0=1b a1=40000000", "");
        assertThat(setns.fd()).isEqualTo(27);
        assertThat(setns.network()).isTrue();
        assertThat(Records.syscall(NamespaceChange.class, 272, "success=yes exit=0 a0=4020000", "")
                        .mount())
                .isTrue();
    }

    @Test
    void idsAndCapabilitiesAreTold() {
        assertThat(Records.syscall(CredentialChange.class, 105, "success=no exit=-1 a0=0", "")
                        .targetId())
                .isZero();
        assertThat(Records.syscall(CredentialChange.class, 117, "success=yes exit=0 a0=3e8 a1=ffffffff a2=0", "")
                        .targetId())
                .isEqualTo(-1);
        CapabilitySet capset = Records.syscall(
                CapabilitySet.class,
                126,
                "success=yes exit=0 a0=7f a1=7f",
                "CAPSET pid=16389 cap_pi=1 cap_pp=0000000000200001 cap_pe=0000000000200001 cap_pa=0\n");
        assertThat(capset.sysAdmin()).isTrue();
        assertThat(capset.inheritable()).isEqualTo(1);
    }

    @Test
    void reachIntoOtherProcessesIsTold() {
        String object = "OBJ_PID opid=16384 oauid=4242 ouid=0 oses=1 ocomm=\"victim\"\n";

        ProcessAccess ptrace = Records.syscall(ProcessAccess.class, 101, "success=yes exit=0 a0=10 a1=4000", object);
        assertThat(ptrace.request()).isEqualTo(16);
        assertThat(ptrace.targetPid()).isEqualTo(16384);
        assertThat(ptrace.targetName()).isEqualTo("victim");
        SignalSent tgkill = Records.syscall(SignalSent.class, 234, "success=yes exit=0 a0=2 a1=2 a2=9", object);
        assertThat(tgkill.signal()).isEqualTo(9);
        assertThat(tgkill.targetPid()).isEqualTo(16384);
        assertThat(Records.syscall(SignalSent.class, 62, "success=no exit=-3 a0=fffffffe a1=f", "")
                        .targetPid())
                .isEqualTo(-2);
        assertThat(Records.syscall(MemfdCreate.class, 319, "success=yes exit=9 a0=55 a1=1", "")
                        .flags())
                .isEqualTo(1);
        assertThat(Records.syscall(PersonalityChange.class, 135, "success=yes exit=0 a0=40000", "")
                        .noRandomize())
                .isTrue();
    }
}
