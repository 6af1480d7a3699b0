// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.event;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the files of /proc/PID said at one moment. Fields of files that could not be read keep the value that means not
 * known.
 *
 * @param pid thread group id in the initial pid namespace
 * @param ppid pid of the parent
 * @param startNanos start time, nanoseconds since the epoch, 0 when not known
 * @param name comm
 * @param executable where /proc/PID/exe points, without {@code " (deleted)"}
 * @param deleted whether the link ended in {@code " (deleted)"}
 * @param args argv, empty for kernel threads
 * @param workingDirectory current directory
 * @param credentials ids of the status file
 * @param cgroup the text of /proc/PID/cgroup
 * @param hostMountNamespace whether it shares the mount namespace of pid 1; null when not known
 * @param stdin where descriptor 0 points ({@code socket:[123]}, {@code /dev/pts/0}); null when not known
 * @param capabilities of the status file; null when not known
 * @param processGroup process group in the initial pid namespace, 0 when not known
 * @param environment what was asked for of the environment at exec; empty when nothing was, or it could not be read
 */
public record ProcFacts(
        int pid,
        int ppid,
        long startNanos,
        String name,
        @Nullable String executable,
        boolean deleted,
        List<String> args,
        @Nullable String workingDirectory,
        Credentials credentials,
        @Nullable String cgroup,
        @Nullable Boolean hostMountNamespace,
        @Nullable String stdin,
        @Nullable Capabilities capabilities,
        int processGroup,
        Map<String, String> environment) {
    public ProcFacts {
        Objects.requireNonNull(name, "name == null");
        Objects.requireNonNull(credentials, "credentials == null");
        args = List.copyOf(args);
        // A recording of an earlier version has none.
        environment = Environment.copyOf(environment);
    }
}
