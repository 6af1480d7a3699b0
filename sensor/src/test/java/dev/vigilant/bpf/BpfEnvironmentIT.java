// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vigilant.counter.Counters;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.event.ProcFacts;
import dev.vigilant.event.ProcessExec;
import dev.vigilant.event.ProcessSnapshot;
import dev.vigilant.source.EnvironmentDemand;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What of environments leaves the sensor, in events and in raw records. Needs root, BTF and libbpf1. */
@Timeout(120)
class BpfEnvironmentIT {
    private static final String SECRET = "vigilant-it-s3cret";
    /** Set by a file that the shell reads: on a command line they would stand in argv. */
    private static final String VARIABLES = "export VIGILANT_IT=asked LD_AUDIT= vigilant_it_other=x VIGILANT_TOKEN="
            + SECRET + " PAD=$(head -c 9000 /dev/zero | tr '\\0' p) LD_PRELOAD=/nowhere.so\n";

    private static final String SCRIPT = ". ./variables; /bin/true 2>/dev/null";

    @TempDir
    private Path directory;

    private final ByteArrayOutputStream raw = new ByteArrayOutputStream();
    private final List<KernelEvent> events = new ArrayList<>();

    @BeforeEach
    void kernelLetsUs() {
        Sensing.kernelLetsUs();
    }

    private ProcFacts sense(EnvironmentDemand... demands) throws Exception {
        return sense(SCRIPT, demands).get(0);
    }

    /** What was told of each /bin/true. */
    private List<ProcFacts> sense(String script, EnvironmentDemand... demands) throws Exception {
        try (BpfSensor sensor = new BpfSensor(Sensing.settings(Sensing.ROOM, Sensing.ROOM, Set.of()), Sensing.PROC)) {
            for (EnvironmentDemand demand : demands) {
                sensor.want(List.of(Sensing.execsWith(demand)));
            }
            Files.writeString(directory.resolve("variables"), VARIABLES);
            sensor.start();
            Sensing.run(directory, script);
            sensor.stop();
            RecordDecoder decoder = new RecordDecoder(events::add, new Counters(), false);
            int read;
            do {
                read = sensor.read((channel, type, buffer, offset, length, time) -> {
                    raw.write(buffer, offset, length);
                    decoder.frame(channel, type, buffer, offset, length, time);
                });
            } while (read > 0);
        }
        return events.stream()
                .filter(ProcessSnapshot.class::isInstance)
                .map(e -> ((ProcessSnapshot) e).facts())
                .filter(f -> f.args().equals(List.of("/bin/true")))
                .toList();
    }

    private String raw() {
        return raw.toString(StandardCharsets.ISO_8859_1);
    }

    @Test
    void tellsNothingWhenNothingIsAsked() throws Exception {
        assertThat(sense(EnvironmentDemand.NONE).environment()).isEmpty();
        assertThat(raw())
                .doesNotContain(SECRET, "VIGILANT_IT=", "vigilant_it_other=", "LD_PRELOAD=")
                .contains("/bin/true");
    }

    @Test
    void tellsTheKeysThatAreAskedHoweverFarTheyAre() throws Exception {
        EnvironmentDemand asked =
                new EnvironmentDemand(false, Set.of("VIGILANT_IT", "LD_PRELOAD", "LD_AUDIT", "NOT_THERE"), Set.of());

        assertThat(sense(asked).environment())
                .isEqualTo(Map.of("VIGILANT_IT", "asked", "LD_PRELOAD", "/nowhere.so", "LD_AUDIT", ""));
        assertThat(raw()).doesNotContain(SECRET, "VIGILANT_TOKEN=", "vigilant_it_other=", "PAD=p");
    }

    /** Each time a byte further from the end of memory, on both sides of where a page ends. */
    @Test
    void tellsAKeyWhereverInMemoryItLies() throws Exception {
        String script =
                "for i in $(seq 3970 4130); do env -i LD_PRELOAD=/$i A=$i LD_AUDIT=$i PAD=$(head -c $i /dev/zero"
                        + " | tr '\\0' p) /bin/true 2>/dev/null; done";
        EnvironmentDemand asked = new EnvironmentDemand(false, Set.of("LD_AUDIT", "LD_PRELOAD", "A", "P"), Set.of());

        assertThat(sense(script, asked).stream().map(ProcFacts::environment))
                .isEqualTo(IntStream.rangeClosed(3970, 4130)
                        .mapToObj(i -> Map.of("LD_PRELOAD", "/" + i, "A", "" + i, "LD_AUDIT", "" + i))
                        .toList());
    }

    /** More of them than one would go through one by one, and some that nearly have the key. */
    @Test
    void tellsAKeyBehindAnyNumberOfOthers() throws Exception {
        Sensing.compile("environ", directory);
        EnvironmentDemand asked = new EnvironmentDemand(false, Set.of("LD_AUDIT"), Set.of());

        assertThat(sense("./environ 0; ./environ 7; ./environ 90000", asked).stream()
                        .map(ProcFacts::environment))
                .isEqualTo(Collections.nCopies(3, Map.of("LD_AUDIT", "/last.so")));
        assertThat(raw()).doesNotContain("LD_AUDI=", "LD_AUDITOR=");
    }

    /** Wherever the empty environment lies: the arguments before it move it. */
    @Test
    void missesNothingOfAProgramWithoutVariables() throws Exception {
        sense(
                "for i in a bc def ghij klmnopqrstuvwxyz; do env -i /bin/true $i; done; /bin/true",
                new EnvironmentDemand(false, Set.of("LD_AUDIT"), Set.of()));

        assertThat(events)
                .filteredOn(e -> e instanceof ProcessExec exec
                        && exec.args().size() == 2
                        && exec.args().get(0).equals("/bin/true"))
                .hasSize(5)
                .allMatch(e -> e.context().complete());
    }

    @Test
    void tellsTheEntriesThatHaveAText() throws Exception {
        EnvironmentDemand asked = new EnvironmentDemand(false, Set.of(), Set.of("vigilant_it", "ld_preload"));

        assertThat(sense(asked).environment())
                .isEqualTo(Map.of("VIGILANT_IT", "asked", "vigilant_it_other", "x", "LD_PRELOAD", "/nowhere.so"));
        assertThat(raw()).doesNotContain(SECRET, "PATH=/", "PAD=p");
    }

    @Test
    void tellsItAllWhenAllIsAsked() throws Exception {
        assertThat(sense(EnvironmentDemand.WHOLE).environment())
                .containsEntry("VIGILANT_TOKEN", SECRET)
                .containsKey("PATH");
    }

    @Test
    void forgetsWhatIsNoLongerAsked() throws Exception {
        EnvironmentDemand before = new EnvironmentDemand(false, Set.of("VIGILANT_IT", "LD_AUDIT"), Set.of("token"));

        assertThat(sense(before, new EnvironmentDemand(false, Set.of("LD_AUDIT"), Set.of()))
                        .environment())
                .isEqualTo(Map.of("LD_AUDIT", ""));
        assertThat(raw()).doesNotContain(SECRET, "VIGILANT_IT=", "vigilant_it_other=");
    }

    @Test
    void tellsTheProcessGroup() throws Exception {
        ProcFacts facts = sense(EnvironmentDemand.NONE);

        assertThat(facts.processGroup())
                .isEqualTo(group((int) ProcessHandle.current().pid()));
    }

    private static int group(int pid) {
        return new dev.vigilant.proc.Procfs(Sensing.PROC, new Counters())
                .snapshot(pid)
                .processGroup();
    }
}
