// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.daemon;

import dev.vigilant.counter.Counters;
import dev.vigilant.pipeline.Latencies;
import dev.vigilant.sink.AlertSink;
import dev.vigilant.sink.KafkaSink;
import dev.vigilant.sink.LineSink;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Opens the sinks that the configuration names. */
final class Sinks {
    /** How long a stop waits for Kafka before it leaves the rest in the spool. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private Sinks() {}

    static List<AlertSink> open(Config config, Counters counters, Latencies latencies) throws IOException {
        List<AlertSink> sinks = new ArrayList<>();
        try {
            for (String sink : config.sinks()) {
                sinks.add(open(sink, config, counters, latencies));
            }
        } catch (IOException | RuntimeException e) {
            close(sinks);
            throw e;
        }
        return sinks;
    }

    static void close(List<AlertSink> sinks) throws IOException {
        IOException first = null;
        for (AlertSink sink : sinks) {
            try {
                sink.close();
            } catch (IOException e) {
                first = first == null ? e : first;
            }
        }
        if (first != null) {
            throw first;
        }
    }

    private static AlertSink open(String sink, Config config, Counters counters, Latencies latencies)
            throws IOException {
        if (sink.equals("stdout")) {
            return LineSink.stdout(counters);
        }
        if (sink.startsWith("file:") && sink.length() > 5) {
            try {
                return LineSink.file(Path.of(sink.substring(5)), counters);
            } catch (IOException e) {
                throw new ConfigurationException(
                        "--sink " + sink + ": cannot be opened: " + e.getMessage()
                                + ": make its directory, or name a file that you may write",
                        e);
            }
        }
        if (sink.startsWith("kafka:") && sink.indexOf('/') > 6 && !sink.endsWith("/")) {
            String bootstrap = sink.substring(6, sink.indexOf('/'));
            String topic = sink.substring(sink.indexOf('/') + 1);
            try {
                return new KafkaSink(
                        bootstrap,
                        topic,
                        config.kafkaProperties(),
                        config.spool().resolve(topic),
                        config.spoolBytes(),
                        PATIENCE,
                        run -> new Thread(run, "vigilant-kafka"),
                        counters,
                        latencies);
            } catch (IOException e) {
                throw new ConfigurationException(
                        "--sink " + sink + ": no spool in " + config.spool() + ": " + Vigilant.message(e)
                                + ": set spool.directory in the file of --config",
                        e);
            } catch (IllegalArgumentException e) {
                throw new ConfigurationException("--sink " + sink + ": " + e.getMessage(), e);
            }
        }
        throw new ConfigurationException("--sink " + sink + ": write stdout, file:PATH or kafka:HOST:PORT/TOPIC");
    }
}
