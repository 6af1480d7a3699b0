// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.container;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vigilant.event.Container;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One container's OCI configuration and, with docker or iSulad, the runtime's own state beside it, read into a value. */
final class ContainerDescription {
    private static final List<String> NAMESPACES = List.of("pid", "network", "ipc", "uts", "user", "cgroup", "mount");

    private final CgroupIdentity identity;
    private final JsonNode oci;
    private final @Nullable JsonNode state;
    private final int initPid;

    ContainerDescription(CgroupIdentity identity, JsonNode oci, @Nullable JsonNode state, int initPid) {
        this.identity = identity;
        this.oci = oci;
        this.state = state;
        this.initPid = initPid;
    }

    Container container() {
        Map<String, String> labels = labels();
        return new Container(
                identity.id(),
                runtime(labels),
                true,
                name(labels),
                imageName(labels),
                imageId(labels),
                initPid,
                privileged(),
                hostNamespaces(),
                bindMounts(),
                labels,
                pod(labels));
    }

    private Map<String, String> labels() {
        Map<String, String> labels = new HashMap<>();
        oci.path("annotations")
                .properties()
                .forEach(e -> labels.put(e.getKey(), e.getValue().asText()));
        if (state != null) {
            state.path("Config")
                    .path("Labels")
                    .properties()
                    .forEach(e -> labels.put(e.getKey(), e.getValue().asText()));
        }
        return labels;
    }

    private String runtime(Map<String, String> labels) {
        if (identity.runtime().equals("cri")) {
            return "containerd";
        }
        return "libpod".equals(labels.get("io.container.manager")) ? "podman" : identity.runtime();
    }

    private @Nullable String name(Map<String, String> labels) {
        if (state != null && state.hasNonNull("Name")) {
            String name = state.path("Name").asText();
            return name.startsWith("/") ? name.substring(1) : name;
        }
        String name = first(
                labels,
                "io.kubernetes.cri.container-name",
                "io.kubernetes.container.name",
                "nerdctl/name",
                "io.kubernetes.cri-o.ContainerName",
                "io.podman.annotations.container.name");
        return name != null || identity.id().length() == 64 ? name : identity.id();
    }

    private @Nullable String imageName(Map<String, String> labels) {
        if (state != null && state.path("Config").hasNonNull("Image")) {
            return state.path("Config").path("Image").asText();
        }
        return first(
                labels,
                "io.kubernetes.cri.image-name",
                "io.kubernetes.cri-o.ImageName",
                "io.container.image.name",
                "nerdctl/image");
    }

    private @Nullable String imageId(Map<String, String> labels) {
        if (state != null && state.hasNonNull("Image")) {
            return state.path("Image").asText();
        }
        return first(labels, "io.kubernetes.cri.image-ref", "io.kubernetes.cri-o.ImageRef");
    }

    /** All that {@code --privileged} gives: every guard is off and the capability that is as good as root is there. */
    private boolean privileged() {
        JsonNode linux = oci.path("linux");
        boolean sysAdmin = false;
        for (JsonNode capability : oci.path("process").path("capabilities").path("bounding")) {
            sysAdmin |= capability.asText().equals("CAP_SYS_ADMIN");
        }
        return sysAdmin
                && !linux.hasNonNull("seccomp")
                && linux.path("maskedPaths").isEmpty();
    }

    private List<String> hostNamespaces() {
        List<String> shared = new ArrayList<>();
        for (String type : NAMESPACES) {
            boolean own = false;
            for (JsonNode namespace : oci.path("linux").path("namespaces")) {
                String path = namespace.path("path").asText();
                // docker names the host's network namespace by a path of its own.
                boolean hosts = path.startsWith("/proc/1/ns/") || path.endsWith("/docker/netns/default");
                own |= namespace.path("type").asText().equals(type) && !hosts;
            }
            if (!own) {
                shared.add(type.equals("network") ? "net" : type.equals("mount") ? "mnt" : type);
            }
        }
        return shared;
    }

    private List<Container.BindMount> bindMounts() {
        List<Container.BindMount> mounts = new ArrayList<>();
        for (JsonNode mount : oci.path("mounts")) {
            boolean bind = mount.path("type").asText().equals("bind");
            boolean readOnly = false;
            for (JsonNode option : mount.path("options")) {
                bind |= option.asText().equals("bind") || option.asText().equals("rbind");
                readOnly |= option.asText().equals("ro");
            }
            String source = mount.path("source").asText();
            if (bind && source.startsWith("/")) {
                mounts.add(new Container.BindMount(
                        source, mount.path("destination").asText(), !readOnly));
            }
        }
        return mounts;
    }

    private Container.@Nullable Pod pod(Map<String, String> labels) {
        String uid = identity.podUid() != null
                ? identity.podUid()
                : first(labels, "io.kubernetes.cri.sandbox-uid", "io.kubernetes.pod.uid");
        String name = first(labels, "io.kubernetes.cri.sandbox-name", "io.kubernetes.pod.name");
        if (uid == null && name == null) {
            return null;
        }
        return new Container.Pod(
                uid,
                name,
                first(labels, "io.kubernetes.cri.sandbox-namespace", "io.kubernetes.pod.namespace"),
                first(labels, "io.kubernetes.cri.container-name", "io.kubernetes.container.name"));
    }

    private static @Nullable String first(Map<String, String> labels, String... keys) {
        for (String key : keys) {
            String value = labels.get(key);
            if (value != null) {
                return value;
            }
        }
        return null;
    }
}
