// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.container;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.vigilant.source.Allocation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever text /proc/PID/cgroup holds, a container is found in it or none, and its id stands in the text. */
class CgroupIdentityFuzzTest {
    private static final String ID = "9f2c4b6d8e0a1c3e5f7091b2d4f6a8c0e1f3051726384950a1b2c3d4e5f60718";

    @TempDir
    private static Path root;

    @MethodSource("seeds")
    @DictionaryEntries({
        "docker",
        "cri-containerd-",
        "crio-",
        "libpod-",
        "isulad",
        "lxc.payload.",
        ".scope",
        ":/",
        "\\n",
        ID
    })
    @FuzzTest(maxDuration = "4s")
    void anyTextNamesAContainerOrNone(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        RuntimeFiles files = new RuntimeFiles(root);
        Allocation.within(2_000_000 + 10_000L * input.length, () -> {
            CgroupIdentity identity = files.identify(text);
            if (identity != null && (identity.id().isEmpty() || !text.contains(identity.id()))) {
                throw new AssertionError(identity + " of: " + text);
            }
        });
    }

    static Stream<byte[]> seeds() {
        String uid = "0b5b1c1e_6a54_4c1b_9c35_5b9a3a2f9d10";
        return Stream.of(
                        "9:name=systemd:/\n4:memory:/docker/" + ID + "\n0::/\n",
                        "0::/system.slice/docker-" + ID + ".scope\n",
                        "0::/kubepods.slice/kubepods-pod" + uid + ".slice/cri-containerd-" + ID + ".scope\n",
                        "0::/system.slice/containerd.service/kubepods-pod" + uid + ".slice:cri-containerd:" + ID,
                        "0::/lxc.payload.web\n",
                        "0::/user.slice/mybox\n")
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }
}
