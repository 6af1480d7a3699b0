// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.proc;

import dev.vigilant.counter.Counter;
import dev.vigilant.counter.Counters;
import dev.vigilant.jna.NativeFailure;
import dev.vigilant.jna.NetlinkSocket;
import dev.vigilant.source.Channel;
import dev.vigilant.source.FrameReader;
import dev.vigilant.source.FrameSink;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

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
    private static final int EVENT = 36;
    private static final int TIMESTAMP = EVENT + 8;
    private static final int DATA = EVENT + 16;

    private final NetlinkSocket socket;
    private final Counters counters;
    private final Map<Integer, Integer> nextSequence = new HashMap<>();
    private long wallOffset = wallOffset();
    private int sinceOffset;

    /**
     * Subscribes.
     *
     * @throws NativeFailure when the kernel has no process connector or CAP_NET_ADMIN is missing
     */
    public ProcConnectorReader(int receiveBuffer, Counters counters) throws NativeFailure {
        this.counters = counters;
        this.socket = new NetlinkSocket(NetlinkSocket.NETLINK_CONNECTOR, 1 << (CN_IDX_PROC - 1), receiveBuffer);
        try {
            subscribe(PROC_CN_MCAST_LISTEN);
        } catch (NativeFailure e) {
            socket.close();
            throw e;
        }
    }

    /** System.nanoTime is CLOCK_MONOTONIC on Linux, and so are the kernel's stamps. */
    private static long wallOffset() {
        return System.currentTimeMillis() * 1_000_000L - System.nanoTime();
    }

    private void subscribe(int operation) throws NativeFailure {
        ByteBuffer message = ByteBuffer.allocate(24).order(ByteOrder.nativeOrder());
        message.putInt(CN_IDX_PROC)
                .putInt(CN_VAL_PROC)
                .putInt(0)
                .putInt(0)
                .putShort((short) 4)
                .putShort((short) 0);
        message.putInt(operation);
        socket.send(NLMSG_DONE, 0, 0, message.array());
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
        if (length < DATA || (int) INT.get(buffer, EVENT) == 0) {
            counters.increment(Counter.PROC_CONTROL_MESSAGES);
            return;
        }
        int cpu = (int) INT.get(buffer, EVENT + 4);
        int sequence = (int) INT.get(buffer, SEQUENCE);
        Integer expected = nextSequence.put(cpu, sequence + 1);
        if (expected != null && sequence - expected > 0) {
            counters.add(Counter.LOST_PROC_EVENTS, sequence - expected);
        }
        long time = (long) LONG.get(buffer, TIMESTAMP) + wallOffset;
        sink.frame(Channel.PROC_CONNECTOR, 0, buffer, EVENT, length - EVENT, time);
    }

    @Override
    public int fd() {
        return socket.fd();
    }

    @Override
    public void close() throws IOException {
        try {
            subscribe(PROC_CN_MCAST_IGNORE);
        } finally {
            socket.close();
        }
    }
}
