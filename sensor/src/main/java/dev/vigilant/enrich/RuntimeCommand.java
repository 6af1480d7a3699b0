// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.enrich;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the command line of a container runtime says of the container that it sets up or enters. It tells the container of
 * processes that end before their cgroup can be read, and in a replay, where there is no cgroup to read.
 */
final class RuntimeCommand {
    private static final Set<String> RUNTIMES = Set.of("runc", "crun", "youki", "runsc", "kata-runtime", "isulad-shim");
    private static final Pattern FULL_ID = Pattern.compile("[0-9a-f]{64}");

    private RuntimeCommand() {}

    /** The full container id that a runtime's or shim's arguments name; null when this is no runtime of the host. */
    static @Nullable String target(@Nullable String executable, List<String> args) {
        if (executable == null || !isRuntime(executable, args)) {
            return null;
        }
        for (int i = args.size() - 1; i > 0; i--) {
            if (FULL_ID.matcher(args.get(i)).matches()) {
                return args.get(i);
            }
        }
        return null;
    }

    /** The runtime that a command line is of, as far as it tells: docker's containers are in containerd's namespace moby. */
    static String runtime(List<String> args) {
        String line = String.join(" ", args);
        if (line.contains("moby") || line.contains("docker")) {
            return "docker";
        }
        return line.contains("k8s.io") ? "cri" : "containerd";
    }

    /** Whether these are the arguments of what runc re-executes to become the container's process: {@code runc init}. */
    static boolean isInit(List<String> args) {
        return args.size() >= 2
                && args.get(args.size() - 1).equals("init")
                && RUNTIMES.contains(lastComponent(args.get(0)));
    }

    /** Whether this is the name that runc gives the process that becomes the container's: {@code runc:[2:INIT]}. */
    static boolean isPreparing(String name) {
        return name.startsWith("runc:[2:");
    }

    private static boolean isRuntime(String executable, List<String> args) {
        String name = lastComponent(executable);
        return RUNTIMES.contains(name)
                || name.startsWith("containerd-shim")
                || name.equals("conmon")
                || (executable.startsWith("/memfd:runc_cloned") && !args.isEmpty());
    }

    private static String lastComponent(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
