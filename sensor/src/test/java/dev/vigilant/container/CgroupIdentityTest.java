// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vigilant.source.Allocation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CgroupIdentityTest {
    private static final String ID = "9f2c4b6d8e0a1c3e5f7091b2d4f6a8c0e1f3051726384950a1b2c3d4e5f60718";
    private static final String UID = "0b5b1c1e-6a54-4c1b-9c35-5b9a3a2f9d10";

    @ParameterizedTest
    @CsvSource({
        "/docker/ID, docker",
        "/system.slice/docker-ID.scope, docker",
        "/actions_job/ID, docker",
        "/kubepods/burstable/podUID/ID, cri",
        "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podUID_.slice/cri-containerd-ID.scope, cri",
        "/kubepods.slice/kubepods-podUID_.slice/crio-ID.scope, cri-o",
        "/kubepods/besteffort/podUID/crio-ID, cri-o",
        "/machine.slice/libpod-ID.scope/container, podman",
        "/machine.slice/libpod-ID.scope, podman",
        "/libpod_parent/libpod-ID, podman",
        "/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-ID.scope, podman",
        "/isulad/ID, isulad",
        "/system.slice/isulad-ID.scope, isulad",
        "/system.slice:isulad:ID, isulad",
        "/system.slice/containerd.service/kubepods-burstable-podUID_.slice:cri-containerd:ID, cri",
        "/default/nerdctl-ID.scope, nerdctl",
        "/docker/ID/nested/child, docker",
        "/docker/ID/system.slice/sshd.service, docker",
    })
    void readsTheContainerOfEachRuntimeAndDriver(String template, String runtime) {
        String path = template.replace("UID_", UID.replace('-', '_'))
                .replace("UID", UID)
                .replace("ID", ID);

        CgroupIdentity identity = CgroupIdentity.ofPath(path);

        assertThat(identity).isNotNull();
        assertThat(identity.runtime()).isEqualTo(runtime);
        assertThat(identity.id()).isEqualTo(ID);
        assertThat(identity.podUid()).isEqualTo(template.contains("UID") ? UID : null);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "",
                "/process_api/bdd6554917daa1e3441a30f7201dc1d1",
                "/jobs/" + ID,
                "/" + ID,
                "/system.slice/docker.service",
                "/machine.slice/libpod-conmon-" + ID + ".scope",
                "/crio-conmon-" + ID + ".scope",
                "/lxc.monitor.web",
                "/lxc/",
                "/docker/9f2c4b6d8e0a",
                "/user.slice/user-0.slice/session-1.scope",
            })
    void takesNoHostCgroupForAContainer(String path) {
        assertThat(CgroupIdentity.ofPath(path)).isNull();
    }

    @Test
    void findsTheContainerInAHybridTreeWhereSomeHierarchiesStayAtTheRoot() {
        String text = "9:name=systemd:/\n4:memory:/docker/" + ID + "\n1:cpu:/docker/" + ID + "\n0::/\n";

        assertThat(CgroupIdentity.of(text)).isEqualTo(new CgroupIdentity("docker", ID, null));
    }

    @Test
    void innermostContainerWins() {
        String inner = ID.replace('9', 'a');

        CgroupIdentity identity = CgroupIdentity.ofPath("/docker/" + ID + "/docker/" + inner);

        assertThat(identity).isNotNull();
        assertThat(identity.id()).isEqualTo(inner);
    }

    @Test
    void readsLxcByName() {
        assertThat(CgroupIdentity.ofPath("/lxc.payload.web")).isEqualTo(new CgroupIdentity("lxc", "web", null));
        assertThat(CgroupIdentity.ofPath("/lxc/web")).isEqualTo(new CgroupIdentity("lxc", "web", null));
    }

    @Test
    void costsNoMoreThanTheTextIsLong() {
        String deep = "/a".repeat(2000);

        Allocation.within(
                4_000_000, () -> assertThat(CgroupIdentity.of("0::" + deep)).isNull());
    }
}
