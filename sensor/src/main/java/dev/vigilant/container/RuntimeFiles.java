// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.container;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vigilant.event.Container;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state files that container runtimes keep on disk: docker's config.v2.json and hostconfig.json, and the OCI
 * config.json of docker, containerd, CRI-O, podman, iSulad and plain runc.
 *
 * <p>Threading: one thread. Allocation: per container, not per event. Errors: a file that is missing, torn or too large
 * is as if it were not there; the container stays undescribed and is asked for again.
 */
public final class RuntimeFiles implements ContainerLookup {
    /** No state file is larger than this; what is larger is not read. */
    private static final long MAX_BYTES = 4L << 20;

    private final ObjectMapper mapper = new ObjectMapper();
    private final Path root;

    /** @param root the host's root directory, {@code /} unless the host is mounted elsewhere */
    public RuntimeFiles(Path root) {
        this.root = root;
    }

    @Override
    public @Nullable CgroupIdentity identify(String procCgroup) {
        CgroupIdentity identity = CgroupIdentity.of(procCgroup);
        return identity != null ? identity : plainRuntime(procCgroup);
    }

    /** runc and ctr put containers of any name below any cgroup; what tells is their state directory of that name. */
    private @Nullable CgroupIdentity plainRuntime(String procCgroup) {
        for (String line : procCgroup.split("\n", -1)) {
            String name = line.substring(line.lastIndexOf('/') + 1);
            if (name.isEmpty() || name.equals(".") || name.equals("..") || name.indexOf(':') >= 0 || !isPath(name)) {
                continue;
            }
            if (Files.exists(path("run/runc", name, "state.json"))) {
                return new CgroupIdentity("runc", name, null);
            }
            if (Files.exists(path("run/crun", name, "status"))) {
                return new CgroupIdentity("crun", name, null);
            }
            if (taskDirectory(name) != null) {
                return new CgroupIdentity("containerd", name, null);
            }
        }
        return null;
    }

    @Override
    public @Nullable Container describe(CgroupIdentity identity) {
        String id = identity.id();
        if (!isPath(id)) {
            return null;
        }
        Path task = taskDirectory(id);
        for (Path bundle : bundles(identity, task)) {
            JsonNode oci = read(bundle.resolve("config.json"));
            if (oci != null) {
                JsonNode docker = dockerState(id, bundle);
                return new ContainerDescription(identity, oci, docker, initPid(identity, task, docker)).container();
            }
        }
        return null;
    }

    private List<Path> bundles(CgroupIdentity identity, @Nullable Path task) {
        String id = identity.id();
        List<Path> bundles = new ArrayList<>();
        if (task != null) {
            bundles.add(task);
        }
        bundles.add(path("run/containers/storage/overlay-containers", id, "userdata"));
        bundles.add(path("var/lib/containers/storage/overlay-containers", id, "userdata"));
        for (Path engine : children(path("var/lib/isulad/engines"))) {
            bundles.add(engine.resolve(id));
        }
        JsonNode state = read(path("run/runc", id, "state.json"));
        if (state != null) {
            for (JsonNode label : state.path("config").path("labels")) {
                String text = label.asText();
                if (text.startsWith("bundle=") && isPath(text)) {
                    bundles.add(host(text.substring("bundle=".length())));
                }
            }
        }
        return bundles;
    }

    private @Nullable Path taskDirectory(String id) {
        for (String base : List.of(
                "run/containerd/io.containerd.runtime.v2.task",
                "run/docker/containerd/daemon/io.containerd.runtime.v2.task",
                "run/k3s/containerd/io.containerd.runtime.v2.task",
                "run/k0s/containerd/io.containerd.runtime.v2.task",
                "var/snap/microk8s/common/run/containerd/io.containerd.runtime.v2.task")) {
            for (Path namespace : children(path(base))) {
                Path task = namespace.resolve(id);
                if (Files.exists(task.resolve("config.json"))) {
                    return task;
                }
            }
        }
        return null;
    }

    private @Nullable JsonNode dockerState(String id, Path bundle) {
        JsonNode inBundle = read(bundle.resolve("config.v2.json"));
        return inBundle != null ? inBundle : read(path("var/lib/docker/containers", id, "config.v2.json"));
    }

    private int initPid(CgroupIdentity identity, @Nullable Path task, @Nullable JsonNode docker) {
        if (task != null) {
            try {
                return Integer.parseInt(
                        Files.readString(task.resolve("init.pid")).trim());
            } catch (IOException | NumberFormatException notYet) {
                // The shim writes it when the task is created; until then docker or runc may know.
            }
        }
        int fromDocker = docker == null ? 0 : docker.path("State").path("Pid").asInt(0);
        if (fromDocker != 0) {
            return fromDocker;
        }
        JsonNode state = read(path("run/runc", identity.id(), "state.json"));
        return state == null ? 0 : state.path("init_process_pid").asInt(0);
    }

    /** Whether a file can have the name: no NUL, and nothing that the locale cannot encode (in the C locale all but ASCII). */
    private static boolean isPath(String name) {
        try {
            return !Path.of(name).toString().isEmpty();
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private Path path(String first, String... more) {
        return root.resolve(Path.of(first, more));
    }

    private Path host(String absolute) {
        return root.resolve(absolute.startsWith("/") ? absolute.substring(1) : absolute);
    }

    private static List<Path> children(Path directory) {
        try (var entries = Files.list(directory)) {
            return entries.sorted().toList();
        } catch (IOException | java.io.UncheckedIOException absent) {
            return List.of();
        }
    }

    private @Nullable JsonNode read(Path file) {
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > MAX_BYTES) {
                return null;
            }
            return mapper.readTree(Files.readAllBytes(file));
        } catch (IOException tornOrGone) {
            return null;
        }
    }
}
