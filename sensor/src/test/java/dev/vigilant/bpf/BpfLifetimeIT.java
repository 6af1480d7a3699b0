// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vigilant.event.EventKind;
import dev.vigilant.jna.KernelObjects;
import dev.vigilant.source.Interest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nothing stays in the kernel, however the sensor ends. Needs root, BTF and libbpf1. */
@Timeout(120)
class BpfLifetimeIT {
    @BeforeEach
    void kernelLetsUs() {
        Sensing.kernelLetsUs();
    }

    private static BpfSensor begin() throws IOException {
        BpfSensor sensor = new BpfSensor(Sensing.settings(1 << 16, 1 << 16, Set.of()), Sensing.PROC);
        sensor.want(List.of(new Interest(EventKind.CHANGE_ROOT, List.of())));
        sensor.start();
        return sensor;
    }

    /** What is left of these; the kernel lets go of some of them a little later than asked. */
    private static Set<String> left(Set<String> objects) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        Set<String> left = new TreeSet<>(objects);
        while (left.retainAll(KernelObjects.all()) | !left.isEmpty()) {
            if (System.nanoTime() > end) {
                break;
            }
            LockSupport.parkNanos(20_000_000);
        }
        return left;
    }

    private static void assertWhole(Set<String> objects) {
        assertThat(objects).filteredOn(o -> o.startsWith("prog ")).hasSize(7);
        assertThat(objects).filteredOn(o -> o.startsWith("link ")).hasSize(7);
        assertThat(objects).filteredOn(o -> o.startsWith("map ")).hasSizeGreaterThan(5);
        assertThat(KernelObjects.all()).containsAll(objects);
    }

    @Test
    void closingTakesEverythingOutOfTheKernel() throws Exception {
        long own = ProcessHandle.current().pid();
        Set<String> before = KernelObjects.of(own);
        BpfSensor sensor = begin();
        Set<String> objects = new TreeSet<>(KernelObjects.of(own));
        objects.removeAll(before);
        assertWhole(objects);

        sensor.close();

        assertThat(left(objects)).isEmpty();
        assertThat(KernelObjects.of(own)).isEqualTo(before);
    }

    @Test
    void loadingThatFailsLeavesNothing() throws Exception {
        long own = ProcessHandle.current().pid();
        Set<String> before = KernelObjects.of(own);

        // The kernel refuses the ring, after other maps were made.
        assertThatThrownBy(() -> new BpfSensor(Sensing.settings(1 << 16, 0, Set.of()), Sensing.PROC))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("vital");

        assertThat(KernelObjects.of(own)).isEqualTo(before);
    }

    @Test
    void killingTheProcessTakesEverythingOutOfTheKernel() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+IgnoreUnrecognizedVMOptions",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xmx64m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        BpfLifetimeIT.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            assertThat(process.inputReader().readLine()).isEqualTo("senses");
            Set<String> objects = KernelObjects.of(process.pid());
            assertWhole(objects);

            // SIGKILL: nothing of the process runs any more.
            process.destroyForcibly().waitFor();

            assertThat(left(objects)).isEmpty();
        } finally {
            process.destroyForcibly();
        }
    }

    /** What the process that is killed runs. */
    public static void main(String[] args) throws Exception {
        try (BpfSensor sensor = begin()) {
            System.out.println("senses");
            System.out.flush();
            while (System.in.read() >= 0) {
                sensor.read((channel, type, buffer, offset, length, time) -> {});
            }
        }
    }
}
