// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vigilant.counter.Counters;
import dev.vigilant.event.EventKind;
import dev.vigilant.event.FileOpen;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.source.Interest;
import dev.vigilant.source.Interest.FileDemand;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is wanted changes while it happens. Needs root, BTF, libbpf1 and gcc. */
@Timeout(120)
class BpfReloadIT {
    private static final String SECRET = "vigilant-it-secret";
    private static final int COUNT = 400_000;

    @TempDir
    private Path directory;

    @BeforeEach
    void kernelLetsUs() {
        Sensing.kernelLetsUs();
    }

    /** The name that both ask for has another bit and another place in each. */
    private static List<Interest> rules(boolean odd) {
        List<Interest> rules = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            rules.add(Sensing.demand(
                    new FileDemand(Set.of((odd ? "odd" : "even") + i), Set.of(), Set.of("file"), Set.of())));
            rules.add(Sensing.demand(new FileDemand(Set.of("x" + i), Set.of(), Set.of("fifo"), Set.of())));
        }
        rules.add(odd ? 0 : rules.size(), Sensing.opensOf(SECRET));
        return rules;
    }

    @Test
    void whatBothOldAndNewRulesWantIsNeverMissed() throws Exception {
        Path deeds = Sensing.compile("deeds", directory);
        Files.writeString(directory.resolve(SECRET), "s");
        List<KernelEvent> events = new ArrayList<>();
        Counters counters = new Counters();
        int reloads = 0;
        try (BpfSensor sensor = new BpfSensor(Sensing.settings(1 << 25, 1 << 23, Set.of()), Sensing.PROC)) {
            sensor.want(rules(false));
            sensor.start();
            RecordDecoder decoder = new RecordDecoder(
                    event -> {
                        if (event instanceof FileOpen) {
                            events.add(event);
                        }
                    },
                    counters,
                    false);
            CompletableFuture<Void> storm = CompletableFuture.runAsync(() -> {
                try {
                    Sensing.run(directory, deeds + " opens " + COUNT + " " + SECRET);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            while (!storm.isDone()) {
                sensor.want(rules(++reloads % 2 == 1));
                sensor.read(decoder);
            }
            storm.join();
            sensor.stop();
            while (sensor.read(decoder) > 0) {
                // Reads on until the rings are empty.
            }
            sensor.tellLoss(events::add, counters, 1);
        }
        assertThat(reloads).isGreaterThan(5);
        Sensing sensing = new Sensing(0, events);
        int told = sensing.of(FileOpen.class).size();
        assertThat(told).isGreaterThan(COUNT / 10);
        // What found no room was judged to be wanted as well.
        assertThat(told + sensing.lost(EventKind.FILE_OPEN)).isEqualTo(COUNT);
    }
}
