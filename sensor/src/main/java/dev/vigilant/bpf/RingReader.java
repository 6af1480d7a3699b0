// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.bpf;

import dev.vigilant.jna.BpfRing;
import dev.vigilant.source.Channel;
import dev.vigilant.source.FrameReader;
import dev.vigilant.source.FrameSink;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The two ring buffers, read as one stream in the order of the records' times.
 *
 * <p>Threading: the sensor thread. Allocation: none. A frame is one record; its time is the kernel's, turned into wall-clock
 * time.
 *
 * <h2>Order</h2>
 *
 * A record of one ring that happened before a record of the other was committed before it. So the ring that was found empty
 * is looked at once more after the other one was found to have something, and of two records the older one goes first.
 */
final class RingReader implements FrameReader {
    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final int BATCH = 512;
    private static final int RENEW_OFFSET = 1024;

    private final BpfRing vital;
    private final BpfRing flood;
    private byte[] buffer = new byte[1 << 16];
    private long wallOffset = wallOffset();
    private int sinceOffset;

    RingReader(BpfRing vital, BpfRing flood) {
        this.vital = vital;
        this.flood = flood;
    }

    /** System.nanoTime is CLOCK_MONOTONIC on Linux, and so are the records' stamps. */
    private static long wallOffset() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano() - System.nanoTime();
    }

    @Override
    public int read(FrameSink sink) {
        if (++sinceOffset >= RENEW_OFFSET) {
            sinceOffset = 0;
            wallOffset = wallOffset();
        }
        int count = 0;
        while (count < BATCH) {
            BpfRing next = next();
            if (next == null) {
                break;
            }
            hand(next, sink);
            count++;
        }
        vital.release();
        flood.release();
        return count;
    }

    private @Nullable BpfRing next() {
        boolean hasFlood = flood.peek();
        boolean hasVital = vital.peek();
        if (hasVital && !hasFlood) {
            hasFlood = flood.peek();
        }
        if (hasVital && hasFlood) {
            return time(vital) <= time(flood) ? vital : flood;
        }
        return hasVital ? vital : hasFlood ? flood : null;
    }

    private static long time(BpfRing ring) {
        return (long) LONG.get(ring.memory(), ring.offset() + BpfRecord.TIME);
    }

    private void hand(BpfRing ring, FrameSink sink) {
        int length = ring.length();
        if (length > buffer.length) {
            buffer = new byte[length];
        }
        long time = time(ring) + wallOffset;
        ring.memory().get(ring.offset(), buffer, 0, length);
        ring.advance();
        sink.frame(Channel.BPF, 0, buffer, 0, length, time);
    }

    /** Bytes that wait to be read. */
    long backlog() {
        return vital.backlog() + flood.backlog();
    }

    /** The vital ring's; {@link #floodFd} is the other one. */
    @Override
    public int fd() {
        return vital.fd();
    }

    int floodFd() {
        return flood.fd();
    }

    @Override
    public void close() {
        vital.close();
        flood.close();
    }
}
