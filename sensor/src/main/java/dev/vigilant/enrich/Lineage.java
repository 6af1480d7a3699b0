// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.enrich;

import dev.vigilant.event.Container;
import dev.vigilant.event.Credentials;
import dev.vigilant.event.Process;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes one process from another: by fork, by exec, by news of its identity. */
final class Lineage {
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
                parent.stdin());
    }

    /** The same process with other ids, directory and names, as the newest event tells them. */
    static Process renewed(
            Process p,
            String name,
            @Nullable String executable,
            boolean deleted,
            @Nullable String workingDirectory,
            Credentials credentials,
            @Nullable String tty) {
        return new Process(
                p.pid(),
                p.startNanos(),
                name,
                executable,
                deleted,
                p.args(),
                workingDirectory,
                credentials,
                tty,
                p.parent(),
                p.container(),
                p.entry(),
                p.stdin());
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
                p.stdin());
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
                p.stdin());
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
                    p.stdin());
        }
        return parent == null ? process : parent;
    }
}
