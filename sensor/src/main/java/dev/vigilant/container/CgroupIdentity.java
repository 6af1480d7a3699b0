// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.container;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the cgroup of a process says of its container: the runtime, the full id and, in Kubernetes, the pod's uid.
 *
 * <p>Reads cgroup v1, hybrid and v2 layouts, made by systemd or cgroupfs drivers. A path segment counts only in the shape
 * and place that a runtime gives it; hex digits alone prove nothing. A cgroup's name is chosen by whoever may write to
 * cgroupfs, so this is what the node's owner arranged, not what an escaped root says later.
 *
 * @param runtime docker, cri (containerd through Kubernetes), cri-o, podman, isulad, lxc, containerd or runc
 * @param id the container's id as the runtime writes it
 * @param podUid uid of the pod with dashes, null outside Kubernetes
 */
public record CgroupIdentity(
        String runtime, String id, @Nullable String podUid) {
    private static final String HEX64 = "([0-9a-f]{64})";
    private static final Pattern PREFIXED =
            Pattern.compile("(docker|cri-containerd|crio|libpod(?:-payload)?|nerdctl|isulad|kata|buildkit)[-_]" + HEX64
                    + "(?:\\.scope)?");
    private static final Pattern SLICE = Pattern.compile("[^:]+:(cri-containerd|crio|isulad|docker|nerdctl):" + HEX64);
    private static final Pattern BARE = Pattern.compile(HEX64);
    private static final Pattern CONMON = Pattern.compile("(?:crio|libpod)-conmon-" + HEX64 + "(?:\\.scope)?");
    private static final Pattern POD = Pattern.compile("(?:[a-z-]*-)?pod([0-9a-f]{8}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_]"
            + "[0-9a-f]{4}[-_][0-9a-f]{12}|[0-9a-f]{32})(?:\\.slice)?(?::.*)?");
    private static final Pattern LXC_PAYLOAD = Pattern.compile("lxc\\.payload\\.(.+)");

    /**
     * Finds the container in the text of /proc/PID/cgroup.
     *
     * @return null when the process is in no container that is recognised
     */
    public static @Nullable CgroupIdentity of(String procCgroup) {
        CgroupIdentity found = null;
        for (String line : procCgroup.split("\n", -1)) {
            int second = line.indexOf(':', line.indexOf(':') + 1);
            if (second > 0) {
                CgroupIdentity identity = ofPath(line.substring(second + 1));
                // Any controller may tell; in a hybrid tree some hierarchies hold the process at their root.
                if (identity != null && (found == null || identity.podUid != null)) {
                    found = identity;
                }
            }
        }
        return found;
    }

    /** Finds the container in one cgroup path, innermost first. */
    public static @Nullable CgroupIdentity ofPath(String path) {
        String[] segments = path.split("/", -1);
        for (int i = segments.length - 1; i >= 0; i--) {
            String segment = segments[i];
            if (CONMON.matcher(segment).matches() || segment.startsWith("lxc.monitor.")) {
                return null;
            }
            CgroupIdentity identity = ofSegment(segments, i);
            if (identity != null) {
                return identity;
            }
        }
        return null;
    }

    /** The pod is looked for only once there is a container: whoever may make cgroups may nest them two thousand deep. */
    private static @Nullable CgroupIdentity ofSegment(String[] segments, int at) {
        String segment = segments[at];
        String parent = at > 0 ? segments[at - 1] : "";
        Matcher matcher = PREFIXED.matcher(segment);
        if (matcher.matches()) {
            return new CgroupIdentity(runtime(matcher.group(1)), matcher.group(2), podUid(segments, at));
        }
        matcher = SLICE.matcher(segment);
        if (matcher.matches()) {
            return new CgroupIdentity(runtime(matcher.group(1)), matcher.group(2), podUid(segments, at));
        }
        matcher = BARE.matcher(segment);
        if (matcher.matches()) {
            if (parent.equals("docker") || parent.equals("actions_job")) {
                return new CgroupIdentity("docker", segment, podUid(segments, at));
            }
            if (parent.equals("isulad")) {
                return new CgroupIdentity("isulad", segment, podUid(segments, at));
            }
            if (POD.matcher(parent).matches()) {
                return new CgroupIdentity("cri", segment, podUid(segments, at));
            }
        }
        matcher = LXC_PAYLOAD.matcher(segment);
        if (matcher.matches()) {
            return new CgroupIdentity("lxc", matcher.group(1), null);
        }
        if (!segment.isEmpty() && (parent.equals("lxc") || parent.equals("lxc.payload"))) {
            return new CgroupIdentity("lxc", segment, null);
        }
        return null;
    }

    private static @Nullable String podUid(String[] segments, int until) {
        for (int i = until; i >= 0; i--) {
            Matcher matcher = POD.matcher(segments[i]);
            if (matcher.matches()) {
                return matcher.group(1).replace('_', '-');
            }
        }
        return null;
    }

    private static String runtime(String prefix) {
        return switch (prefix) {
            case "cri-containerd" -> "cri";
            case "crio" -> "cri-o";
            case "libpod", "libpod-payload" -> "podman";
            default -> prefix;
        };
    }
}
