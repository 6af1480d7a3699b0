// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vigilant.event.Container;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuntimeFilesTest {
    private static final String ID = "9f2c4b6d8e0a1c3e5f7091b2d4f6a8c0e1f3051726384950a1b2c3d4e5f60718";
    private static final String OCI = """
            {"process": {"capabilities": {"bounding": ["CAP_CHOWN"]}},
             "annotations": {%s},
             "mounts": [{"destination": "/host", "source": "/", "type": "bind", "options": ["rbind", "rw"]},
                        {"destination": "/etc/hosts", "source": "/var/lib/x/hosts", "options": ["rbind", "ro"]},
                        {"destination": "/proc", "type": "proc", "source": "proc"}],
             "linux": {"namespaces": [{"type": "mount"}, {"type": "network"}, {"type": "ipc"}, {"type": "uts"},
                                      {"type": "cgroup"}],
                       "seccomp": {}, "maskedPaths": ["/proc/kcore"]}}
            """;

    @TempDir
    Path root;

    @Test
    void describesADockerContainerFromItsBundleAndState() throws IOException {
        write("run/containerd/io.containerd.runtime.v2.task/moby/" + ID + "/config.json", OCI.formatted(""));
        write("run/containerd/io.containerd.runtime.v2.task/moby/" + ID + "/init.pid", "4711");
        write("var/lib/docker/containers/" + ID + "/config.v2.json", """
                {"Name": "/web", "Image": "sha256:abc", "Config": {"Image": "nginx:1.27", "Labels": {"app": "shop"}}}
                """);

        Container container = new RuntimeFiles(root).describe(new CgroupIdentity("docker", ID, null));

        assertThat(container).isNotNull();
        assertThat(container.described()).isTrue();
        assertThat(container.name()).isEqualTo("web");
        assertThat(container.imageName()).isEqualTo("nginx:1.27");
        assertThat(container.imageId()).isEqualTo("sha256:abc");
        assertThat(container.initPid()).isEqualTo(4711);
        assertThat(container.labels()).containsEntry("app", "shop");
        assertThat(container.hostPid()).isTrue();
        assertThat(container.hostNetwork()).isFalse();
        assertThat(container.privileged()).isFalse();
        assertThat(container.hostPath("/host/etc/shadow")).isEqualTo("/etc/shadow");
        assertThat(container.hostPath("/host")).isEqualTo("/");
        assertThat(container.hostPath("/hosted")).isNull();
    }

    @Test
    void readsThePodFromTheAnnotationsOfContainerd() throws IOException {
        String annotations = """
                "io.kubernetes.cri.container-name": "app", "io.kubernetes.cri.image-name": "registry/app:3",
                "io.kubernetes.cri.sandbox-name": "app-1", "io.kubernetes.cri.sandbox-namespace": "shop"
                """;
        write("run/containerd/io.containerd.runtime.v2.task/k8s.io/" + ID + "/config.json", OCI.formatted(annotations));

        Container container = new RuntimeFiles(root).describe(new CgroupIdentity("cri", ID, "uid-1"));

        assertThat(container).isNotNull();
        assertThat(container.runtime()).isEqualTo("containerd");
        assertThat(container.name()).isEqualTo("app");
        assertThat(container.imageName()).isEqualTo("registry/app:3");
        assertThat(container.pod()).isEqualTo(new Container.Pod("uid-1", "app-1", "shop", "app"));
    }

    @Test
    void callsAContainerPrivilegedWhenEveryGuardIsOff() throws IOException {
        write("var/lib/isulad/engines/runc/" + ID + "/config.json", """
                {"process": {"capabilities": {"bounding": ["CAP_SYS_ADMIN"]}}, "linux": {"namespaces": []}}
                """);

        Container container = new RuntimeFiles(root).describe(new CgroupIdentity("isulad", ID, null));

        assertThat(container).isNotNull();
        assertThat(container.privileged()).isTrue();
    }

    @Test
    void knowsARuncContainerOfAnyNameByItsStateDirectory() throws IOException {
        write("bundles/b/config.json", OCI.formatted(""));
        write(
                "run/runc/mybox/state.json",
                "{\"init_process_pid\": 77, \"config\": {\"labels\": [\"bundle=/bundles/b\"]}}");
        RuntimeFiles files = new RuntimeFiles(root);

        CgroupIdentity identity = files.identify("0::/user.slice/mybox\n");

        assertThat(identity).isEqualTo(new CgroupIdentity("runc", "mybox", null));
        Container container = files.describe(identity);
        assertThat(container).isNotNull();
        assertThat(container.name()).isEqualTo("mybox");
        assertThat(container.initPid()).isEqualTo(77);
    }

    @Test
    void saysNothingOfAContainerWhoseFilesAreMissingOrTorn() throws IOException {
        RuntimeFiles files = new RuntimeFiles(root);
        assertThat(files.describe(new CgroupIdentity("docker", ID, null))).isNull();

        write("run/containerd/io.containerd.runtime.v2.task/moby/" + ID + "/config.json", "{\"process\": {");

        assertThat(files.describe(new CgroupIdentity("docker", ID, null))).isNull();
    }

    @Test
    void namesThatNoFileCanHaveAreNoContainers() throws IOException {
        write("run/runc/mybox/state.json", "{\"config\": {\"labels\": [\"bundle=/a\\u0000b\", \"bundle=/\\ud800\"]}}");
        RuntimeFiles files = new RuntimeFiles(root);

        assertThat(files.identify("0::/user.slice/my\0box\n")).isNull();
        assertThat(files.identify("0::/user.slice/my\ud800box\n")).isNull();
        assertThat(files.describe(new CgroupIdentity("runc", "my\0box", null))).isNull();
        assertThat(files.describe(new CgroupIdentity("runc", "mybox", null))).isNull();
    }

    private void write(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}
