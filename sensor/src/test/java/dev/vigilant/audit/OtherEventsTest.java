// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vigilant.event.AuditConfig;
import dev.vigilant.event.AuditMessage;
import dev.vigilant.event.BpfCommand;
import dev.vigilant.event.FdDuplicate;
import dev.vigilant.event.IntegrityViolation;
import dev.vigilant.event.IoUringOperation;
import dev.vigilant.event.KernelModule;
import dev.vigilant.event.KexecLoad;
import dev.vigilant.event.KeyringChange;
import dev.vigilant.event.LsmDenial;
import dev.vigilant.event.MacStatus;
import dev.vigilant.event.NetfilterConfig;
import dev.vigilant.event.NetworkAccept;
import dev.vigilant.event.NetworkBind;
import dev.vigilant.event.NetworkConnect;
import dev.vigilant.event.NetworkListen;
import dev.vigilant.event.NetworkSocket;
import dev.vigilant.event.PerfEventOpen;
import dev.vigilant.event.SeccompAction;
import dev.vigilant.event.SystemCall;
import dev.vigilant.event.UserRecord;
import org.junit.jupiter.api.Test;

/** Sockets, the kernel's own doors, and records that need no syscall. */
class OtherEventsTest {
    private static final String LOOPBACK = "SOCKADDR saddr=0200115C7F0000010000000000000000\n";

    @Test
    void socketsAreTold() {
        NetworkSocket socket = Records.syscall(NetworkSocket.class, 41, "success=yes exit=14 a0=2 a1=80001 a2=6", "");
        assertThat(socket.type()).isEqualTo(1);
        assertThat(socket.protocol()).isEqualTo(6);
        assertThat(socket.fd()).isEqualTo(14);
        NetworkConnect connect =
                Records.syscall(NetworkConnect.class, 42, "success=no exit=-115 a0=e a1=7f a2=10", LOOPBACK);
        assertThat(connect.fd()).isEqualTo(14);
        assertThat(connect.address().ip()).isEqualTo("127.0.0.1");
        assertThat(connect.result()).isEqualTo(-115);
        assertThat(Records.syscall(NetworkBind.class, 49, "success=yes exit=0 a0=e", LOOPBACK)
                        .address()
                        .port())
                .isEqualTo(4444);
        assertThat(Records.syscall(NetworkListen.class, 50, "success=yes exit=0 a0=e a1=5", "")
                        .backlog())
                .isEqualTo(5);
        NetworkAccept accept = Records.syscall(NetworkAccept.class, 288, "success=yes exit=16 a0=e", LOOPBACK);
        assertThat(accept.fd()).isEqualTo(16);
        assertThat(accept.address().port()).isEqualTo(4444);
    }

    @Test
    void socketcallOfI386IsUnpacked() {
        NetworkConnect connect = (NetworkConnect) Records.event(
                "SYSCALL arch=40000003 syscall=102 success=yes exit=0 a0=3 a1=ffd a2=0 a3=0 pid=5 comm=\"x\"\n"
                        + "SOCKETCALL nargs=3 a0=7 a1=ffee a2=10\n" + LOOPBACK);

        assertThat(connect.fd()).isEqualTo(7);
        assertThat(connect.context().arch()).isEqualTo("i386");
        assertThat(connect.address().port()).isEqualTo(4444);
    }

    @Test
    void doorsOfTheKernelAreTold() {
        assertThat(Records.syscall(FdDuplicate.class, 33, "success=yes exit=0 a0=3 a1=0", "")
                        .newFd())
                .isZero();
        assertThat(Records.syscall(KernelModule.class, 313, "success=yes exit=0 a0=3", "KERN_MODULE name=\"evil\"\n")
                        .name())
                .isEqualTo("evil");
        assertThat(Records.syscall(BpfCommand.class, 321, "success=yes exit=5 a0=5", "BPF prog-id=13 op=LOAD\n")
                        .command())
                .isEqualTo(5);
        assertThat(Records.syscall(PerfEventOpen.class, 298, "success=no exit=-14 a0=0 a1=ffffffff", "")
                        .targetPid())
                .isEqualTo(-1);
        assertThat(Records.syscall(KeyringChange.class, 250, "success=yes exit=1 a0=b", "")
                        .command())
                .isEqualTo(11);
        assertThat(Records.syscall(IoUringOperation.class, 425, "success=no exit=-14 a0=0", "")
                        .operation())
                .isEqualTo("io_uring_setup");
        assertThat(Records.syscall(KexecLoad.class, 320, "success=no exit=-38 a0=0", "")
                        .operation())
                .isEqualTo("kexec_file_load");
        SystemCall other =
                Records.syscall(SystemCall.class, 39, "success=yes exit=1 a0=ffffffffffffffff a1=2 a2=3 a3=4", "");
        assertThat(other.name()).isEqualTo("getpid");
        assertThat(other.a0()).isEqualTo(-1);
        assertThat(Records.syscall(SystemCall.class, 9999, "success=yes exit=1", "")
                        .name())
                .isEqualTo("9999");
    }

    @Test
    void operationOfIoUringHasItsActor() {
        IoUringOperation operation = (IoUringOperation) Records.event(
                "URINGOP uring_op=18 success=yes exit=0 items=1 ppid=2 pid=3 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0"
                        + " sgid=0 fsgid=0 subj=unconfined key=(null)\nCWD cwd=\"/\"\n");

        assertThat(operation.operation()).isEqualTo("openat");
        assertThat(operation.context().actor().pid()).isEqualTo(3);
        assertThat(operation.syscall()).isNull();
        assertThat(operation.context().complete()).isTrue();
    }

    @Test
    void changeOfAuditIsToldWithItsOwnResult() {
        String sendto = "SYSCALL arch=c000003e syscall=44 success=yes exit=60 a0=4 pid=29 comm=\"auditctl\""
                + " exe=\"/usr/sbin/auditctl\"\n";
        AuditConfig off = (AuditConfig) Records.event(
                "CONFIG_CHANGE op=set audit_enabled=0 old=1 auid=4294967295 ses=4294967295 res=0\n" + sendto);
        AuditConfig rule =
                (AuditConfig) Records.event("CONFIG_CHANGE auid=1000 ses=1 op=add_rule key=\"k\" list=4 res=1\n");

        assertThat(off.setting()).isEqualTo("audit_enabled");
        assertThat(off.operation()).isEqualTo("set");
        assertThat(off.value()).isZero();
        assertThat(off.oldValue()).isEqualTo(1);
        assertThat(off.outcome()).isEqualTo("failure");
        assertThat(off.context().actor().name()).isEqualTo("auditctl");
        assertThat(rule.operation()).isEqualTo("add_rule");
        assertThat(rule.ruleKey()).isEqualTo("k");
        assertThat(rule.setting()).isNull();
        assertThat(rule.outcome()).isEqualTo("success");
    }

    @Test
    void seccompNamesTheRefusedSyscall() {
        SeccompAction action = (SeccompAction) Records.event(
                "SECCOMP auid=4294967295 uid=0 gid=0 ses=4294967295 pid=16390 comm=\"act\" exe=\"/usr/bin/act\" sig=31"
                        + " arch=c000003e syscall=110 compat=0 ip=0x7f9a99c9e829 code=0x80000000\n");

        assertThat(action.deniedSyscall()).isEqualTo("getppid");
        assertThat(action.signal()).isEqualTo(31);
        assertThat(action.code()).isEqualTo(0x80000000L);
        assertThat(action.context().actor().pid()).isEqualTo(16390);
    }

    @Test
    void selinuxDecisionIsToldAlsoBesideItsSyscall() {
        String avc =
                "AVC avc:  denied  { read write } for  pid=5 comm=\"httpd\" path=\"/etc/shadow\" dev=\"sda1\" ino=7"
                        + " scontext=system_u:system_r:httpd_t:s0 tcontext=system_u:object_r:shadow_t:s0 tclass=file permissive=";
        LsmDenial denial = (LsmDenial) Records.event(
                avc + "0\nSYSCALL arch=c000003e syscall=2 success=no exit=-13 a0=1 pid=5 comm=\"httpd\"\n");

        assertThat(denial.module()).isEqualTo("selinux");
        assertThat(denial.denied()).isTrue();
        assertThat(denial.permission()).isEqualTo("read write");
        assertThat(denial.sourceLabel()).endsWith("httpd_t:s0");
        assertThat(denial.targetClass()).isEqualTo("file");
        assertThat(denial.path()).isEqualTo("/etc/shadow");
        assertThat(denial.syscall()).isEqualTo("open");
        assertThat(((LsmDenial) Records.event(avc + "1\n")).denied()).isFalse();
    }

    @Test
    void apparmorAndLandlockAreTold() {
        LsmDenial apparmor = (LsmDenial) Records.event(
                "AVC apparmor=\"DENIED\" operation=\"open\" profile=\"docker-default\" name=\"/proc/kcore\" pid=5"
                        + " comm=\"cat\" requested_mask=\"r\" denied_mask=\"r\" fsuid=0 ouid=0\n");
        LsmDenial landlock = (LsmDenial) Records.event(
                "LANDLOCK_ACCESS domain=195ba459b blockers=fs.refer path=\"/usr/bin\" dev=\"vda2\" ino=351\n");
        MacStatus profile = (MacStatus) Records.event(
                "AVC apparmor=\"STATUS\" operation=\"profile_remove\" name=\"docker-default\" pid=5 comm=\"x\"\n");

        assertThat(apparmor.module()).isEqualTo("apparmor");
        assertThat(apparmor.denied()).isTrue();
        assertThat(apparmor.permission()).isEqualTo("r");
        assertThat(apparmor.sourceLabel()).isEqualTo("docker-default");
        assertThat(landlock.module()).isEqualTo("landlock");
        assertThat(landlock.permission()).isEqualTo("fs.refer");
        assertThat(landlock.path()).isEqualTo("/usr/bin");
        assertThat(profile.fields()).containsEntry("operation", "profile_remove");
    }

    @Test
    void apparmorTellsWhatItRefusedWhereNoFileIsMeant() {
        LsmDenial capability =
                (LsmDenial) Records.event("AVC apparmor=\"DENIED\" operation=\"capable\" class=\"cap\" profile=\"web\""
                        + " pid=5 comm=\"x\" capability=12  capname=\"net_admin\"\n");
        LsmDenial ptrace = (LsmDenial)
                Records.event("AVC apparmor=\"DENIED\" operation=\"ptrace\" class=\"ptrace\" profile=\"web\""
                        + " pid=5 comm=\"x\" requested_mask=\"trace\" denied_mask=\"trace\" peer=\"unconfined\"\n");
        LsmDenial complained = (LsmDenial) Records.event("AVC apparmor=\"ALLOWED\" operation=\"open\" profile=\"web\""
                + " name=\"/etc/hosts\" pid=5 comm=\"x\" requested_mask=\"r\"\n");

        assertThat(capability.permission()).isEqualTo("net_admin");
        assertThat(ptrace.permission()).isEqualTo("trace");
        assertThat(ptrace.targetLabel()).isEqualTo("unconfined");
        assertThat(complained.denied()).isFalse();
    }

    @Test
    void stateOfModulesAndIntegrityIsTold() {
        MacStatus status = (MacStatus) Records.event(
                "MAC_STATUS enforcing=0 old_enforcing=1 auid=0 ses=1 enabled=1 old-enabled=1 lsm=selinux res=1\n");
        IntegrityViolation integrity = (IntegrityViolation) Records.event(
                "INTEGRITY_DATA pid=5 uid=0 op=appraise_data cause=invalid-hash comm=\"x\" name=\"/bin/x\" res=0\n");

        assertThat(status.change()).isEqualTo("MAC_STATUS");
        assertThat(status.fields()).containsEntry("enforcing", "0");
        assertThat(status.outcome()).isEqualTo("success");
        assertThat(integrity.record()).isEqualTo("INTEGRITY_DATA");
        assertThat(integrity.fields()).containsEntry("name", "/bin/x");
        assertThat(integrity.outcome()).isEqualTo("failure");
    }

    @Test
    void firewallChangeIsPreferredToItsSyscall() {
        NetfilterConfig config = (NetfilterConfig)
                Records.event(
                        "NETFILTER_CFG table=filter:2 family=2 entries=4 op=nft_register_rule pid=9 comm=\"nft\"\n"
                                + "SYSCALL arch=c000003e syscall=46 success=yes exit=60 a0=4 pid=9 comm=\"nft\" exe=\"/usr/sbin/nft\"\n");

        assertThat(config.table()).startsWith("filter:2");
        assertThat(config.operation()).isEqualTo("nft_register_rule");
        assertThat(config.entries()).isEqualTo(4);
        assertThat(config.context().actor().executable()).isEqualTo("/usr/sbin/nft");
    }

    @Test
    void anomaliesAndStrangersKeepTheirFields() {
        AuditMessage promiscuous =
                (AuditMessage) Records.event("ANOM_PROMISCUOUS dev=eth0 prom=256 old_prom=0 auid=0 uid=0 gid=0 ses=1\n"
                        + "SYSCALL arch=c000003e syscall=54 success=yes exit=0 a0=4 pid=9 comm=\"tcpdump\"\n");
        AuditMessage stranger = (AuditMessage) Records.event("UNKNOWN[1999] a=1 b=\"two\"\n");

        assertThat(promiscuous.record()).isEqualTo("ANOM_PROMISCUOUS");
        assertThat(promiscuous.fields()).containsEntry("dev", "eth0");
        assertThat(promiscuous.context().actor().name()).isEqualTo("tcpdump");
        assertThat(stranger.record()).isEqualTo("UNKNOWN[1999]");
        assertThat(stranger.fields()).containsEntry("b", "two");
    }

    @Test
    void recordOfAProgramKeepsItsMessage() {
        Records records = new Records(AuditDecoder.Options.LIVE);
        records.record(
                "USER_AUTH",
                1,
                "pid=7 uid=0 auid=4294967295 ses=4294967295 subj=unconfined msg='op=PAM:authentication acct=\"bob\""
                        + " exe=\"/usr/sbin/sshd\" hostname=h addr=10.0.0.9 terminal=ssh res=failed'");

        UserRecord record = (UserRecord) records.events.get(0);
        assertThat(record.fields()).containsEntry("acct", "bob").containsEntry("addr", "10.0.0.9");
        assertThat(record.outcome()).isEqualTo("failure");
        assertThat(record.context().actor().pid()).isEqualTo(7);
    }
}
