// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.vigilant.counter.Counter;
import dev.vigilant.counter.Counters;
import dev.vigilant.event.EventKind;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.event.ProcessFork;
import dev.vigilant.event.SensorHealth;
import dev.vigilant.source.EnvironmentDemand;
import dev.vigilant.source.Interest;
import dev.vigilant.source.Interest.FileDemand;
import dev.vigilant.source.Interest.Place;
import dev.vigilant.source.Support;
import dev.vigilant.syscall.SyscallArguments;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * What the programs in this machine's kernel told of what a script did, read after all of it had ended.
 *
 * @param pid the script's shell
 * @param events all of the machine's, in the order of the rings, then what was told of loss
 */
record Sensing(long pid, List<KernelEvent> events) {
    static final Path PROC = Path.of("/proc");
    static final int ROOM = 1 << 22;

    /** Programs in C for what a shell cannot do. */
    private static final Path OWN = Path.of("src/test/c");

    private static final Path SCENARIOS = Path.of("../rules/src/test/scenarios/bin");

    Sensing {
        events = List.copyOf(events);
    }

    static BpfSensor.Settings settings(int flood, int vital, Set<String> leftOut) {
        return new BpfSensor.Settings(flood, vital, leftOut);
    }

    /** Skips the test where the programs cannot be loaded. */
    static void kernelLetsUs() {
        Support support = BpfSensor.probe(PROC);
        assumeTrue(support instanceof Support.Supported, support.toString());
    }

    /** Runs {@code sh -ec} in a directory; nothing is read before it has ended. */
    static Sensing of(BpfSensor.Settings settings, Collection<Interest> interests, Path directory, String script)
            throws Exception {
        List<KernelEvent> events = new ArrayList<>();
        Counters counters = new Counters();
        long pid;
        try (BpfSensor sensor = new BpfSensor(settings, PROC)) {
            sensor.want(interests);
            sensor.start();
            pid = run(directory, script);
            sensor.stop();
            RecordDecoder decoder = new RecordDecoder(events::add, counters, false);
            while (sensor.read(decoder) > 0) {
                // Reads on until the rings are empty.
            }
            sensor.tellLoss(events::add, counters, 1);
        }
        assertThat(counters.get(Counter.REJECTED_BPF_RECORD)).isZero();
        return new Sensing(pid, events);
    }

    /** Returns the pid that the shell had. */
    static long run(Path directory, String script) throws Exception {
        Path said = directory.resolve("said");
        Process shell = new ProcessBuilder("sh", "-ec", script)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        boolean ended = shell.waitFor(120, TimeUnit.SECONDS);
        shell.destroyForcibly();
        assertThat(ended && shell.exitValue() == 0)
                .as("ended: %s; it said: %s", ended, Files.readString(said))
                .isTrue();
        return shell.pid();
    }

    /** Compiles a program for what a shell cannot do, and gives its path; skips the test where there is no compiler. */
    static Path compile(String name, Path directory) throws Exception {
        assumeTrue(Files.exists(Path.of("/usr/bin/gcc")), "needs gcc");
        assumeTrue(Files.exists(Path.of("/usr/include/stdio.h")), "needs libc6-dev");
        Path own = OWN.resolve(name + ".c");
        Path source = (Files.exists(own) ? own : SCENARIOS.resolve(name + ".c")).toAbsolutePath();
        run(directory, "gcc -O1 -o " + name + " " + source);
        return directory.resolve(name);
    }

    static Interest opensOf(String name) {
        return demand(new FileDemand(Set.of(name), Set.of(), Set.of(), Set.of()));
    }

    static Interest demand(FileDemand file) {
        return new Interest(EventKind.FILE_OPEN, List.of(), List.of(), Place.ANYWHERE, false, Set.of(), file);
    }

    static Interest execsWith(EnvironmentDemand environment) {
        return new Interest(
                EventKind.PROCESS_EXEC,
                List.of(),
                List.of(),
                Place.ANYWHERE,
                false,
                Set.of(),
                FileDemand.NONE,
                environment);
    }

    /** All that can be asked for, unconditionally. */
    static List<Interest> everything() {
        List<Interest> interests = new ArrayList<>();
        for (EventKind kind : EventKind.values()) {
            if (!SyscallArguments.of(kind).isEmpty()) {
                interests.add(new Interest(kind, List.of()));
            }
        }
        interests.add(new Interest(EventKind.CAPABILITY_USE, List.of()));
        interests.add(new Interest(EventKind.SYSTEM_CALL, List.of(), List.of("umask", "prctl")));
        return interests;
    }

    <T extends KernelEvent> List<T> of(Class<T> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** Events of the script and of what it started. */
    List<KernelEvent> own() {
        Set<Integer> pids = new HashSet<>(Set.of((int) pid));
        List<KernelEvent> own = new ArrayList<>();
        for (KernelEvent event : events) {
            if (pids.contains(event.context().actor().pid())) {
                own.add(event);
                if (event instanceof ProcessFork fork) {
                    pids.add(fork.childPid());
                }
            }
        }
        return own;
    }

    <T extends KernelEvent> List<T> own(Class<T> type) {
        return own().stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** How many events of a kind were told to be lost. */
    long lost(EventKind kind) {
        return of(SensorHealth.class).stream()
                .filter(h -> h.cause().equals(Counter.LOST_BPF_RING_FULL.label() + ":" + kind.label()))
                .mapToLong(SensorHealth::count)
                .sum();
    }
}
