// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vigilant.counter.Counter;
import dev.vigilant.counter.Counters;
import dev.vigilant.event.Actor;
import dev.vigilant.event.Container;
import dev.vigilant.event.ContainerSnapshot;
import dev.vigilant.event.Context;
import dev.vigilant.event.Origin;
import dev.vigilant.event.ProcFacts;
import dev.vigilant.event.ProcessSnapshot;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Snapshots of processes and containers as frames of a recording, there and back.
 *
 * <p>Threading: each instance one thread. A frame that cannot be read is counted.
 */
public final class SnapshotFrames implements FrameSink {
    private final ObjectMapper mapper = new ObjectMapper();
    private final EventSink events;
    private final Counters counters;

    /** @param events where the events of read frames go */
    public SnapshotFrames(EventSink events, Counters counters) {
        this.events = events;
        this.counters = counters;
    }

    /** Writes a snapshot as a frame. */
    public void write(FrameSink out, ProcFacts facts, long timeNanos) {
        write(out, Channel.PROC_FACTS, facts, timeNanos);
    }

    /** Writes a description as a frame. */
    public void write(FrameSink out, Container container, long timeNanos) {
        write(out, Channel.CONTAINER, container, timeNanos);
    }

    private void write(FrameSink out, Channel channel, Object value, long timeNanos) {
        try {
            byte[] json = mapper.writeValueAsBytes(value);
            out.frame(channel, 0, json, 0, json.length, timeNanos);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a snapshot has no JSON: " + value, e);
        }
    }

    @Override
    public void frame(Channel channel, int type, byte[] buffer, int offset, int length, long receivedNanos) {
        try {
            if (channel == Channel.PROC_FACTS) {
                ProcFacts facts = read(buffer, offset, length, ProcFacts.class);
                events.event(new ProcessSnapshot(
                        Context.of(receivedNanos, Origin.PROCFS, Actor.ofPid(facts.pid(), facts.ppid())), facts));
            } else if (channel == Channel.CONTAINER) {
                Container container = read(buffer, offset, length, Container.class);
                events.event(new ContainerSnapshot(Context.of(receivedNanos, Origin.RUNTIME, Actor.NONE), container));
            }
        } catch (IOException damaged) {
            counters.increment(Counter.SNAPSHOTS_UNREADABLE);
        }
    }

    /** The JSON text {@code null} is no snapshot, though Jackson reads it. */
    private <T> T read(byte[] buffer, int offset, int length, Class<T> type) throws IOException {
        @Nullable T value = mapper.readValue(buffer, offset, length, type);
        if (value == null) {
            throw new IOException("null is no " + type.getSimpleName());
        }
        return value;
    }
}
