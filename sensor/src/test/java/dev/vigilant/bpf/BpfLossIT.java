// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vigilant.counter.Counter;
import dev.vigilant.counter.Counters;
import dev.vigilant.event.ChangeRoot;
import dev.vigilant.event.EventKind;
import dev.vigilant.event.FileOpen;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.event.ProcessExec;
import dev.vigilant.event.ProcessExit;
import dev.vigilant.event.ProcessFork;
import dev.vigilant.event.SensorHealth;
import dev.vigilant.source.Interest;
import dev.vigilant.source.Interest.FileDemand;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Rings that are too small, and a reader that does not come: nothing is lost without a word. Needs root, BTF, libbpf1 and gcc. */
@Timeout(120)
class BpfLossIT {
    private static final String SECRET = "vigilant-it-secret";
    private static final int TINY = 1 << 16;
    private static final int COUNT = 4000;

    /** Goes to the ring of what comes in floods, and nobody else on the machine does it. */
    private static final Interest SPELLED =
            Sensing.demand(new FileDemand(Set.of(), Set.of(SECRET), Set.of(), Set.of()));

    private static final Interest ROOTS = new Interest(EventKind.CHANGE_ROOT, List.of());

    @TempDir
    private Path directory;

    @BeforeEach
    void kernelLetsUs() throws Exception {
        Sensing.kernelLetsUs();
        Files.writeString(directory.resolve(SECRET), "s");
    }

    @Test
    void deedsAreEventsAndLosses() throws Exception {
        Path deeds = Sensing.compile("deeds", directory);
        Sensing sensing = Sensing.of(
                Sensing.settings(TINY, TINY, Set.of()),
                List.of(SPELLED, ROOTS),
                directory,
                deeds + " mixed " + COUNT + " " + SECRET);

        assertThat(sensing.lost(EventKind.FILE_OPEN)).isPositive();
        assertThat(sensing.of(FileOpen.class).size() + sensing.lost(EventKind.FILE_OPEN))
                .isEqualTo(COUNT);
        assertThat(sensing.lost(EventKind.CHANGE_ROOT)).isPositive();
        assertThat(sensing.of(ChangeRoot.class).size() + sensing.lost(EventKind.CHANGE_ROOT))
                .isEqualTo(COUNT);
        // Others fork as well meanwhile.
        assertThat(sensing.of(ProcessFork.class).size() + sensing.lost(EventKind.PROCESS_FORK))
                .isBetween((long) COUNT, COUNT + 500L);
        assertThat(sensing.of(ProcessExit.class).size() + sensing.lost(EventKind.PROCESS_EXIT))
                .isBetween((long) COUNT, COUNT + 500L);
        assertThat(sensing.of(SensorHealth.class))
                .extracting(SensorHealth::cause)
                .allMatch(cause -> cause.startsWith(Counter.LOST_BPF_RING_FULL.label() + ":"))
                .doesNotHaveDuplicates();
    }

    @Test
    void floodTakesNoRoomOfProcessesAndRareDeeds() throws Exception {
        Path deeds = Sensing.compile("deeds", directory);
        Sensing sensing = Sensing.of(
                Sensing.settings(TINY, Sensing.ROOM, Set.of()),
                List.of(SPELLED, ROOTS),
                directory,
                deeds + " opens " + COUNT + " " + SECRET + "; for i in 1 2 3; do /usr/sbin/chroot / /bin/true; done");

        assertThat(sensing.of(FileOpen.class).size() + sensing.lost(EventKind.FILE_OPEN))
                .isEqualTo(COUNT);
        assertThat(sensing.of(SensorHealth.class))
                .extracting(SensorHealth::cause)
                .containsExactly(Counter.LOST_BPF_RING_FULL.label() + ":" + EventKind.FILE_OPEN.label());
        assertThat(sensing.of(ChangeRoot.class)).hasSize(3);
        assertThat(sensing.own(ProcessExec.class))
                .filteredOn(e -> e.args().equals(List.of("/bin/true")))
                .hasSize(3);
    }

    /** Opens with a name that a rule asks for have half of the ring of processes, and the other one's room beyond that. */
    @Test
    void floodOfNamedFilesTakesNoRoomOfProcesses() throws Exception {
        Path deeds = Sensing.compile("deeds", directory);
        Sensing sensing = Sensing.of(
                Sensing.settings(TINY, 1 << 19, Set.of()),
                List.of(Sensing.opensOf(SECRET), ROOTS),
                directory,
                deeds + " opens " + COUNT + " " + SECRET + "; for i in 1 2 3; do /usr/sbin/chroot / /bin/true; done");

        assertThat(sensing.lost(EventKind.FILE_OPEN)).isPositive();
        assertThat(sensing.of(FileOpen.class).size() + sensing.lost(EventKind.FILE_OPEN))
                .isEqualTo(COUNT);
        assertThat(sensing.of(SensorHealth.class)).hasSize(1);
        assertThat(sensing.of(ChangeRoot.class)).hasSize(3);
        assertThat(sensing.own(ProcessExec.class))
                .filteredOn(e -> e.args().equals(List.of("/bin/true")))
                .hasSize(3);
    }

    /** What was told once is not told again, and what comes later is. */
    @Test
    void eachLossIsToldOnce() throws Exception {
        Path deeds = Sensing.compile("deeds", directory);
        try (BpfSensor sensor = new BpfSensor(Sensing.settings(TINY, Sensing.ROOM, Set.of()), Sensing.PROC)) {
            sensor.want(List.of(SPELLED));
            sensor.start();
            long first = lossOf(sensor, deeds);
            long none = lossTold(sensor);
            long second = lossOf(sensor, deeds);

            assertThat(first).isPositive().isLessThan(COUNT);
            assertThat(none).isZero();
            // The ring is still full.
            assertThat(second).isEqualTo(COUNT);
        }
    }

    private long lossOf(BpfSensor sensor, Path deeds) throws Exception {
        Sensing.run(directory, deeds + " opens " + COUNT + " " + SECRET);
        return lossTold(sensor);
    }

    private static long lossTold(BpfSensor sensor) {
        List<KernelEvent> told = new ArrayList<>();
        Counters counters = new Counters();
        sensor.tellLoss(told::add, counters, 1);
        Sensing sensing = new Sensing(0, told);
        // Programs that are looked for along the PATH and not found are lost as well.
        assertThat(counters.get(Counter.LOST_BPF_RING_FULL))
                .isEqualTo(sensing.lost(EventKind.FILE_OPEN) + sensing.lost(EventKind.PROCESS_EXEC));
        return sensing.lost(EventKind.FILE_OPEN);
    }
}
