// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.enrich;

import dev.vigilant.event.Actor;
import dev.vigilant.event.Capabilities;
import dev.vigilant.event.CapabilitySet;
import dev.vigilant.event.Container;
import dev.vigilant.event.Credentials;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.event.NamespaceChange;
import dev.vigilant.event.Outcome;
import dev.vigilant.event.ProcFacts;
import dev.vigilant.event.Process;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes one process from another: by fork, by exec, by news of its identity. */
final class Lineage {
    /** Characters; of /proc/PID/cmdline 64 KiB are read, of which one character takes four bytes at most. */
    private static final int LONG_COMMAND_LINE = 16 << 10;

    private Lineage() {}

    /** A process of which only the pid is known. */
    static Process unknown(int pid, @Nullable Process parent) {
        return new Process(
                pid,
                0,
                "",
                null,
                false,
                List.of(),
                null,
                Credentials.UNKNOWN,
                null,
                parent,
                parent == null ? null : parent.container(),
                false,
                null);
    }

    /** The child of a fork: the parent's image under another pid. */
    static Process forked(Process parent, int pid, long startNanos) {
        return new Process(
                pid,
                startNanos,
                parent.name(),
                parent.executable(),
                parent.deleted(),
                parent.args(),
                parent.workingDirectory(),
                parent.credentials(),
                parent.tty(),
                parent,
                parent.container(),
                false,
                parent.stdin(),
                parent.capabilities(),
                parent.processGroup(),
                parent.environment());
    }

    /** What runs after an exec of which /proc alone told, or nothing but that it was. */
    static Process noticed(Process before, @Nullable ProcFacts facts, @Nullable Container container, boolean entry) {
        return new Process(
                before.pid(),
                before.startNanos(),
                facts == null ? before.name() : facts.name(),
                facts == null ? null : facts.executable(),
                facts != null && facts.deleted(),
                facts == null ? List.of() : facts.args(),
                facts == null ? before.workingDirectory() : facts.workingDirectory(),
                facts == null ? before.credentials() : facts.credentials(),
                before.tty(),
                before.parent(),
                container,
                entry,
                facts == null ? before.stdin() : facts.stdin(),
                facts == null ? null : facts.capabilities(),
                facts == null ? 0 : facts.processGroup(),
                facts == null ? Map.of() : facts.environment());
    }

    /** Whether what /proc said is of the program with these arguments, as far as that can be told: long ones are not read whole. */
    static boolean mayHave(Process noticed, List<String> args) {
        List<String> seen = noticed.args();
        return seen.isEmpty()
                || args.isEmpty()
                || seen.equals(args)
                || (seen.get(0).equals(args.get(0)) && noticed.commandLine().length() >= LONG_COMMAND_LINE);
    }

    /** The same of which the environment is not known. */
    static Process withoutEnvironment(Process p) {
        return new Process(
                p.pid(),
                p.startNanos(),
                p.name(),
                p.executable(),
                p.deleted(),
                p.args(),
                p.workingDirectory(),
                p.credentials(),
                p.tty(),
                p.parent(),
                p.container(),
                p.entry(),
                p.stdin(),
                p.capabilities(),
                p.processGroup(),
                Map.of());
    }

    /** The process as an event of its own tells it; the same one when nothing is new. */
    static Process renewed(Process p, KernelEvent event) {
        Actor actor = event.context().actor();
        String name = actor.name() != null && !actor.name().equals(Process.NAMELESS) ? actor.name() : p.name();
        String executable = actor.executable() != null ? actor.executable() : p.executable();
        String directory = actor.workingDirectory() != null ? actor.workingDirectory() : p.workingDirectory();
        Credentials credentials =
                actor.credentials().equals(Credentials.UNKNOWN) ? p.credentials() : actor.credentials();
        String tty = actor.tty() != null ? actor.tty() : p.tty();
        boolean deleted = actor.executable() != null ? actor.deleted() : p.deleted();
        Capabilities capabilities = capabilities(p, credentials, event);
        if (name.equals(p.name())
                && Objects.equals(executable, p.executable())
                && Objects.equals(directory, p.workingDirectory())
                && credentials.equals(p.credentials())
                && Objects.equals(tty, p.tty())
                && deleted == p.deleted()
                && Objects.equals(capabilities, p.capabilities())) {
            return p;
        }
        return new Process(
                p.pid(),
                p.startNanos(),
                name,
                executable,
                deleted,
                p.args(),
                directory,
                credentials,
                tty,
                p.parent(),
                p.container(),
                p.entry(),
                p.stdin(),
                capabilities,
                p.processGroup(),
                p.environment());
    }

    /**
     * The capabilities after an event. Who becomes root or ceases to be it gains or loses some, by secure bits that no event
     * tells; who makes or enters a user namespace has all of them there. Until the next exec or capset they are not known.
     */
    private static @Nullable Capabilities capabilities(Process p, Credentials now, KernelEvent event) {
        boolean done = event.context().outcome() != Outcome.FAILURE;
        if (done && event instanceof CapabilitySet set) {
            return new Capabilities(set.effective(), set.permitted());
        }
        boolean elsewhere = done
                && event instanceof NamespaceChange change
                && (change.operation().equals("unshare") || change.operation().equals("setns"))
                && change.userNamespace();
        Credentials before = p.credentials();
        boolean stays = before.equals(Credentials.UNKNOWN)
                || ((before.uid() == 0) == (now.uid() == 0)
                        && (before.euid() == 0) == (now.euid() == 0)
                        && (before.suid() == 0) == (now.suid() == 0));
        return stays && !elsewhere ? p.capabilities() : null;
    }

    /** The same process in another container. */
    static Process moved(Process p, @Nullable Container container, boolean entry) {
        return new Process(
                p.pid(),
                p.startNanos(),
                p.name(),
                p.executable(),
                p.deleted(),
                p.args(),
                p.workingDirectory(),
                p.credentials(),
                p.tty(),
                p.parent(),
                container,
                entry,
                p.stdin(),
                p.capabilities(),
                p.processGroup(),
                p.environment());
    }

    /** The same process with a parent that was not known before. */
    static Process adopted(Process p, Process parent) {
        return new Process(
                p.pid(),
                p.startNanos(),
                p.name(),
                p.executable(),
                p.deleted(),
                p.args(),
                p.workingDirectory(),
                p.credentials(),
                p.tty(),
                parent,
                p.container(),
                p.entry(),
                p.stdin(),
                p.capabilities(),
                p.processGroup(),
                p.environment());
    }

    /** A copy whose chain of ancestors ends after {@code depth}, so that endless re-forking cannot hold memory. */
    static Process cut(Process process, int depth) {
        List<Process> chain = new ArrayList<>();
        for (Process p = process; p != null && chain.size() <= depth; p = p.parent()) {
            chain.add(p);
        }
        Process parent = null;
        for (int i = chain.size() - 1; i >= 0; i--) {
            Process p = chain.get(i);
            parent = new Process(
                    p.pid(),
                    p.startNanos(),
                    p.name(),
                    p.executable(),
                    p.deleted(),
                    p.args(),
                    p.workingDirectory(),
                    p.credentials(),
                    p.tty(),
                    parent,
                    p.container(),
                    p.entry(),
                    p.stdin(),
                    p.capabilities(),
                    p.processGroup(),
                    p.environment());
        }
        return parent == null ? process : parent;
    }
}
