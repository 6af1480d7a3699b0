// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.container;

import com.code_intelligence.jazzer.junit.DictionaryFile;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.vigilant.counter.Counter;
import dev.vigilant.counter.Counters;
import dev.vigilant.event.Container;
import dev.vigilant.event.ContainerSnapshot;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.source.Allocation;
import dev.vigilant.source.SnapshotFrames;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever the runtimes' state files hold, a container is described or not, and what is described comes back from a
 * recording. The input is the files, one after another, a 0xFF between.
 */
class RuntimeFilesFuzzTest {
    private static final String ID = "9f2c4b6d8e0a1c3e5f7091b2d4f6a8c0e1f3051726384950a1b2c3d4e5f60718";
    private static final String TASK = "run/containerd/io.containerd.runtime.v2.task/moby/" + ID;
    private static final List<String> FILES = List.of(
            TASK + "/config.json",
            "var/lib/docker/containers/" + ID + "/config.v2.json",
            TASK + "/init.pid",
            "run/runc/mybox/state.json",
            "bundles/b/config.json");

    @TempDir
    private static Path root;

    @BeforeAll
    static void makeDirectories() throws IOException {
        for (String file : FILES) {
            Files.createDirectories(root.resolve(file).getParent());
        }
    }

    @MethodSource("seeds")
    @DictionaryFile(resourcePath = "runtime.dict")
    @FuzzTest(maxDuration = "4s")
    void anyStateFilesDescribeAContainerOrNone(byte[] input) throws IOException {
        int start = 0;
        for (String file : FILES) {
            int end = start;
            while (end < input.length && input[end] != (byte) 0xff) {
                end++;
            }
            Files.write(root.resolve(file), Arrays.copyOfRange(input, Math.min(start, input.length), end));
            start = end + 1;
        }
        Allocation.within(2_000_000 + 5000L * input.length, () -> {
            RuntimeFiles files = new RuntimeFiles(root);
            comesBack(files.describe(new CgroupIdentity("docker", ID, null)));
            comesBack(files.describe(new CgroupIdentity("runc", "mybox", null)));
        });
    }

    private static void comesBack(Container container) {
        if (container == null) {
            return;
        }
        Counters counters = new Counters();
        List<KernelEvent> events = new ArrayList<>();
        SnapshotFrames frames = new SnapshotFrames(events::add, counters);
        frames.write(frames, container, 7);
        if (counters.get(Counter.SNAPSHOTS_UNREADABLE) > 0
                || !((ContainerSnapshot) events.get(0)).description().equals(container)) {
            throw new AssertionError("came back as " + events + ": " + container);
        }
    }

    static Stream<byte[]> seeds() {
        String oci = """
                {"process": {"capabilities": {"bounding": ["CAP_SYS_ADMIN"]}},
                 "annotations": {"io.kubernetes.cri.container-name": "app", "io.kubernetes.cri.sandbox-uid": "u"},
                 "mounts": [{"destination": "/host", "source": "/", "type": "bind", "options": ["rbind", "ro"]}],
                 "linux": {"namespaces": [{"type": "pid", "path": "/proc/1/ns/pid"}], "maskedPaths": ["/proc/kcore"]}}
                """;
        String docker = """
                {"Name": "/web", "Image": "sha256:abc", "State": {"Pid": 7},
                 "Config": {"Image": "nginx:1.27", "Labels": {"app": "shop"}}}
                """;
        String runc = "{\"init_process_pid\": 77, \"config\": {\"labels\": [\"bundle=/bundles/b\"]}}";
        return Stream.of(
                join(oci, docker, "4711\n", runc, oci), join("", "", "", runc, oci), join(oci, "{}", "", "{}", "[]"));
    }

    private static byte[] join(String... files) {
        return String.join("\u00ff", files).getBytes(StandardCharsets.ISO_8859_1);
    }
}
