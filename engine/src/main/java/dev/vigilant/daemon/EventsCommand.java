// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.daemon;

import dev.vigilant.alert.EcsJson;
import dev.vigilant.container.ContainerLookup;
import dev.vigilant.container.RuntimeFiles;
import dev.vigilant.counter.Counters;
import dev.vigilant.enrich.Enricher;
import dev.vigilant.event.EventKind;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.pipeline.EnrichStage;
import dev.vigilant.pipeline.FileSource;
import dev.vigilant.pipeline.InlinePipeline;
import dev.vigilant.pipeline.LiveSensor;
import dev.vigilant.pipeline.Pipeline;
import dev.vigilant.pipeline.Programs;
import dev.vigilant.pipeline.Slot;
import dev.vigilant.pipeline.Stage;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code vigilant events}: what a rule author looks at. */
@Command(
        name = "events",
        mixinStandardHelpOptions = true,
        description = "Print normalised events as JSON lines: of FILEs, or live those that the rules want.")
final class EventsCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common = new CommonOptions();

    @Mixin
    private SensorOptions sensing = new SensorOptions();

    @Parameters(arity = "0..*", paramLabel = "FILE", description = "audit.log, its directory, or a recording.")
    private List<Path> files = List.of();

    @Option(names = "--format", paramLabel = "FORMAT", description = "json, the only one so far. Default: json.")
    private String format = "json";

    @Option(
            names = "--kind",
            split = ",",
            paramLabel = "KIND",
            description = "Only events of these kinds, such as process_exec,file_open.")
    private Set<EventKind> kinds = EnumSet.noneOf(EventKind.class);

    /** Prints the events that pass, until it cannot: then {@link #failure} says why, and the rest is passed over. */
    private final class Printer implements Stage {
        private final EcsJson json;
        // System.out would keep failures to itself.
        private final OutputStream out = new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16);
        private volatile Runnable onFailure = () -> {};
        private volatile @Nullable IOException failure;

        Printer(EcsJson json) {
            this.json = json;
        }

        @Override
        public void on(Slot slot, boolean endOfBatch) {
            if (failure != null) {
                return;
            }
            KernelEvent event = slot.event();
            try {
                if (event.kind() != EventKind.CLOCK_TICK && (kinds.isEmpty() || kinds.contains(event.kind()))) {
                    out.write(json.event(event));
                    out.write('\n');
                }
                if (endOfBatch) {
                    out.flush();
                }
            } catch (IOException e) {
                failure = e;
                onFailure.run();
            }
        }

        /** A reader that has seen enough ({@code | head}) is no failure. */
        int exitCode() throws IOException {
            IOException e = failure;
            if (e == null || "Broken pipe".equals(e.getMessage())) {
                return 0;
            }
            throw new IOException(
                    "standard output: " + e.getMessage() + ": events could not be printed: free space", e);
        }
    }

    @Override
    public Integer call() throws IOException {
        if (!format.equals("json")) {
            throw new ConfigurationException("--format " + format + ": write json");
        }
        Config config = common.config(sensing);
        Counters counters = new Counters();
        boolean live = files.isEmpty();
        if (live) {
            LiveSettings.check(config);
        }
        ContainerLookup lookup = live ? new RuntimeFiles(config.root()) : ContainerLookup.NONE;
        Printer printer = new Printer(new EcsJson(Node.host(config.root())));
        List<Stage> stages = List.of(new EnrichStage(new Enricher(lookup)), printer);
        if (!live) {
            read(new InlinePipeline(stages, counters), printer, counters);
            return printer.exitCode();
        }
        Pipeline pipeline =
                new Pipeline(config.ringSlots(), stages.stream().map(List::of).toList(), counters);
        LiveSensor.Settings settings = LiveSettings.of(config);
        try (Programs programs = Programs.load(settings);
                LiveSensor sensor =
                        new LiveSensor(settings, programs, Rules.load(config).interests(), pipeline, null, counters);
                StopSignal signal = new StopSignal(sensor::stop)) {
            printer.onFailure = sensor::stop;
            System.err.println("vigilant: ready: sensor " + sensor.describe());
            sensor.run();
            pipeline.close();
            sensor.close();
        }
        return printer.exitCode();
    }

    /** Reads the files, no further than somebody takes the events. */
    private void read(InlinePipeline pipeline, Printer printer, Counters counters) throws IOException {
        try (pipeline) {
            new FileSource(
                            files,
                            event -> {
                                if (printer.failure != null) {
                                    throw new CancellationException("nobody takes the events");
                                }
                                pipeline.event(event);
                            },
                            counters)
                    .run();
        } catch (CancellationException enough) {
            // The printer says why.
        }
    }
}
