// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.bench;

import dev.vigilant.audit.AuditDecoder;
import dev.vigilant.audit.AuditLogReader;
import dev.vigilant.counter.Counters;
import dev.vigilant.rules.RuleLoader;
import dev.vigilant.rules.RuleSession;
import dev.vigilant.source.EventSink;
import dev.vigilant.source.FileSystems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** Audit records through the real reader and decoder, and with the built-in rules behind them; figures are per record. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(1)
public class DecoderBenchmark {
    private static final int RECORDS = 100_000;

    private Path log;
    private Counters counters;
    private RuleSession session;

    @Setup
    public void generate() throws IOException {
        log = Files.createTempFile("audit", ".log");
        AuditLogGenerator.generate(RECORDS, log, 1);
        counters = new Counters();
        session = new RuleSession(RuleLoader.builtIn(), (rule, evidence) -> {}, counters);
    }

    @TearDown
    public void remove() throws IOException {
        session.close();
        Files.deleteIfExists(log);
    }

    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public void decode(Blackhole hole) throws IOException {
        replay(hole::consume);
    }

    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public void decodeAndDetect() throws IOException {
        replay(session::offer);
    }

    private void replay(EventSink events) throws IOException {
        try (AuditLogReader reader = new AuditLogReader(List.of(log), counters)) {
            AuditDecoder decoder =
                    new AuditDecoder(events, counters, FileSystems.NONE, new AuditDecoder.Options(false, false));
            while (reader.read(decoder) >= 0) {
                // Reads on to the end.
            }
            decoder.finish();
        }
    }
}
