// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.vigilant.counter.Counters;
import dev.vigilant.detect.Detection;
import dev.vigilant.event.Actor;
import dev.vigilant.event.ClockTick;
import dev.vigilant.event.Context;
import dev.vigilant.event.EventKind;
import dev.vigilant.event.Origin;
import dev.vigilant.pipeline.Slot;
import dev.vigilant.source.Interest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class ReloaderTest {
    private static final String RULE =
            "package t;\nrule \"%1$s\" @id(\"%1$s\") @severity(\"error\") @description(\"d\")\n"
                    + "when\n    $e : %2$s( outcome == \"success\" )\nthen\n    alert( $e );\nend\n";

    @TempDir
    Path directory;

    private final List<Set<EventKind>> wanted = new ArrayList<>();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(Reloader.class);

    @BeforeEach
    void listen() {
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void stop() {
        logger.detachAppender(log);
    }

    @Test
    void widensTheSensorThenSwapsThenNarrowsIt() throws Exception {
        write("one", "FileOpen");
        try (Detection detect = detect()) {
            Reloader reloader = reloader(detect);
            write("one", "SignalSent");

            assertThat(reloaded(reloader, detect)).isTrue();
        }
        assertThat(wanted)
                .containsExactly(Set.of(EventKind.FILE_OPEN, EventKind.SIGNAL_SENT), Set.of(EventKind.SIGNAL_SENT));
        assertThat(said()).contains("1 rules, 1 new or changed, 1 gone");
    }

    @Test
    void goesOnWithTheOldRulesWhenAFileIsBroken() throws Exception {
        write("one", "FileOpen");
        try (Detection detect = detect()) {
            Reloader reloader = reloader(detect);
            Files.writeString(directory.resolve("r.drl"), RULE.formatted("one", "FileOpne"));

            assertThat(reloader.reload()).isFalse();
            assertThat(said())
                    .contains("r.drl:4:5: rule \"one\": unknown event type `FileOpne`: did you mean `FileOpen`?")
                    .contains("not reloaded, the old 1 rules go on");
            assertThat(wanted).isEmpty();

            write("one", "FileOpen");
            assertThat(reloaded(reloader, detect)).isTrue();
        }
    }

    @Test
    void goesOnWithTheOldRulesWhenTheSensorRefuses() throws Exception {
        write("one", "FileOpen");
        try (Detection detect = detect()) {
            Reloader reloader = new Reloader(
                    config(),
                    Rules.read(config()),
                    detect,
                    interests -> CompletableFuture.failedFuture(new IOException("no room")));

            assertThat(reloader.reload()).isFalse();
            assertThat(said()).contains("the sensor cannot be widened: no room");
        }
    }

    @Test
    void seesWhatChangedOnceItIsAtRest() throws IOException {
        write("one", "FileOpen");
        WatchedFiles files = new WatchedFiles(List.of(directory));

        assertThat(files.changed()).isFalse();
        Files.writeString(directory.resolve("new.drl"), "package t;");
        assertThat(files.changed()).as("may still be written").isFalse();
        assertThat(files.changed()).isTrue();
        assertThat(files.changed()).isFalse();
        Files.delete(directory.resolve("new.drl"));
        assertThat(files.changed()).isFalse();
        assertThat(files.changed()).isTrue();
    }

    private boolean reloaded(Reloader reloader, Detection detect) throws Exception {
        CompletableFuture<Boolean> done = CompletableFuture.supplyAsync(() -> {
            try {
                return reloader.reload();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        while (!done.isDone()) {
            detect.on(Slot.of(new ClockTick(Context.of(1, Origin.SENSOR, Actor.NONE))), true);
            Thread.sleep(1);
        }
        return done.get();
    }

    private Reloader reloader(Detection detect) throws IOException {
        return new Reloader(config(), Rules.read(config()), detect, interests -> {
            wanted.add(interests.stream().map(Interest::kind).collect(Collectors.toSet()));
            return CompletableFuture.completedFuture(null);
        });
    }

    private Detection detect() throws IOException {
        return new Detection(Rules.read(config()), 1, "node", new Counters());
    }

    private Config config() {
        Path file = directory.resolve("config.yaml");
        try {
            Files.writeString(file, "rules: {built_in: false, paths: [" + directory.resolve("r.drl") + "]}");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return ConfigFile.read(file);
    }

    private void write(String id, String type) throws IOException {
        Files.writeString(directory.resolve("r.drl"), RULE.formatted(id, type));
    }

    private String said() {
        return log.list.stream().map(ILoggingEvent::getFormattedMessage).collect(Collectors.joining("\n"));
    }
}
