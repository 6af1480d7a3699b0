// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vigilant.event.EventKind;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.event.ProcessExec;
import dev.vigilant.event.ProcessFork;
import dev.vigilant.source.Interest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With and without bpf_rdonly_cast the programs do the same. Needs root, BTF, libbpf1 and gcc. */
@Timeout(120)
class BpfVariantsIT {
    /** What differs from one run to the next whoever senses it. */
    private static final String[] CHANCE = {
        "context.timeNanos",
        "context.actor.pid",
        "context.actor.ppid",
        "context.result",
        "childPid",
        "targetPid",
        // Of umask, which has one argument: the others are what the registers held.
        "a1",
        "a2",
        "a3",
        "file.inode",
        "facts.pid",
        "facts.ppid",
        "facts.startNanos",
        "facts.stdin"
    };

    @TempDir
    private Path directory;

    @BeforeEach
    void kernelLetsUs() {
        Sensing.kernelLetsUs();
    }

    private List<KernelEvent> sense(String leftOut, List<Interest> interests, String script) throws Exception {
        List<KernelEvent> events = Sensing.of(
                        Sensing.settings(1 << 23, 1 << 23, Set.of(leftOut)),
                        interests,
                        directory,
                        "rm -rf work; mkdir work; cd work; " + script)
                .own();
        int first = 0;
        while (!(events.get(first) instanceof ProcessExec exec
                && exec.file().path().endsWith("/deeds"))) {
            first++;
        }
        return byProcess(events.subList(first, events.size()));
    }

    /** Process by process, in the order in which they were forked: which of two runs first is chance. */
    private static List<KernelEvent> byProcess(List<KernelEvent> events) {
        Map<Integer, List<KernelEvent>> byPid = new LinkedHashMap<>();
        for (KernelEvent event : events) {
            byPid.computeIfAbsent(event.context().actor().pid(), pid -> new ArrayList<>())
                    .add(event);
            if (event instanceof ProcessFork fork && fork.childPid() > 0) {
                byPid.computeIfAbsent(fork.childPid(), pid -> new ArrayList<>());
            }
        }
        return byPid.values().stream().flatMap(List::stream).toList();
    }

    private static Interest by(EventKind kind, String program) {
        return new Interest(
                kind, List.of(), List.of(), Interest.Place.ANYWHERE, false, Set.of(program), Interest.FileDemand.NONE);
    }

    private static void assertSame(List<KernelEvent> fast, List<KernelEvent> portable) {
        assertThat(portable)
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields(CHANCE)
                .containsExactlyElementsOf(fast);
        assertThat(results(portable)).isEqualTo(results(fast));
    }

    /** But those that are pids. */
    private static List<Long> results(List<KernelEvent> events) {
        return events.stream()
                .filter(e -> !(e instanceof ProcessFork))
                .map(e -> e.context().result())
                .toList();
    }

    @Test
    void tellTheSameOfTheSameDeeds() throws Exception {
        Path deeds = Sensing.compile("deeds", directory);
        Path uring = Sensing.compile("uring", directory);
        String script =
                deeds + " all; " + uring + " open one; " + uring + " rename four ten; " + uring + " mkdir eleven";

        List<KernelEvent> fast = sense("none", Sensing.everything(), script);
        List<KernelEvent> portable = sense("bpf_rdonly_cast", Sensing.everything(), script);

        assertThat(fast.stream().map(KernelEvent::kind).collect(Collectors.toSet()))
                .hasSizeGreaterThan(35);
        assertSame(fast, portable);
    }

    @Test
    void turnAwayTheSame() throws Exception {
        Path deeds = Sensing.compile("deeds", directory);
        List<Interest> interests = List.of(
                Sensing.opensOf("one"),
                Sensing.demand(new Interest.FileDemand(Set.of("mounted"), Set.of(), Set.of(), Set.of("tmpfs"))),
                Sensing.demand(new Interest.FileDemand(Set.of(), Set.of(), Set.of("directory"), Set.of())),
                Sensing.demand(new Interest.FileDemand(Set.of(), Set.of("eight"), Set.of(), Set.of())),
                by(EventKind.FILE_CHOWN, "deeds"),
                by(EventKind.FILE_CHMOD, "other"),
                new Interest(
                        EventKind.FD_DUPLICATE,
                        List.of(new Interest.Condition("newFd", Interest.Comparison.GREATER, 40))));

        List<KernelEvent> fast = sense("none", interests, deeds + " all");
        List<KernelEvent> portable = sense("bpf_rdonly_cast", interests, deeds + " all");

        assertThat(fast.stream().filter(e -> e.kind() == EventKind.FILE_OPEN)).hasSizeGreaterThan(6);
        assertThat(fast.stream().filter(e -> e.kind() == EventKind.FD_DUPLICATE))
                .hasSize(1);
        assertThat(fast.stream().filter(e -> e.kind() == EventKind.FILE_CHOWN)).hasSize(4);
        assertThat(fast.stream().filter(e -> e.kind() == EventKind.FILE_CHMOD)).isEmpty();
        assertSame(fast, portable);
    }
}
