// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.vigilant.container.CgroupIdentity;
import dev.vigilant.container.ContainerLookup;
import dev.vigilant.enrich.Enricher;
import dev.vigilant.event.Capabilities;
import dev.vigilant.event.Container;
import dev.vigilant.event.FileOpen;
import dev.vigilant.event.Process;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that is gone, with its parents, when its records are read: they say all that /proc would have said. Needs root,
 * BTF, libbpf1 and a control group of its own.
 */
@Timeout(120)
class BpfGoneProcessIT {
    private static final String SECRET = "vigilant-it-secret";
    private static final String ID = "9f2c4b6d8e0a1c3e5f7091b2d4f6a8c0e1f3051726384950a1b2c3d4e5f60718";
    private static final String SCOPE = "vigilant-it.slice/docker-" + ID + ".scope";

    /** What a runtime's files would say; they may be gone as well. */
    private static final ContainerLookup LOOKUP = new ContainerLookup() {
        @Override
        public @Nullable Container describe(CgroupIdentity identity) {
            return new Container(
                    identity.id(),
                    "docker",
                    true,
                    "web",
                    "web:1",
                    null,
                    0,
                    false,
                    List.of(),
                    List.of(),
                    Map.of(),
                    null);
        }

        @Override
        public @Nullable CgroupIdentity identify(String procCgroup) {
            return CgroupIdentity.of(procCgroup);
        }
    };

    @TempDir
    private Path directory;

    private List<Path> groups;

    @BeforeEach
    void makeGroups() throws IOException {
        Sensing.kernelLetsUs();
        groups = Stream.of("/sys/fs/cgroup", "/sys/fs/cgroup/unified", "/sys/fs/cgroup/pids")
                .map(Path::of)
                .filter(group -> Files.isWritable(group.resolve("cgroup.procs")))
                .map(group -> group.resolve(SCOPE))
                .toList();
        assumeTrue(!groups.isEmpty(), "no control groups");
        for (Path group : groups) {
            Files.createDirectories(group);
        }
    }

    @AfterEach
    void removeGroups() throws IOException {
        for (Path group : groups) {
            Files.deleteIfExists(group);
            Files.deleteIfExists(group.getParent());
        }
    }

    @Test
    void recordsOfAProcessThatIsGoneSayWhoItWas() throws Exception {
        Files.writeString(directory.resolve(SECRET), "s");
        String enter = groups.stream()
                .map(group -> "echo $$ > " + group + "/cgroup.procs; ")
                .collect(Collectors.joining());
        // A shell outside, a shell that enters and becomes another, a program of that one: none lives when it is read.
        Sensing sensing = Sensing.of(
                Sensing.settings(Sensing.ROOM, Sensing.ROOM, Set.of()),
                List.of(Sensing.opensOf(SECRET)),
                directory,
                "sh -c '" + enter + "exec sh -c \"mkdir deep; cd deep; cat ../" + SECRET + "; true\"'; : < " + SECRET);
        Enricher enricher = new Enricher(LOOKUP);
        sensing.events().forEach(enricher::enrich);

        List<FileOpen> opens = sensing.own(FileOpen.class).stream()
                .filter(open -> open.file().name().equals(SECRET))
                .toList();
        assertThat(opens).hasSize(2);
        FileOpen inside = opens.get(0);
        Process cat = inside.process();
        assertThat(Path.of("/proc/" + cat.pid())).doesNotExist();
        assertThat(cat.name()).isEqualTo("cat");
        assertThat(cat.executable()).isEqualTo(Path.of("/bin/cat").toRealPath().toString());
        assertThat(cat.args()).containsExactly("cat", "../" + SECRET);
        assertThat(cat.workingDirectory())
                .isEqualTo(directory.toRealPath().resolve("deep").toString());
        // This test's own, as those of what it started: none of them is set-uid.
        String status = Files.readString(Path.of("/proc/self/status"));
        assertThat(cat.capabilities()).isEqualTo(new Capabilities(set(status, "\nCapEff:"), set(status, "\nCapPrm:")));
        assertThat(cat.parent().name()).isEqualTo("sh");
        assertThat(cat.parent().args()).hasSize(3).startsWith("sh", "-c");
        assertThat(cat.ancestors()).extracting(Process::pid).contains((int) sensing.pid());
        assertThat(inside.container()).isNotNull();
        assertThat(inside.container().id()).isEqualTo(ID);
        assertThat(opens.get(1).process().pid()).isEqualTo((int) sensing.pid());
        assertThat(opens.get(1).container()).isNull();
    }

    @Test
    void effectiveAndPermittedCapabilitiesAreToldApart() throws Exception {
        Files.writeString(directory.resolve(SECRET), "s");
        assumeTrue(Files.exists(Path.of("/usr/sbin/setcap")), "needs setcap");
        Sensing sensing = Sensing.of(
                Sensing.settings(Sensing.ROOM, Sensing.ROOM, Set.of()),
                List.of(Sensing.opensOf(SECRET)),
                directory,
                "chmod 711 .; cp /bin/cat raw; /usr/sbin/setcap cap_net_raw=p raw;"
                        + " setpriv --reuid 65534 --regid 65534 --clear-groups ./raw " + SECRET);
        Enricher enricher = new Enricher(LOOKUP);
        sensing.events().forEach(enricher::enrich);

        FileOpen open = sensing.own(FileOpen.class).get(0);
        assertThat(open.process().capabilities()).isEqualTo(new Capabilities(0, 1 << 13));
    }

    private static long set(String status, String key) {
        int at = status.indexOf(key) + key.length();
        return Long.parseUnsignedLong(
                status.substring(at, status.indexOf('\n', at)).trim(), 16);
    }
}
