// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.daemon;

import dev.vigilant.alert.EcsJson;
import dev.vigilant.alert.Host;
import dev.vigilant.audit.AuditDecoder;
import dev.vigilant.container.ContainerLookup;
import dev.vigilant.counter.Counter;
import dev.vigilant.counter.Counters;
import dev.vigilant.detect.Detection;
import dev.vigilant.enrich.Enricher;
import dev.vigilant.pipeline.EnrichStage;
import dev.vigilant.pipeline.FileSource;
import dev.vigilant.pipeline.InlinePipeline;
import dev.vigilant.pipeline.Latencies;
import dev.vigilant.rules.RuleSet;
import dev.vigilant.sink.AlertSink;
import dev.vigilant.sink.DeliverStage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code vigilant replay}: the same detection over logs and recordings, without privileges. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description = "Detect in audit.log files (rotated, gzip) or recordings; needs no privileges.")
final class ReplayCommand implements Callable<Integer> {
    @Mixin
    private SinkOptions common = new SinkOptions();

    @Option(names = "--summary", paramLabel = "FILE", description = "Write the closing summary as JSON.")
    private @Nullable Path summaryFile;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "audit.log, its directory, or a recording.")
    private List<Path> files = List.of();

    @Option(names = "--show-rejected", description = "Print the last records that could not be read, with the reason.")
    private boolean showRejected;

    @Override
    public Integer call() throws IOException {
        long start = System.nanoTime();
        Config config = common.config();
        RuleSet rules = Rules.load(config);
        Counters counters = new Counters();
        Latencies latencies = new Latencies();
        Host host = Node.host(Path.of("/"));
        List<AlertSink> sinks = Sinks.open(config, counters, latencies);
        Detection detection = new Detection(rules, 1, host.name(), counters);
        DeliverStage deliver = new DeliverStage(sinks, new EcsJson(host), host.name(), counters);
        EnrichStage enrich = new EnrichStage(new Enricher(ContainerLookup.NONE));
        InlinePipeline pipeline = new InlinePipeline(List.of(enrich, detection, deliver), counters);
        CountingSink counting = new CountingSink(pipeline);
        List<AuditDecoder.Reject> rejects;
        try {
            rejects = new FileSource(files, counting, counters).run();
        } finally {
            pipeline.close();
            detection.close();
            Sinks.close(sinks);
        }
        if (showRejected) {
            rejects.forEach(r -> System.err.println("vigilant: " + r.reason().label() + ": " + r.record()));
        }
        Summary summary = new Summary(
                counters,
                counting.counts(),
                deliver.byRule(),
                detection.suppressed(),
                latencies.distributions(),
                start);
        System.err.println(summary.text());
        if (summaryFile != null) {
            summary.write(summaryFile);
        }
        if (counters.get(Counter.RECORDS_IN) > 0 && counters.get(Counter.RECORDS_IN_EVENTS) == 0) {
            throw new ConfigurationException(
                    files.get(0)
                            + ": holds no audit record: name an audit.log or a recording; --show-rejected prints what was read");
        }
        return summary.undelivered() == 0 ? 0 : Vigilant.USAGE;
    }
}
