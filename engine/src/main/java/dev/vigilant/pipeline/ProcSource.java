// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.pipeline;

import dev.vigilant.counter.Counters;
import dev.vigilant.event.Actor;
import dev.vigilant.event.Context;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.event.Origin;
import dev.vigilant.event.ProcFacts;
import dev.vigilant.event.ProcessExec;
import dev.vigilant.event.ProcessSnapshot;
import dev.vigilant.proc.ProcConnectorReader;
import dev.vigilant.proc.ProcEventDecoder;
import dev.vigilant.proc.Procfs;
import dev.vigilant.source.Channel;
import dev.vigilant.source.EnvironmentDemand;
import dev.vigilant.source.EventSink;
import dev.vigilant.source.FrameSink;
import dev.vigilant.source.SnapshotFrames;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What /proc says of processes, and the process connector beside audit. At each exec that the connector tells, /proc is read
 * at once, while the process is most likely still there.
 *
 * <p>Threading: the sensor thread. Allocation: the events and what /proc says.
 */
final class ProcSource implements FrameSink, Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(ProcSource.class);

    private final EventSink events;
    private final @Nullable FrameSink recorder;
    private final Procfs procfs;
    private final SnapshotFrames snapshots;
    private final ProcEventDecoder decoder;
    private final @Nullable ProcConnectorReader connector;

    /**
     * @param recorder also gets what /proc said, or null
     * @param connected whether the process connector is read
     */
    ProcSource(
            LiveSensor.Settings settings,
            EventSink events,
            @Nullable FrameSink recorder,
            Counters counters,
            boolean connected) {
        Path root = settings.root().resolve("proc");
        this.events = events;
        this.recorder = recorder;
        this.procfs = new Procfs(root, counters);
        this.snapshots = new SnapshotFrames(events, counters);
        this.decoder = new ProcEventDecoder(this::event, counters);
        this.connector = connected ? open(settings, counters) : null;
    }

    private static @Nullable ProcConnectorReader open(LiveSensor.Settings settings, Counters counters) {
        try {
            return new ProcConnectorReader(settings.receiveBuffer(), counters);
        } catch (IOException e) {
            LOG.warn("no process connector, lineage comes from exec records alone: {}", e.getMessage());
            return null;
        }
    }

    /** Whether the process connector is read. */
    boolean connected() {
        return connector != null;
    }

    /** Descriptors to wait for. */
    IntStream fds() {
        return connector == null ? IntStream.empty() : IntStream.of(connector.fd());
    }

    /** What is read of environments from now on. */
    void want(EnvironmentDemand demand) {
        procfs.want(demand);
    }

    /** Tells of all processes that are there. */
    void scan(long nowNanos) throws IOException {
        procfs.scan(facts -> snapshot(facts, nowNanos));
    }

    /** Reads what waits; how many frames that were. */
    int read(FrameSink sink) throws IOException {
        if (connector == null) {
            return 0;
        }
        int count = 0;
        int n;
        do {
            n = connector.read(sink);
            count += n;
        } while (n > 0);
        return count;
    }

    @Override
    public void frame(Channel channel, int type, byte[] buffer, int offset, int length, long receivedNanos) {
        decoder.frame(channel, type, buffer, offset, length, receivedNanos);
    }

    private void event(KernelEvent event) {
        if (event instanceof ProcessExec) {
            ProcFacts facts = procfs.snapshot(event.context().actor().pid());
            if (facts != null) {
                snapshot(facts, event.context().timeNanos());
            }
        }
        events.event(event);
    }

    private void snapshot(ProcFacts facts, long timeNanos) {
        if (recorder != null) {
            snapshots.write(recorder, facts, timeNanos);
        }
        events.event(new ProcessSnapshot(
                Context.of(timeNanos, Origin.PROCFS, Actor.ofPid(facts.pid(), facts.ppid())), facts));
    }

    @Override
    public void close() throws IOException {
        if (connector != null) {
            connector.close();
        }
    }
}
