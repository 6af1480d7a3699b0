// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.daemon;

import dev.vigilant.alert.EcsJson;
import dev.vigilant.alert.Host;
import dev.vigilant.container.RuntimeFiles;
import dev.vigilant.counter.Counters;
import dev.vigilant.detect.Detection;
import dev.vigilant.enrich.Enricher;
import dev.vigilant.pipeline.EnrichStage;
import dev.vigilant.pipeline.Latencies;
import dev.vigilant.pipeline.LiveSensor;
import dev.vigilant.pipeline.Pipeline;
import dev.vigilant.pipeline.Programs;
import dev.vigilant.pipeline.Stage;
import dev.vigilant.rules.RuleSet;
import dev.vigilant.sink.AlertSink;
import dev.vigilant.sink.DeliverStage;
import dev.vigilant.source.Interest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code vigilant run}: senses, detects, delivers, until a signal comes. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description =
                "Sense this node, detect, and deliver alerts until SIGTERM or SIGINT; reload the rules at SIGHUP and when"
                        + " their files change.")
final class RunCommand implements Callable<Integer> {
    @Mixin
    private SinkOptions common = new SinkOptions();

    @Option(names = "--summary", paramLabel = "FILE", description = "Write the closing summary as JSON.")
    private @Nullable Path summaryFile;

    @Mixin
    private SensorOptions sensing = new SensorOptions();

    @Override
    public Integer call() throws IOException {
        Config config = common.config(sensing);
        LiveSettings.check(config);
        try (StateDirectory held = StateDirectory.hold(config.stateDirectory());
                Programs programs = Programs.load(LiveSettings.of(config))) {
            run(config, programs, System.nanoTime());
        }
        return 0;
    }

    private void run(Config config, Programs programs, long start) throws IOException {
        RuleSet rules = Rules.load(config);
        CompletableFuture<List<Interest>> interests = CompletableFuture.supplyAsync(rules::interests);
        Counters counters = new Counters();
        Latencies latencies = new Latencies();
        Host host = Node.host(config.root());
        List<AlertSink> sinks = Sinks.open(config, counters, latencies);
        Detection detection = new Detection(rules, config.shards(), host.name(), counters);
        DeliverStage deliver = new DeliverStage(sinks, new EcsJson(host), host.name(), counters);
        EnrichStage enrich = new EnrichStage(new Enricher(new RuntimeFiles(config.root())));
        Pipeline pipeline = new Pipeline(config.ringSlots(), road(enrich, detection, deliver, latencies), counters);
        CountingSink counting = new CountingSink(pipeline);
        Supplier<Summary> summary = () -> new Summary(
                counters,
                counting.counts(),
                deliver.byRule(),
                detection.suppressed(),
                latencies.distributions(),
                start);
        try (LiveSensor live =
                        new LiveSensor(LiveSettings.of(config), programs, interests.join(), counting, null, counters);
                Reloader reloader = new Reloader(config, rules, detection, live::want);
                StopSignal signal = new StopSignal(live::stop);
                Outlets outlets = new Outlets(
                        config,
                        new Status(
                                config,
                                live::describe,
                                live.blindSpots(),
                                Instant.now(),
                                summary,
                                detection::costs,
                                pipeline,
                                sinks,
                                reloader))) {
            live.blindSpots().forEach(blind -> System.err.println("vigilant: cannot see " + blind));
            System.err.println("vigilant: ready: sensor " + live.describe() + ", " + reloader.running() + " rules");
            reloader.start();
            live.run();
            reloader.close();
            pipeline.close();
            detection.close();
            Sinks.close(sinks);
            live.close();
            System.err.println(summary.get().text());
            if (summaryFile != null) {
                summary.get().write(summaryFile);
            }
        }
    }

    /** Which stages share a thread. Few events come at a time, and a hand-over costs more than what the light stages do. */
    static List<List<Stage>> road(EnrichStage enrich, Detection detection, DeliverStage deliver, Latencies latencies) {
        Stage decided = detection.teller().with(latencies.decided());
        Stage delivered = deliver.with(latencies.delivered());
        List<Stage> judges = detection.judges();
        return judges.size() == 1
                ? List.of(List.of(enrich.with(judges.get(0)).with(decided)), List.of(delivered))
                : List.of(List.of(enrich), judges, List.of(decided.with(delivered)));
    }
}
