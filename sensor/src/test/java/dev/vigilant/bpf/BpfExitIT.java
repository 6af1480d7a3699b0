// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vigilant.event.ProcessExit;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The end of a process whose threads end at the same moment. Needs root, BTF, libbpf1 and gcc; more than one processor to be of use. */
@Timeout(120)
class BpfExitIT {
    private static final int COUNT = 1000;

    @TempDir
    private Path directory;

    @BeforeEach
    void kernelLetsUs() {
        Sensing.kernelLetsUs();
    }

    private static String pid(ProcessExit exit) {
        return String.valueOf(exit.context().actor().pid());
    }

    /** As newer kernels say which thread is the last, and as older ones do not. */
    @ParameterizedTest
    @CsvSource({"none, each", "none, all", "bpf_rdonly_cast, each", "bpf_rdonly_cast, all"})
    void endOfAProcessIsToldOnce(String leftOut, String how) throws Exception {
        Path exits = Sensing.compile("exits", directory);
        Sensing sensing = Sensing.of(
                Sensing.settings(Sensing.ROOM, Sensing.ROOM, Set.of(leftOut)),
                List.of(),
                directory,
                exits + " " + how + " " + COUNT + " 4 > ended");

        List<String> ended = Files.readAllLines(directory.resolve("ended"));
        List<String> pids = ended.stream().map(end -> end.split(" ")[0]).toList();
        List<ProcessExit> told = sensing.own(ProcessExit.class).stream()
                .filter(exit -> pids.contains(pid(exit)))
                .toList();
        assertThat(pids).hasSize(COUNT);
        assertThat(told).extracting(BpfExitIT::pid).containsExactlyElementsOf(pids);
        // Not of the thread that happened to be the last.
        assertThat(told).extracting(exit -> exit.context().actor().name()).containsOnly("exits");
        // As its parent is told.
        assertThat(told).extracting(exit -> pid(exit) + " " + exit.exitCode()).containsExactlyElementsOf(ended);
    }
}
