// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.proc;

import dev.vigilant.counter.Counter;
import dev.vigilant.counter.Counters;
import dev.vigilant.jna.NativeFailure;
import dev.vigilant.jna.NetlinkSocket;
import dev.vigilant.jna.Poller;
import dev.vigilant.source.Channel;
import dev.vigilant.source.FrameReader;
import dev.vigilant.source.FrameSink;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The process connector: fork, exec and exit of every process, told by the kernel as they happen.
 *
 * <pre>
 *  struct nlmsghdr   struct cn_msg (linux/connector.h)     struct proc_event (linux/cn_proc.h)
 *   0 len type ...   16 idx 20 val 24 seq 28 ack           36 what 40 cpu 44 timestamp_ns 52 event data
 *                    32 len 34 flags
 * </pre>
 *
 * <p>Threading: the sensor thread. Allocation: none per event. A frame is one struct proc_event; its time is the kernel's,
 * turned into wall-clock time.
 *
 * <h2>Loss</h2>
 *
 * Numbers that are missing are events that were lost. Linux 6.6 and later would send only chosen kinds of events (struct
 * proc_input), but number all of them, so loss could no longer be told from choice; the kinds not wanted are rare.
 */
public final class ProcConnectorReader implements FrameReader {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.nativeOrder());
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private static final int CN_IDX_PROC = 1;
    private static final int CN_VAL_PROC = 1;
    private static final int PROC_CN_MCAST_LISTEN = 1;
    private static final int PROC_CN_MCAST_IGNORE = 2;
    private static final int NLMSG_DONE = 3;
    private static final int SEQUENCE = 24;
    private static final int ACKNOWLEDGED = 28;
    private static final int EVENT = 36;
    private static final int TIMESTAMP = EVENT + 8;
    private static final int DATA = EVENT + 16;

    /** The kernel can be built for no more (CONFIG_NR_CPUS). */
    private static final int MAX_CPUS = 8192;

    /** Marks a processor of which nothing came yet: no 32-bit sequence number is this. */
    private static final long NOTHING = -1;

    private static final int REPLY_MILLIS = 1000;

    private final NetlinkSocket socket;
    private final Counters counters;
    private final long[] lastSequence = new long[MAX_CPUS];
    private final int request = ThreadLocalRandom.current().nextInt();
    private long wallOffset = wallOffset();
    private int sinceOffset;
    private boolean acknowledged;
    private int refusal;
    private boolean closed;

    /**
     * Subscribes.
     *
     * @throws NativeFailure when the kernel has no process connector or CAP_NET_ADMIN is missing
     */
    public ProcConnectorReader(int receiveBuffer, Counters counters) throws NativeFailure {
        this.counters = counters;
        Arrays.fill(lastSequence, NOTHING);
        this.socket = new NetlinkSocket(NetlinkSocket.NETLINK_CONNECTOR, 1 << (CN_IDX_PROC - 1), receiveBuffer);
        try {
            subscribe(PROC_CN_MCAST_LISTEN);
            awaitAnswer();
        } catch (NativeFailure e) {
            socket.close();
            throw e;
        }
    }

    /** System.nanoTime is CLOCK_MONOTONIC on Linux, and so are the kernel's stamps. */
    private static long wallOffset() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano() - System.nanoTime();
    }

    private void subscribe(int operation) throws NativeFailure {
        ByteBuffer message = ByteBuffer.allocate(24).order(ByteOrder.nativeOrder());
        message.putInt(CN_IDX_PROC)
                .putInt(CN_VAL_PROC)
                .putInt(0)
                .putInt(request)
                .putShort((short) 4)
                .putShort((short) 0);
        message.putInt(operation);
        socket.send(NLMSG_DONE, 0, 0, message.array());
    }

    /** A kernel that does not let us listen says nothing at all. */
    private void awaitAnswer() throws NativeFailure {
        long deadline = System.nanoTime() + REPLY_MILLIS * 1_000_000L;
        try (Poller poller = new Poller(socket.fd())) {
            while (!acknowledged) {
                long left = (deadline - System.nanoTime()) / 1_000_000L;
                if (left <= 0) {
                    throw new NativeFailure(
                            "process connector: no answer: not in the initial user and pid namespaces",
                            NativeFailure.EAGAIN);
                }
                if (poller.await((int) left)) {
                    // Processes that start now are found by the scan of /proc that follows.
                    socket.read((buffer, length) -> take(buffer, length, (channel, type, b, o, l, time) -> {}));
                }
            }
        }
        if (refusal != 0) {
            throw new NativeFailure("process connector", refusal);
        }
    }

    @Override
    public int read(FrameSink sink) throws IOException {
        if (++sinceOffset >= 1024) {
            sinceOffset = 0;
            wallOffset = wallOffset();
        }
        int count = socket.read((buffer, length) -> take(buffer, length, sink));
        socket.account(counters);
        return count;
    }

    private void take(byte[] buffer, int length, FrameSink sink) {
        boolean ours = length >= DATA
                && (int) INT.get(buffer, NetlinkSocket.HEADER) == CN_IDX_PROC
                && (int) INT.get(buffer, NetlinkSocket.HEADER + 4) == CN_VAL_PROC;
        if (ours) {
            account((int) INT.get(buffer, EVENT + 4), (int) INT.get(buffer, SEQUENCE));
        }
        if (!ours || (int) INT.get(buffer, EVENT) == 0) {
            counters.increment(Counter.PROC_CONTROL_MESSAGES);
            if (ours && length >= DATA + 4 && (int) INT.get(buffer, ACKNOWLEDGED) == request + 1) {
                acknowledged = true;
                refusal = Math.abs((int) INT.get(buffer, DATA));
            }
            return;
        }
        long time = (long) LONG.get(buffer, TIMESTAMP) + wallOffset;
        sink.frame(Channel.PROC_CONNECTOR, 0, buffer, EVENT, length - EVENT, time);
    }

    /** Each processor numbers its events on its own; acknowledgements are numbered with them. */
    private void account(int cpu, int sequence) {
        if (cpu < 0 || cpu >= MAX_CPUS) {
            return;
        }
        long last = lastSequence[cpu];
        lastSequence[cpu] = Integer.toUnsignedLong(sequence);
        int gap = sequence - (int) last - 1;
        if (last != NOTHING && gap > 0) {
            counters.add(Counter.LOST_PROC_EVENTS, gap);
        }
    }

    @Override
    public int fd() {
        return socket.fd();
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try {
            subscribe(PROC_CN_MCAST_IGNORE);
        } finally {
            socket.close();
        }
    }
}
