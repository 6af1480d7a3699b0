// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.daemon;

import dev.vigilant.container.CgroupIdentity;
import dev.vigilant.container.ContainerLookup;
import dev.vigilant.container.RuntimeFiles;
import dev.vigilant.counter.Counters;
import dev.vigilant.enrich.Enricher;
import dev.vigilant.event.Container;
import dev.vigilant.pipeline.EnrichStage;
import dev.vigilant.pipeline.LiveSensor;
import dev.vigilant.pipeline.Pipeline;
import dev.vigilant.pipeline.Programs;
import dev.vigilant.source.Recording;
import dev.vigilant.source.SnapshotFrames;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code vigilant record}: keeps the raw data of this node for a replay elsewhere. */
@Command(
        name = "record",
        mixinStandardHelpOptions = true,
        description = "Record what the sensor reads, for vigilant replay, until SIGTERM or SIGINT.")
final class RecordCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common = new CommonOptions();

    @Mixin
    private SensorOptions sensing = new SensorOptions();

    @Option(names = "-o", required = true, paramLabel = "FILE", description = "The recording; overwritten.")
    private @Nullable Path output;

    /** Reads the runtimes' files, and writes down what they said. */
    private static final class RecordingLookup implements ContainerLookup {
        private final RuntimeFiles files;
        private final Recording.Writer writer;
        private final SnapshotFrames frames;

        RecordingLookup(RuntimeFiles files, Recording.Writer writer, SnapshotFrames frames) {
            this.files = files;
            this.writer = writer;
            this.frames = frames;
        }

        @Override
        public @Nullable Container describe(CgroupIdentity identity) {
            Container container = files.describe(identity);
            if (container != null) {
                frames.write(writer, container, System.currentTimeMillis() * 1_000_000L);
            }
            return container;
        }

        @Override
        public @Nullable CgroupIdentity identify(String procCgroup) {
            return files.identify(procCgroup);
        }
    }

    @Override
    public Integer call() throws IOException {
        Path file = output;
        if (file == null) {
            throw new ConfigurationException("record needs -o FILE");
        }
        Config config = common.config(sensing);
        LiveSettings.check(config);
        Counters counters = new Counters();
        try (Recording.Writer writer = new Recording.Writer(file)) {
            SnapshotFrames frames = new SnapshotFrames(event -> {}, counters);
            ContainerLookup lookup = new RecordingLookup(new RuntimeFiles(config.root()), writer, frames);
            Pipeline pipeline =
                    new Pipeline(config.ringSlots(), List.of(List.of(new EnrichStage(new Enricher(lookup)))), counters);
            CountingSink counting = new CountingSink(pipeline);
            long start = System.nanoTime();
            LiveSensor.Settings settings = LiveSettings.of(config);
            try (Programs programs = Programs.load(settings);
                    LiveSensor sensor = new LiveSensor(
                            settings, programs, Rules.load(config).interests(), counting, writer, counters);
                    StopSignal signal = new StopSignal(sensor::stop)) {
                System.err.println("vigilant: ready: recording " + sensor.describe() + " to " + file);
                sensor.run();
                pipeline.close();
                sensor.close();
                writer.close();
                System.err.println(
                        new Summary(counters, counting.counts(), Map.of(), Map.of(), Map.of(), start).text());
            }
        }
        return 0;
    }
}
