// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.enrich;

import dev.vigilant.container.CgroupIdentity;
import dev.vigilant.container.ContainerLookup;
import dev.vigilant.enrich.ProcessTable.Entry;
import dev.vigilant.enrich.ProcessTable.Image;
import dev.vigilant.event.Actor;
import dev.vigilant.event.Container;
import dev.vigilant.event.ContainerSnapshot;
import dev.vigilant.event.KernelEvent;
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
import org.jspecify.annotations.Nullable;

/**
 * Gives each event its process, with lineage, and its container.
 *
 * <p>Threading: one stage thread. Allocation: a {@link Process} at fork, exec and change of identity; none otherwise.
 *
 * <h2>Which container</h2>
 *
 * A process belongs to a container from its first exec there, and its children with it. What a runtime does before that
 * (namespaces, mounts, pivot_root) is the host's doing, though the process may already sit in the container's cgroup. At
 * exec the cgroup decides. Where it could not be read, because the process was gone or this is a replay, the command line of
 * the runtime that started it decides; else it stays where it was.
 *
 * <h2>Two streams</h2>
 *
 * The process connector tells fork, exec and exit sooner than audit tells what happened between them. A noticed exec
 * therefore waits in {@link Entry#ahead} until its record comes: forks copy the newest image, events are told of the image
 * that the event stream has come to. Otherwise a runtime's own mounts would look like the container's.
 */
public final class Enricher {
    /** Audit stamps an event with the last timer tick before its syscall; other clocks may differ by that. */
    private static final long CLOCK_SKEW_NANOS = 50_000_000L;

    /** /proc gives start times in ticks of 10 ms. */
    private static final long SAME_START_NANOS = 50_000_000L;

    /** Execs in a row that no record confirmed; more means that their records were lost. */
    private static final int MAX_AHEAD = 8;

    private final ProcessTable table = new ProcessTable();
    private final Containers containers;

    /** @param lookup how to learn about containers */
    public Enricher(ContainerLookup lookup) {
        this.containers = new Containers(lookup);
    }

    /** Sets process and container of the event, and learns from it. */
    public void enrich(KernelEvent event) {
        long now = event.context().timeNanos();
        switch (event.kind()) {
            case PROCESS_SNAPSHOT -> snapshot(((ProcessSnapshot) event).facts(), now);
            case CONTAINER_SNAPSHOT -> containers.put(((ContainerSnapshot) event).description());
            case PROCESS_FORK -> fork((ProcessFork) event, now);
            case PROCESS_EXEC -> exec((ProcessExec) event, now);
            case PROCESS_RENAME -> rename((ProcessRename) event, now);
            case PROCESS_EXIT -> exit((ProcessExit) event, now);
            case CLOCK_TICK -> table.expire(now);
            default -> other(event, now);
        }
    }

    /** Processes that are known, the lately ended ones included. */
    public int size() {
        return table.size();
    }

    private void snapshot(ProcFacts facts, long now) {
        Entry known = table.get(facts.pid());
        if (known != null && isSame(known, facts)) {
            known.announced = facts;
            return;
        }
        Entry parent = table.get(facts.ppid());
        CgroupIdentity identity = facts.cgroup() == null ? null : containers.identify(facts.cgroup());
        Container container = identity == null ? null : containers.of(identity, now);
        Process process = new Process(
                facts.pid(),
                facts.startNanos(),
                facts.name(),
                facts.executable(),
                facts.deleted(),
                facts.args(),
                facts.workingDirectory(),
                facts.credentials(),
                null,
                parent == null ? null : parent.newest(),
                container,
                container != null && (parent == null || parent.newest().container() == null),
                facts.stdin(),
                facts.capabilities(),
                facts.processGroup(),
                facts.environment());
        Entry made = table.put(process, parent);
        made.announced = facts;
        noteRuntime(made, process);
    }

    private static boolean isSame(Entry known, ProcFacts facts) {
        long start = known.process.startNanos();
        return known.exitNanos == 0
                || start == 0
                || facts.startNanos() == 0
                || Math.abs(start - facts.startNanos()) < SAME_START_NANOS;
    }

    private void fork(ProcessFork event, long now) {
        Entry parent = live(event.context().actor().pid(), event.context().actor(), now);
        Entry known = table.get(event.childPid());
        if (known == null || known.exitNanos != 0 || known.process.startNanos() < now - ProcessTable.LINGER_NANOS) {
            table.put(Lineage.forked(parent.newest(), event.childPid(), now), parent);
        } else if (known.process.parent() == null) {
            known.process = Lineage.adopted(known.process, parent.newest());
        }
        identify(event, parent, now);
    }

    private void exec(ProcessExec event, long now) {
        Actor actor = event.context().actor();
        Entry entry = live(actor.pid(), actor, now);
        if (event.context().origin() == Origin.PROC_CONNECTOR) {
            notice(entry, now);
        } else if (event.context().outcome() == Outcome.FAILURE) {
            settle(entry, now);
        } else {
            execTold(event, entry, now);
        }
        identify(event, entry, now);
    }

    /** The process connector told an exec; its record will come, but children may come before it. */
    private void notice(Entry entry, long now) {
        Process before = entry.newest();
        ProcFacts facts = entry.announced;
        entry.announced = null;
        Container container = containerAtExec(entry, before, facts, now);
        boolean entering = isEntry(before, container, facts == null ? List.of() : facts.args());
        Process image = Lineage.noticed(before, facts, container, entering);
        entry.ahead.add(new Image(image, now));
        noteRuntime(entry, image);
        if (entry.ahead.size() > MAX_AHEAD) {
            goOnWithoutRecord(entry);
        }
    }

    private void execTold(ProcessExec event, Entry entry, long now) {
        Actor actor = event.context().actor();
        while (entry.ahead.size() > 1 && entry.ahead.element().sinceNanos < now - CLOCK_SKEW_NANOS) {
            goOnWithoutRecord(entry);
        }
        Process before = entry.process;
        Image noticed = entry.ahead.poll();
        Process seen;
        Container container;
        if (noticed != null) {
            seen = entry.seen(noticed.noticed, event.args());
            container = noticed.noticed.container();
        } else {
            ProcFacts facts = entry.announced;
            entry.announced = null;
            container = containerAtExec(entry, before, facts, now);
            seen = entry.seen(Lineage.noticed(before, facts, container, false), event.args());
        }
        boolean entering = isEntry(before, container, event.args());
        if (before.container() == null) {
            container = entered(entry, before, event.args(), container, now);
            entering = container != null;
        }
        entry.process = new Process(
                actor.pid(),
                before.startNanos(),
                nameOf(actor.name(), event),
                actor.executable() != null ? actor.executable() : event.file().path(),
                actor.deleted(),
                event.args(),
                actor.workingDirectory() != null ? actor.workingDirectory() : before.workingDirectory(),
                actor.credentials(),
                actor.tty(),
                before.parent(),
                container,
                entering,
                seen.stdin(),
                seen.capabilities(),
                seen.processGroup(),
                seen.environment());
        entry.executed = true;
        if (noticed != null) {
            noticed.told = entry.process;
        }
        noteRuntime(entry, entry.process);
    }

    /** A program of many names that executes itself anew (busybox) has only argv left to say which one it is. */
    private static String nameOf(@Nullable String name, ProcessExec event) {
        if (name == null) {
            return event.file().name();
        }
        if (!name.equals(Process.NAMELESS) || event.args().isEmpty()) {
            return name;
        }
        String first = event.args().get(0);
        String last = first.substring(first.lastIndexOf('/') + 1);
        return last.isEmpty() ? name : last;
    }

    /**
     * The container of a process that had none, after an exec whose arguments are known for certain: what /proc said when
     * the exec was noticed may have been about the next one, and runc's init executes itself before the container's program.
     */
    private @Nullable Container entered(
            Entry entry, Process before, List<String> args, @Nullable Container noticed, long now) {
        if (RuntimeCommand.isInit(args)) {
            return null;
        }
        if (noticed == null && entry.runtimeTarget != null && RuntimeCommand.isInit(before.args())) {
            return containers.of(entry.runtimeTarget, now);
        }
        return noticed;
    }

    private static boolean isEntry(Process before, @Nullable Container container, List<String> args) {
        if (container == null) {
            return false;
        }
        Container was = before.container();
        return was == null
                || !was.id().equals(container.id())
                || (before.entry() && before.args().equals(args));
    }

    private void noteRuntime(Entry entry, Process image) {
        if (image.container() != null) {
            entry.runtimeTarget = null;
            return;
        }
        String target = RuntimeCommand.target(image.executable(), image.args());
        if (target != null) {
            entry.runtimeTarget = target;
            // The runtime's files are there now; after a container that lives for milliseconds they are not.
            long now = Math.max(image.startNanos(), 1);
            containers.of(new CgroupIdentity(RuntimeCommand.runtime(image.args()), target, null), now);
        }
    }

    private @Nullable Container containerAtExec(Entry entry, Process before, @Nullable ProcFacts facts, long now) {
        if (facts != null && facts.cgroup() != null) {
            CgroupIdentity identity = containers.identify(facts.cgroup());
            // The runtime's own programs may sit in the cgroup already while they still prepare the container.
            boolean preparing = before.container() == null && RuntimeCommand.isInit(facts.args());
            if (identity != null) {
                return preparing ? null : containers.of(identity, now);
            }
        }
        boolean prepared =
                entry.preparing || RuntimeCommand.isInit(before.args()) || RuntimeCommand.isPreparing(before.name());
        entry.preparing = false;
        if (entry.runtimeTarget != null && before.container() == null && prepared) {
            return containers.of(entry.runtimeTarget, now);
        }
        Container stays = before.container();
        return stays == null ? null : containers.of(stays.id(), now);
    }

    private void rename(ProcessRename event, long now) {
        Entry entry = live(event.context().actor().pid(), event.context().actor(), now);
        entry.preparing = RuntimeCommand.isPreparing(event.name());
        identify(event, entry, now);
    }

    private void exit(ProcessExit event, long now) {
        Entry entry = table.get(event.context().actor().pid());
        if (entry != null) {
            identify(event, entry, now);
        }
        table.exited(event.context().actor().pid(), now);
        table.expire(now);
    }

    private void other(KernelEvent event, long now) {
        Actor actor = event.context().actor();
        if (actor.pid() == 0) {
            return;
        }
        Entry entry = live(actor.pid(), actor, now);
        settle(entry, now);
        resolve(entry, 0);
        if (entry.ahead.isEmpty()) {
            entry.process = Lineage.renewed(entry.process, event);
        }
        identify(event, entry, now);
    }

    /** An event that happened well after a noticed exec: the exec's own record was lost, go on without it. */
    private static void settle(Entry entry, long now) {
        while (!entry.ahead.isEmpty() && entry.ahead.element().sinceNanos < now - CLOCK_SKEW_NANOS) {
            goOnWithoutRecord(entry);
        }
    }

    private static void goOnWithoutRecord(Entry entry) {
        Image lost = entry.ahead.remove();
        lost.told = lost.noticed;
        entry.process = lost.noticed;
    }

    /** A fork of an image that was only noticed gets the image, or the parent, that was told since. */
    private static void resolve(Entry entry, int depth) {
        ProcessTable.Origin origin = entry.origin;
        if (origin == null || depth > Process.MAX_DEPTH) {
            return;
        }
        resolve(origin.parent(), depth + 1);
        Process told = origin.told();
        if (told != null) {
            entry.origin = null;
            entry.process = entry.executed
                    ? Lineage.adopted(entry.process, told)
                    : Lineage.forked(told, entry.process.pid(), entry.process.startNanos());
        }
    }

    /** The entry of a process that did something now; made from the event when no one told of it before. */
    private Entry live(int pid, Actor actor, long now) {
        Entry entry = table.get(pid);
        if (entry != null) {
            if (entry.process.parent() == null && actor.ppid() != 0) {
                Entry parent = table.get(actor.ppid());
                if (parent != null && actor.ppid() != pid) {
                    entry.process = Lineage.adopted(entry.process, parent.newest());
                }
            }
            return entry;
        }
        Entry parent = actor.ppid() == 0 ? null : table.get(actor.ppid());
        Process process = parent != null
                ? Lineage.forked(parent.newest(), pid, now)
                : Lineage.unknown(pid, actor.ppid() == 0 ? null : Lineage.unknown(actor.ppid(), null));
        return table.put(process, parent);
    }

    private void identify(KernelEvent event, Entry entry, long now) {
        resolve(entry, 0);
        Container container = entry.process.container();
        if (container != null && !container.described()) {
            Container newer = containers.of(container.id(), now);
            if (newer.described()) {
                entry.process = Lineage.moved(entry.process, newer, entry.process.entry());
                container = newer;
            }
        }
        event.context().identify(entry.process, container);
    }
}
