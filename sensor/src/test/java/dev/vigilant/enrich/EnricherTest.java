// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.enrich;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vigilant.container.CgroupIdentity;
import dev.vigilant.container.ContainerLookup;
import dev.vigilant.event.Actor;
import dev.vigilant.event.Capabilities;
import dev.vigilant.event.CapabilitySet;
import dev.vigilant.event.ClockTick;
import dev.vigilant.event.Container;
import dev.vigilant.event.Context;
import dev.vigilant.event.Credentials;
import dev.vigilant.event.FileOpen;
import dev.vigilant.event.FileTarget;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.event.MountChange;
import dev.vigilant.event.NamespaceChange;
import dev.vigilant.event.Origin;
import dev.vigilant.event.Outcome;
import dev.vigilant.event.ProcFacts;
import dev.vigilant.event.Process;
import dev.vigilant.event.ProcessExec;
import dev.vigilant.event.ProcessExit;
import dev.vigilant.event.ProcessFork;
import dev.vigilant.event.ProcessRename;
import dev.vigilant.event.ProcessSnapshot;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EnricherTest {
    private static final String ID = "9f2c4b6d8e0a1c3e5f7091b2d4f6a8c0e1f3051726384950a1b2c3d4e5f60718";
    private static final String IN_CONTAINER = "0::/docker/" + ID + "\n";
    private static final String ON_HOST = "0::/system.slice/docker.service\n";
    private static final long MS = 1_000_000L;
    private static final long T = 1_795_478_000_000L * MS;

    private boolean described = true;
    private final Enricher enricher = new Enricher(new ContainerLookup() {
        @Override
        public @Nullable Container describe(CgroupIdentity identity) {
            return described
                    ? new Container(
                            identity.id(),
                            "docker",
                            true,
                            "web",
                            "nginx",
                            null,
                            0,
                            false,
                            List.of(),
                            List.of(),
                            java.util.Map.of(),
                            null)
                    : null;
        }

        @Override
        public @Nullable CgroupIdentity identify(String procCgroup) {
            return CgroupIdentity.of(procCgroup);
        }
    });

    @Test
    void childrenInheritTheContainerOfTheirParent() {
        enrich(snapshot(100, 1, T, IN_CONTAINER, "nginx"));
        enrich(fork(100, 101, T + MS));

        KernelEvent open = enrich(open(101, 100, T + 2 * MS, "/usr/sbin/nginx"));

        assertThat(open.container()).extracting(Container::name).isEqualTo("web");
        assertThat(open.process().parent().pid()).isEqualTo(100);
    }

    @Test
    void whatTheRuntimeDoesBeforeTheFirstExecIsTheHosts() {
        runtimeStarts();
        enrich(snapshotOfExec(201, 200, T + 50 * MS, IN_CONTAINER, "sh"));
        enrich(noticed(201, T + 50 * MS));

        KernelEvent late = enrich(mount(201, 200, T + 49 * MS));
        KernelEvent exec = enrich(exec(201, 200, T + 49 * MS, "/bin/sh", "sh"));
        KernelEvent own = enrich(mount(201, 200, T + 60 * MS));

        assertThat(late.container()).isNull();
        assertThat(exec.container()).isNotNull();
        assertThat(exec.process().entry()).isTrue();
        assertThat(own.container()).isNotNull();
    }

    @Test
    void aChildForkedBeforeTheExecRecordCameIsInTheContainer() {
        runtimeStarts();
        enrich(snapshotOfExec(201, 200, T + 50 * MS, IN_CONTAINER, "sh"));
        enrich(noticed(201, T + 50 * MS));
        enrich(fork(201, 202, T + 51 * MS));
        enrich(exec(201, 200, T + 49 * MS, "/bin/sh", "sh"));

        KernelEvent open = enrich(open(202, 201, T + 52 * MS, "/bin/cat"));

        assertThat(open.container()).isNotNull();
    }

    @Test
    void theRuntimesCommandLineTellsTheContainerOfAProcessThatIsGone() {
        runtimeStarts();
        enrich(noticed(201, T + 50 * MS));

        KernelEvent exec = enrich(exec(201, 200, T + 50 * MS, "/bin/true", "true"));

        assertThat(exec.container()).extracting(Container::id).isEqualTo(ID);
        assertThat(exec.process().entry()).isTrue();
    }

    /** runc makes the container's process a sibling of {@code runc init}, with CLONE_PARENT: only its name tells. */
    @Test
    void theNameThatTheRuntimeGivesTellsTheContainersProcessFromAHook() {
        runtimeStarts();
        enrich(fork(200, 202, T + 10 * MS));
        enrich(new ProcessRename(at(T + 11 * MS, Origin.PROC_CONNECTOR, Actor.ofPid(202, 0)), "runc:[2:INIT]"));
        enrich(noticed(202, T + 50 * MS));

        KernelEvent exec = enrich(exec(202, 200, T + 50 * MS, "/bin/true", "true"));

        assertThat(exec.container()).extracting(Container::id).isEqualTo(ID);
        assertThat(exec.process().entry()).isTrue();
    }

    @Test
    void runcThatExecutesItselfAgainIsNotYetInTheContainer() {
        runtimeStarts();
        enrich(snapshotOfExec(201, 200, T + 50 * MS, IN_CONTAINER, "sh"));
        enrich(noticed(201, T + 49 * MS));
        enrich(noticed(201, T + 50 * MS));

        KernelEvent init = enrich(exec(201, 200, T + 49 * MS, "/", "runc", "init"));
        KernelEvent exec = enrich(exec(201, 200, T + 50 * MS, "/bin/sh", "sh"));

        assertThat(init.container()).isNull();
        assertThat(exec.container()).isNotNull();
        assertThat(exec.process().entry()).isTrue();
    }

    @Test
    void aProgramThatExecutesItselfIsNamedByItsArguments() {
        enrich(snapshot(100, 1, T, IN_CONTAINER, "sh"));

        KernelEvent exec = enrich(exec(100, 1, T + MS, "/proc/self/exe", "/bin/wget", "-q"));

        assertThat(exec.process().name()).isEqualTo("wget");
    }

    /** What was seen of a process that was gone too soon is completed when its record comes, for its children too. */
    @Test
    void aChildOfANoticedExecGetsTheParentThatItsRecordTold() {
        runtimeStarts();
        enrich(noticed(201, T + 50 * MS));
        enrich(fork(201, 203, T + 51 * MS));
        enrich(exec(201, 200, T + 49 * MS, "/bin/sh", "sh", "-c", "x"));

        KernelEvent open = enrich(open(203, 201, T + 52 * MS, "/bin/sh"));

        assertThat(open.process().args()).containsExactly("sh", "-c", "x");
        assertThat(open.process().parent().args()).containsExactly("sh", "-c", "x");
        assertThat(open.container()).isNotNull();
    }

    @Test
    void aHookThatTheRuntimeStartsStaysOnTheHost() {
        runtimeStarts();
        enrich(fork(200, 250, T + 40 * MS));

        KernelEvent exec = enrich(exec(250, 200, T + 41 * MS, "/usr/bin/hook", "hook"));

        assertThat(exec.container()).isNull();
    }

    @Test
    void aProcessThatLeavesItsCgroupStaysTheContainers() {
        enrich(snapshot(100, 1, T, IN_CONTAINER, "sh"));
        enrich(snapshotOfExec(100, 1, T + 5 * MS, ON_HOST, "id"));

        KernelEvent exec = enrich(exec(100, 1, T + 5 * MS, "/bin/id", "id"));

        assertThat(exec.container()).isNotNull();
    }

    @Test
    void anExecWithoutItsRecordIsGoneOnWithoutIt() {
        enrich(snapshot(100, 1, T, ON_HOST, "sh"));
        enrich(snapshotOfExec(100, 1, T + 5 * MS, IN_CONTAINER, "id"));
        enrich(noticed(100, T + 5 * MS));

        KernelEvent open = enrich(open(100, 1, T + 200 * MS, "/bin/id"));

        assertThat(open.container()).isNotNull();
    }

    @Test
    void aReusedPidIsAnotherProcess() {
        enrich(snapshot(100, 1, T, IN_CONTAINER, "sh"));
        enrich(new ProcessExit(at(T + MS, Origin.PROC_CONNECTOR, Actor.ofPid(100, 0)), 0, 0));
        enrich(snapshot(50, 1, T, ON_HOST, "bash"));
        enrich(fork(50, 100, T + 1000 * MS));

        KernelEvent open = enrich(open(100, 50, T + 1001 * MS, "/bin/bash"));

        assertThat(open.container()).isNull();
        assertThat(open.process().parent().pid()).isEqualTo(50);
    }

    @Test
    void anEndedProcessIsKnownForAWhileAndThenForgotten() {
        enrich(snapshot(100, 1, T, IN_CONTAINER, "sh"));
        enrich(new ProcessExit(at(T + MS, Origin.PROC_CONNECTOR, Actor.ofPid(100, 0)), 0, 0));

        assertThat(enrich(open(100, 1, T + MS, "/bin/sh")).container()).isNotNull();

        enrich(new ClockTick(at(T + 60_000 * MS, Origin.SENSOR, Actor.NONE)));
        assertThat(enricher.size()).isZero();
    }

    @Test
    void aDescriptionThatComesLateReachesLaterEvents() {
        described = false;
        enrich(snapshot(100, 1, T, IN_CONTAINER, "sh"));
        KernelEvent before = enrich(open(100, 1, T + MS, "/bin/sh"));
        described = true;

        KernelEvent after = enrich(open(100, 1, T + 500 * MS, "/bin/sh"));

        assertThat(before.container().described()).isFalse();
        assertThat(before.container().id()).isEqualTo(ID);
        assertThat(after.container().name()).isEqualTo("web");
    }

    @Test
    void endlessReforkingHoldsABoundedLineage() {
        enrich(snapshot(10, 1, T, ON_HOST, "sh"));
        for (int pid = 10; pid < 2000; pid++) {
            enrich(fork(pid, pid + 1, T + pid));
            enrich(new ProcessExit(at(T + pid, Origin.PROC_CONNECTOR, Actor.ofPid(pid, 0)), 0, 0));
        }

        Process last = enrich(open(2000, 1999, T + 3000, "/bin/sh")).process();
        int depth = 0;
        for (Process p = last; p != null; p = p.parent()) {
            depth++;
        }

        assertThat(depth).isLessThanOrEqualTo(2 * Process.MAX_DEPTH + 2);
    }

    @Test
    void anUnknownProcessIsMadeFromItsEvent() {
        enrich(snapshot(100, 1, T, IN_CONTAINER, "sh"));

        KernelEvent open = enrich(open(999, 100, T + MS, "/bin/cat"));

        assertThat(open.process().executable()).isEqualTo("/bin/cat");
        assertThat(open.container()).isNotNull();
    }

    @Test
    void capabilitiesAreTheParentsUntilTheExec() {
        enrich(snapshot(100, 1, T, ON_HOST, "sh"));
        enrich(fork(100, 101, T + MS));
        KernelEvent before = enrich(open(101, 100, T + 2 * MS, "/bin/sh"));
        enrich(snapshotOfExec(101, 100, T + 3 * MS, ON_HOST, "ping"));
        KernelEvent exec = enrich(exec(101, 100, T + 3 * MS, "/bin/ping", "ping"));
        KernelEvent unseen = enrich(exec(101, 100, T + 4 * MS, "/bin/sh", "sh"));

        assertThat(before.process().capabilities()).isEqualTo(new Capabilities(0, 0x200000));
        assertThat(exec.process().capabilities()).isEqualTo(new Capabilities(0x2000, 0x2000));
        assertThat(unseen.process().capabilities()).as("nothing told them").isNull();
    }

    @Test
    void capabilitiesOfAnExecThatWasNoticedAreThoseOfItsSnapshot() {
        enrich(snapshot(100, 1, T, ON_HOST, "sh"));
        enrich(snapshotOfExec(100, 1, T + MS, ON_HOST, "ping"));
        enrich(noticed(100, T + MS));
        KernelEvent exec = enrich(exec(100, 1, T + MS, "/bin/ping", "ping"));

        assertThat(exec.process().capabilities()).isEqualTo(new Capabilities(0x2000, 0x2000));
    }

    @Test
    void capsetRenewsCapabilitiesAndAFailedOneDoesNot() {
        enrich(snapshot(100, 1, T, ON_HOST, "sh"));
        Context failed =
                new Context(T + MS, Origin.EBPF, 0, actor(100, 1, null), "capset", "", -1, Outcome.FAILURE, true, null);
        KernelEvent refused = enrich(new CapabilitySet(failed, -1, -1, 0));
        KernelEvent set = enrich(new CapabilitySet(at(T + 2 * MS, Origin.EBPF, actor(100, 1, null)), 1, 3, 0));

        assertThat(refused.process().capabilities()).isEqualTo(new Capabilities(0, 0x200000));
        assertThat(set.process().capabilities()).isEqualTo(new Capabilities(1, 3));
        assertThat(set.process().capabilities().permittedNames()).containsExactly("CAP_CHOWN", "CAP_DAC_OVERRIDE");
    }

    @Test
    void capabilitiesAreNotKnownAfterRootBecameAnotherOrMadeAUserNamespace() {
        enrich(snapshot(100, 1, T, ON_HOST, "sh"));
        assertThat(enrich(openAs(0, T + MS)).process().capabilities()).isNotNull();
        assertThat(enrich(openAs(33, T + 2 * MS)).process().capabilities()).isNull();

        enrich(snapshot(101, 1, T, ON_HOST, "sh"));
        KernelEvent unshare =
                new NamespaceChange(at(T + MS, Origin.EBPF, actor(101, 1, null)), "unshare", 0x10000000L, -1);
        assertThat(enrich(unshare).process().capabilities()).isNull();
    }

    @Test
    void whatProcSaysOfTheNextProgramIsNotToldOfThisOne() {
        runtimeStarts();
        enrich(fork(200, 201, T));
        enrich(told(201, "/tmp/x.so", "sleep", "1"));
        enrich(noticed(201, T + MS));
        enrich(told(201, "/tmp/x.so", "sleep", "1"));
        enrich(noticed(201, T + MS));
        KernelEvent first = enrich(exec(201, 200, T + MS, "/bin/sh", "sh", "-c", "LD_PRELOAD=/tmp/x.so exec sleep 1"));
        KernelEvent second = enrich(exec(201, 200, T + MS, "/bin/sleep", "sleep", "1"));

        assertThat(first.process().entry()).isTrue();
        assertThat(first.process().environment()).isEmpty();
        assertThat(second.process().entry())
                .as("what the container's program executed")
                .isFalse();
        assertThat(second.process().environment()).containsEntry("LD_PRELOAD", "/tmp/x.so");
    }

    @Test
    void whatProcSaidTooEarlyIsToldWhereTheNextReadingFindsNothing() {
        enrich(snapshot(100, 1, T, IN_CONTAINER, "sh"));
        enrich(told(100, "/tmp/x.so", "true"));
        enrich(noticed(100, T + MS));
        enrich(noticed(100, T + MS));
        KernelEvent first = enrich(exec(100, 1, T + MS, "/bin/sh", "sh", "x"));
        KernelEvent second = enrich(exec(100, 1, T + MS, "/bin/true", "true"));
        KernelEvent third = enrich(exec(100, 1, T + 9 * MS, "/bin/true", "true"));

        assertThat(first.process().environment()).isEmpty();
        assertThat(second.process().environment()).containsEntry("LD_PRELOAD", "/tmp/x.so");
        assertThat(third.process().environment()).as("known of the one before").isEmpty();
    }

    private static KernelEvent told(int pid, String preload, String... args) {
        ProcFacts facts = new ProcFacts(
                pid,
                1,
                0,
                args[0],
                "/bin/" + args[0],
                false,
                List.of(args),
                "/",
                Credentials.UNKNOWN,
                IN_CONTAINER,
                null,
                null,
                null,
                0,
                Map.of("LD_PRELOAD", preload));
        return new ProcessSnapshot(at(T + MS, Origin.PROCFS, Actor.ofPid(pid, 1)), facts);
    }

    private static KernelEvent openAs(long uid, long time) {
        Credentials user = new Credentials(-1, uid, 0, uid, uid, uid, 0, 0, 0);
        Actor actor = new Actor(100, 1, user, "sh", null, false, null, null, -1, null);
        return new FileOpen(at(time, Origin.EBPF, actor), FileTarget.ofPath("/etc/hosts"), 0, 0, false);
    }

    private void runtimeStarts() {
        enrich(snapshot(200, 1, T, ON_HOST, "containerd-shim"));
        enrich(exec(200, 1, T + MS, "/usr/bin/runc", "runc", "--root", "/run/docker", "create", "--bundle", "/b", ID));
        enrich(fork(200, 201, T + 2 * MS));
        enrich(exec(201, 200, T + 3 * MS, "/usr/bin/runc", "runc", "init"));
    }

    private KernelEvent enrich(KernelEvent event) {
        enricher.enrich(event);
        return event;
    }

    private static Context at(long time, Origin origin, Actor actor) {
        return new Context(time, origin, 0, actor, null, "", 0, Outcome.SUCCESS, true, null);
    }

    private static Actor actor(int pid, int ppid, @Nullable String executable) {
        String name = executable == null ? null : executable.substring(executable.lastIndexOf('/') + 1);
        return new Actor(pid, ppid, Credentials.UNKNOWN, name, executable, false, null, null, -1, null);
    }

    private static KernelEvent snapshot(int pid, int ppid, long time, String cgroup, String name) {
        return snapshot(pid, ppid, time, time, cgroup, name, new Capabilities(0, 0x200000));
    }

    private static KernelEvent snapshotOfExec(int pid, int ppid, long time, String cgroup, String name) {
        return snapshot(pid, ppid, 0, time, cgroup, name, new Capabilities(0x2000, 0x2000));
    }

    private static KernelEvent snapshot(
            int pid, int ppid, long start, long time, String cgroup, String name, Capabilities capabilities) {
        List<String> args = List.of(name);
        ProcFacts facts = new ProcFacts(
                pid,
                ppid,
                start,
                name,
                "/bin/" + name,
                false,
                args,
                "/",
                Credentials.UNKNOWN,
                cgroup,
                null,
                null,
                capabilities,
                0,
                Map.of());
        return new ProcessSnapshot(at(time, Origin.PROCFS, Actor.ofPid(pid, ppid)), facts);
    }

    private static KernelEvent fork(int parent, int child, long time) {
        return new ProcessFork(at(time, Origin.PROC_CONNECTOR, Actor.ofPid(parent, 0)), child, 0);
    }

    private static KernelEvent noticed(int pid, long time) {
        return new ProcessExec(
                at(time, Origin.PROC_CONNECTOR, Actor.ofPid(pid, 0)), FileTarget.ofPath(""), List.of(), false);
    }

    private static KernelEvent exec(int pid, int ppid, long time, String executable, String... args) {
        return new ProcessExec(
                at(time, Origin.AUDIT, actor(pid, ppid, executable)),
                FileTarget.ofPath(executable),
                List.of(args),
                false);
    }

    private static KernelEvent open(int pid, int ppid, long time, String executable) {
        return new FileOpen(
                at(time, Origin.AUDIT, actor(pid, ppid, executable)), FileTarget.ofPath("/etc/hosts"), 0, 0, false);
    }

    private static KernelEvent mount(int pid, int ppid, long time) {
        return new MountChange(
                at(time, Origin.AUDIT, actor(pid, ppid, null)), "mount", null, null, FileTarget.ofPath("/proc"), 0);
    }
}
