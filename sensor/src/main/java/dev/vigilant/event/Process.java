// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.event;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A process between two execs: what runs under a pid, and who started it. A new one is made at each exec and each change
 * of identity; the old one stays as facts and alerts saw it.
 *
 * @param pid thread group id in the initial pid namespace
 * @param startNanos start time of the pid, nanoseconds since the epoch, 0 when not known; tells reused pids apart
 * @param name comm
 * @param executable path of the program as the process sees it, null for kernel threads or when not known
 * @param deleted whether the program's file was gone when it was executed
 * @param args argv, empty when not known
 * @param workingDirectory current directory at the last event that told it
 * @param credentials user and group ids at the last event that told them
 * @param tty controlling terminal, null if none
 * @param parent who created it; stays when the creator ends
 * @param container the container it runs in, null on the host
 * @param entry whether it is the first program of a runtime in its container: the container's init, or what {@code exec}
 *     of the runtime started
 * @param stdin where descriptor 0 pointed at exec, null when not known
 * @param capabilities at the last exec or capset, null when not known
 * @param processGroup process group in the initial pid namespace, as it was at the last exec; 0 when not known
 * @param environment what rules ask for of the environment at the last exec; empty when they ask for nothing, or it is not
 *     known: beside audit it is read from /proc, where a program that ends or executes another one at once is missed
 */
public record Process(
        int pid,
        long startNanos,
        String name,
        @Nullable String executable,
        boolean deleted,
        List<String> args,
        @Nullable String workingDirectory,
        Credentials credentials,
        @Nullable String tty,
        @Nullable Process parent,
        @Nullable Container container,
        boolean entry,
        @Nullable String stdin,
        @Nullable Capabilities capabilities,
        int processGroup,
        Map<String, String> environment) {
    /** No lineage is followed further than this; deeper chains are cut by whoever builds them. */
    public static final int MAX_DEPTH = 64;

    /** The comm of what executes {@code /proc/self/exe}: its name is that of its argv, or the one it had. */
    public static final String NAMELESS = "exe";

    public Process {
        args = Arguments.copyOf(args);
        environment = Environment.copyOf(environment);
    }

    /** A process whose capabilities, group and environment are not known. */
    public Process(
            int pid,
            long startNanos,
            String name,
            @Nullable String executable,
            boolean deleted,
            List<String> args,
            @Nullable String workingDirectory,
            Credentials credentials,
            @Nullable String tty,
            @Nullable Process parent,
            @Nullable Container container,
            boolean entry,
            @Nullable String stdin) {
        this(
                pid,
                startNanos,
                name,
                executable,
                deleted,
                args,
                workingDirectory,
                credentials,
                tty,
                parent,
                container,
                entry,
                stdin,
                null,
                0,
                Map.of());
    }

    /** argv joined by blanks. */
    public String commandLine() {
        return Arguments.copyOf(args).line();
    }

    /** argv without its first element, joined by blanks; empty when there is none. */
    public String argumentLine() {
        return Arguments.copyOf(args).tail();
    }

    /** The name, and argv after its first element, joined by blanks: what a process calls itself does not show. */
    public String nameAndArguments() {
        return Arguments.copyOf(args).tailAfter(name);
    }

    /** The entries {@code KEY=VALUE} of {@link #environment}, joined by blanks. */
    public String environmentLine() {
        return Environment.copyOf(environment).line();
    }

    /** Whether it leads its process group, as each command of an interactive shell does; false also when that is not known. */
    public boolean groupLeader() {
        return pid == processGroup;
    }

    /** Parent, grandparent and so on, nearest first, at most {@link #MAX_DEPTH}. */
    @Chain(next = "parent", most = MAX_DEPTH)
    public List<Process> ancestors() {
        List<Process> chain = new ArrayList<>();
        for (Process p = parent; p != null && chain.size() < MAX_DEPTH; p = p.parent) {
            chain.add(p);
        }
        return chain;
    }

    /** Prints itself without its ancestors. */
    @Override
    public String toString() {
        return "Process[" + pid + " " + name + " " + executable + "]";
    }

    /** Same pid and start: the same process, whatever it runs. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Process p
                && p.pid == pid
                && p.startNanos == startNanos
                && p.name.equals(name)
                && p.args.equals(args);
    }

    @Override
    public int hashCode() {
        return 31 * pid + Long.hashCode(startNanos);
    }
}
