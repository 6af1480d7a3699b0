// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.event;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A container as its runtime describes it. Of a container that is only known by its cgroup everything but id and runtime
 * is null or empty, and {@link #described} is false: unknown is neither true nor false.
 *
 * @param id full id, as the runtime writes it (64 hex digits for docker, containerd CRI, CRI-O, podman, iSulad)
 * @param runtime docker, containerd, cri-o, podman, isulad, runc, ...
 * @param described whether the runtime's state files could be read
 * @param name name without a leading slash
 * @param imageName image reference as the user wrote it, with its tag
 * @param imageId digest or id of the image
 * @param initPid pid of the container's init in the initial pid namespace, 0 when not known
 * @param privileged whether it was started privileged, or with all that makes it so
 * @param hostNamespaces namespaces shared with the host: pid, net, ipc, uts, user, cgroup, mnt
 * @param mounts bind mounts from the host
 * @param labels labels and annotations
 * @param pod the Kubernetes pod, null outside one
 */
public record Container(
        String id,
        String runtime,
        boolean described,
        @Nullable String name,
        @Nullable String imageName,
        @Nullable String imageId,
        int initPid,
        boolean privileged,
        List<String> hostNamespaces,
        List<BindMount> mounts,
        Map<String, String> labels,
        @Nullable Pod pod) {
    public Container {
        Objects.requireNonNull(id, "id == null");
        Objects.requireNonNull(runtime, "runtime == null");
        hostNamespaces = List.copyOf(hostNamespaces);
        mounts = List.copyOf(mounts);
        labels = Map.copyOf(labels);
    }

    /**
     * A host directory or file that is visible in the container.
     *
     * @param source absolute path on the host
     * @param destination absolute path in the container
     * @param writable whether it is mounted read-write
     */
    public record BindMount(String source, String destination, boolean writable) {
        public BindMount {
            Objects.requireNonNull(source, "source == null");
            Objects.requireNonNull(destination, "destination == null");
        }
    }

    /**
     * The Kubernetes pod of a container.
     *
     * @param uid pod uid, dashes included
     * @param name pod name
     * @param namespace Kubernetes namespace
     * @param containerName the container's name in the pod's manifest
     */
    public record Pod(
            @Nullable String uid,
            @Nullable String name,
            @Nullable String namespace,
            @Nullable String containerName) {}

    /** Whether its processes share the host's pid namespace. */
    public boolean hostPid() {
        return hostNamespaces.contains("pid");
    }

    /** Whether its processes share the host's network namespace. */
    public boolean hostNetwork() {
        return hostNamespaces.contains("net");
    }

    /** The image's name without tag and digest, null when the name is not known. */
    @Derived
    public @Nullable String imageRepository() {
        return imageName == null ? null : imageName.substring(0, endOfRepository(imageName));
    }

    /** The image's tag, null when its name says none. */
    @Derived
    public @Nullable String imageTag() {
        if (imageName == null) {
            return null;
        }
        int from = endOfRepository(imageName) + 1;
        int at = imageName.indexOf('@');
        int to = at < 0 ? imageName.length() : at;
        return from < to && imageName.charAt(from - 1) == ':' ? imageName.substring(from, to) : null;
    }

    /** A colon before the last slash belongs to a registry's port. */
    private static int endOfRepository(String image) {
        int at = image.indexOf('@');
        int end = at < 0 ? image.length() : at;
        int colon = image.lastIndexOf(':', end - 1);
        return colon > image.lastIndexOf('/', end - 1) ? colon : end;
    }

    /** A container of which only the cgroup told. */
    public static Container undescribed(String id, String runtime) {
        return new Container(id, runtime, false, null, null, null, 0, false, List.of(), List.of(), Map.of(), null);
    }

    /**
     * Where a path of the container lies on the host, when it lies below a bind mount.
     *
     * @param path absolute path as a process in the container sees it
     * @return absolute host path, or null when the path is the container's own
     */
    public @Nullable String hostPath(String path) {
        BindMount best = null;
        for (BindMount mount : mounts) {
            if (isBelow(path, mount.destination())
                    && (best == null
                            || mount.destination().length() > best.destination().length())) {
                best = mount;
            }
        }
        if (best == null) {
            return null;
        }
        String rest = best.destination().equals("/")
                ? path
                : path.substring(best.destination().length());
        String joined = best.source().equals("/") ? rest : best.source() + rest;
        return joined.isEmpty() ? "/" : joined;
    }

    private static boolean isBelow(String path, String directory) {
        return directory.equals("/")
                || path.equals(directory)
                || (path.startsWith(directory) && path.charAt(directory.length()) == '/');
    }
}
