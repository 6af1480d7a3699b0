// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.daemon;

import dev.vigilant.container.ContainerLookup;
import dev.vigilant.counter.Counters;
import dev.vigilant.enrich.Enricher;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.pipeline.FileSource;
import dev.vigilant.rules.ast.Position;
import dev.vigilant.rules.ast.Problem;
import dev.vigilant.rules.author.EventReader;
import dev.vigilant.rules.yaml.YamlValue;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The events of a file, whatever it is: lines that {@code vigilant events} printed, a recording, or an audit.log. */
final class EventFile {
    private EventFile() {}

    /**
     * The first events of a file.
     *
     * @param events in memory, with process and container
     * @param total how many the file has
     */
    record First(List<KernelEvent> events, long total) {
        First {
            events = List.copyOf(events);
        }
    }

    /** Keeps the first. */
    private static final class Keep implements Consumer<KernelEvent> {
        final List<KernelEvent> events = new ArrayList<>();
        final int limit;
        long total;

        Keep(int limit) {
            this.limit = limit;
        }

        @Override
        public void accept(KernelEvent event) {
            total++;
            if (events.size() < limit) {
                events.add(event);
            }
        }
    }

    /**
     * All its events, in memory, with process and container.
     *
     * @throws IOException when the file cannot be read
     */
    static List<KernelEvent> read(Path file, Consumer<Problem> problems) throws IOException {
        return first(file, Integer.MAX_VALUE, problems).events();
    }

    /**
     * The first {@code limit} of its events.
     *
     * @throws IOException when the file cannot be read
     */
    static First first(Path file, int limit, Consumer<Problem> problems) throws IOException {
        Keep keep = new Keep(limit);
        if (isPrinted(file)) {
            printed(file, problems, keep);
        } else {
            decoded(file, keep);
        }
        return new First(keep.events, keep.total);
    }

    private static boolean isPrinted(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            return false;
        }
        try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
            return reader.read() == '{';
        }
    }

    private static void printed(Path file, Consumer<Problem> problems, Consumer<KernelEvent> events)
            throws IOException {
        EventReader reader = new EventReader(System.currentTimeMillis() * 1_000_000L, problems);
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (!line.isBlank()) {
                    YamlValue.readJson(Position.ofLine(file.toString(), number), line, problems)
                            .flatMap(reader::read)
                            .ifPresent(events);
                }
            }
        }
    }

    private static void decoded(Path file, Consumer<KernelEvent> events) throws IOException {
        Enricher enricher = new Enricher(ContainerLookup.NONE);
        new FileSource(
                        List.of(file),
                        event -> {
                            enricher.enrich(event);
                            events.accept(event);
                        },
                        new Counters())
                .run();
    }
}
