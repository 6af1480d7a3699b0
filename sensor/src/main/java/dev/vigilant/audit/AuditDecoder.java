// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.audit;

import dev.vigilant.counter.Counter;
import dev.vigilant.counter.Counters;
import dev.vigilant.event.Actor;
import dev.vigilant.event.Context;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.event.Origin;
import dev.vigilant.event.SensorHealth;
import dev.vigilant.source.Channel;
import dev.vigilant.source.EventSink;
import dev.vigilant.source.FileSystems;
import dev.vigilant.source.FrameSink;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Audit records in, events out: records with the same time and serial are one event.
 *
 * <p>Threading: the sensor thread. Allocation: the event and its texts; buffers are used again.
 *
 * <h2>When an event ends</h2>
 *
 * At EOE, which comes behind every syscall; in a file, from which auditd leaves EOE out, at PROCTITLE; a record of a user-space program at once; and whatever
 * is still open after the time-out, which an event without a syscall reaches sooner.
 *
 * <h2>Loss</h2>
 *
 * Each record is counted once: {@code RECORDS_IN = RECORDS_IN_EVENTS + REJECTED_*}. Each group of records gives exactly one
 * event. Nothing that a record says can make the decoder throw; an error of the decoder's own is counted.
 */
public final class AuditDecoder implements FrameSink {
    private static final int MAX_OPEN = 512;
    private static final int MAX_RECORD = 64 << 10;
    private static final int KEPT_REJECTS = 100;
    private static final int KEPT_REJECT_BYTES = 2048;
    private static final int CLOSED = 8192;
    private static final long TIMEOUT_NANOS = 2_000_000_000L;
    private static final long SINGLE_TIMEOUT_NANOS = 200_000_000L;

    /**
     * How to decode.
     *
     * @param live whether the records come from the kernel as it makes them: EOE ends an event, a gap in the serials is a loss
     * @param keepRaw whether events keep their records' text
     */
    public record Options(boolean live, boolean keepRaw) {
        /** Records from the kernel. */
        public static final Options LIVE = new Options(true, true);

        /** Records from a log file, which an administrator may have filtered. */
        public static final Options FILE = new Options(false, true);
    }

    /** A record that was set aside, with the reason. */
    public record Reject(Counter reason, String record) {}

    private final EventSink events;
    private final Counters counters;
    private final Options options;
    private final Normalizer normalizer;
    private final ArrayList<RecordGroup> open = new ArrayList<>();
    private final ArrayDeque<RecordGroup> free = new ArrayDeque<>();
    private final long[] closed = new long[CLOSED];
    private final RecordHeader header = new RecordHeader();
    private final SerialGaps gaps = new SerialGaps();
    private final ArrayDeque<Reject> rejects = new ArrayDeque<>();
    private long lastReceivedNanos;

    public AuditDecoder(EventSink events, Counters counters, FileSystems fileSystems, Options options) {
        this.events = events;
        this.counters = counters;
        this.options = options;
        this.normalizer = new Normalizer(fileSystems, options.keepRaw());
    }

    @Override
    public void frame(Channel channel, int type, byte[] buffer, int offset, int length, long receivedNanos) {
        counters.increment(Counter.RECORDS_IN);
        if (length > MAX_RECORD) {
            reject(Counter.REJECTED_LENGTH, buffer, offset, length);
            return;
        }
        int body = header.parse(buffer, offset, length);
        if (body < 0) {
            reject(Counter.REJECTED_HEADER, buffer, offset, length);
            return;
        }
        if (Math.abs(receivedNanos - lastReceivedNanos) > SINGLE_TIMEOUT_NANOS / 4) {
            flush(receivedNanos);
        }
        RecordGroup group = find(header.timeNanos(), header.serial());
        if (group == null) {
            if (isClosed(header.timeNanos(), header.serial())) {
                late(type, buffer, offset, length);
                return;
            }
            group = begin(receivedNanos);
        } else if (group.has(type, buffer, offset, length)) {
            reject(Counter.REJECTED_DUPLICATE, buffer, offset, length);
            return;
        }
        counters.increment(Counter.RECORDS_IN_EVENTS);
        if (type != RecordType.EOE || group.count() == 0) {
            group.add(type, buffer, offset, length, body);
        }
        if (endsEvent(type, group)) {
            close(group, true);
        }
    }

    private boolean endsEvent(int type, RecordGroup group) {
        return type == RecordType.EOE
                || (type == RecordType.PROCTITLE && !options.live())
                || (RecordType.isUser(type) && group.count() == 1);
    }

    /** EOE behind a PROCTITLE that ended the event in a file belongs to it; anything else came too late. */
    private void late(int type, byte[] buffer, int offset, int length) {
        if (type == RecordType.EOE && !options.live()) {
            counters.increment(Counter.RECORDS_IN_EVENTS);
        } else {
            reject(Counter.REJECTED_LATE, buffer, offset, length);
        }
    }

    private @org.jspecify.annotations.Nullable RecordGroup find(long timeNanos, long serial) {
        for (int i = open.size() - 1; i >= 0; i--) {
            RecordGroup group = open.get(i);
            if (group.serial() == serial && group.timeNanos() == timeNanos) {
                return group;
            }
        }
        return null;
    }

    private RecordGroup begin(long receivedNanos) {
        if (open.size() >= MAX_OPEN) {
            close(open.get(0), false);
        }
        RecordGroup group = free.isEmpty() ? new RecordGroup() : free.pop();
        group.begin(header.timeNanos(), header.serial(), receivedNanos);
        open.add(group);
        if (options.live()) {
            gaps.see(header.serial(), receivedNanos);
        }
        return group;
    }

    private void close(RecordGroup group, boolean ended) {
        open.remove(group);
        closed[slot(group.serial())] = mark(group.timeNanos(), group.serial());
        boolean onlyEnd = group.find(RecordType.EOE) >= 0;
        boolean complete = (ended || !group.hasHead()) && !group.lacksHead() && !onlyEnd && !group.truncated();
        if (!complete) {
            counters.increment(Counter.EVENTS_INCOMPLETE);
        }
        emit(group, complete);
        if (free.size() < MAX_OPEN) {
            free.push(group);
        }
    }

    private void emit(RecordGroup group, boolean complete) {
        KernelEvent event;
        try {
            event = normalizer.event(group, complete);
        } catch (RuntimeException bug) {
            counters.increment(Counter.LOST_DECODER_ERROR);
            byte[] raw = group.raw();
            keep(Counter.LOST_DECODER_ERROR, raw, 0, raw.length);
            return;
        }
        events.event(event);
    }

    private static int slot(long serial) {
        return (int) (serial & (CLOSED - 1));
    }

    private static long mark(long timeNanos, long serial) {
        return timeNanos * 31 + serial + 1;
    }

    private boolean isClosed(long timeNanos, long serial) {
        return closed[slot(serial)] == mark(timeNanos, serial);
    }

    /** Ends what waited too long. {@code nowNanos} is on the clock of the frames' times. */
    public void flush(long nowNanos) {
        lastReceivedNanos = nowNanos;
        for (int i = 0; i < open.size(); ) {
            RecordGroup group = open.get(i);
            // The clock may have been set back or forth: what is far off in either direction has waited enough.
            long timeout = group.hasHead() ? TIMEOUT_NANOS : SINGLE_TIMEOUT_NANOS;
            if (Math.abs(nowNanos - group.firstReceivedNanos()) > timeout) {
                close(group, false);
            } else {
                i++;
            }
        }
        long lost = gaps.takeLost(nowNanos - TIMEOUT_NANOS);
        if (lost > 0) {
            counters.add(Counter.LOST_SERIALS, lost);
            events.event(
                    new SensorHealth(
                            Context.of(nowNanos, Origin.SENSOR, Actor.NONE),
                            Counter.LOST_SERIALS.label(),
                            lost,
                            "audit serials never came: raise audit.receive_buffer or audit.backlog_limit, or load fewer rules"));
        }
    }

    /** Ends all that is open: the source has ended. */
    public void finish() {
        while (!open.isEmpty()) {
            close(open.get(0), false);
        }
    }

    private void reject(Counter reason, byte[] buffer, int offset, int length) {
        counters.increment(reason);
        keep(reason, buffer, offset, length);
    }

    private void keep(Counter reason, byte[] buffer, int offset, int length) {
        if (rejects.size() >= KEPT_REJECTS) {
            rejects.poll();
        }
        rejects.add(new Reject(
                reason, new String(buffer, offset, Math.min(length, KEPT_REJECT_BYTES), StandardCharsets.UTF_8)));
    }

    /** The last records that were set aside, oldest first. */
    public List<Reject> rejects() {
        return List.copyOf(rejects);
    }
}
