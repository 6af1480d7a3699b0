// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.audit;

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
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * Audit records by netlink: as the owner, who gets them one by one and before all others, or as a listener of the multicast
 * group beside whoever owns audit.
 *
 * <p>Threading: the sensor thread. Allocation: none per record.
 *
 * <h2>Layout</h2>
 *
 * A datagram is struct nlmsghdr, then the record's text. The header's length is not that of the datagram in every kernel
 * (it leaves the header out for the owner), so the datagram's own length counts.
 */
public final class NetlinkAuditReader implements FrameReader {
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.nativeOrder());
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.nativeOrder());
    private static final int AUDIT_NLGRP_READLOG = 1;
    private static final int AUDIT_SET = 1001;
    private static final int NLM_F_REQUEST = 1;

    /** Types below are replies of the control protocol, but for LOGIN. */
    private static final int FIRST_RECORD = 1100;

    private static final int NLM_F_ACK = 4;
    private static final int NLMSG_ERROR = 2;
    private static final int REPLY_MILLIS = 5000;
    private static final int PENDING = Integer.MIN_VALUE;

    private final NetlinkSocket socket;
    private final Counters counters;
    private final boolean owner;
    private final ArrayDeque<Early> early = new ArrayDeque<>();
    private int acknowledged = PENDING;
    private int sequence;
    private long nowNanos;

    /** A record that came while an acknowledgement was awaited. */
    private record Early(int type, byte[] text, long receivedNanos) {}

    private NetlinkAuditReader(NetlinkSocket socket, boolean owner, Counters counters) {
        this.socket = socket;
        this.owner = owner;
        this.counters = counters;
    }

    /**
     * Becomes the owner of audit.
     *
     * @throws NativeFailure when somebody owns it already or CAP_AUDIT_CONTROL is missing
     */
    public static NetlinkAuditReader owner(AuditStatus current, int receiveBuffer, Counters counters)
            throws NativeFailure {
        NetlinkSocket socket = new NetlinkSocket(NetlinkSocket.NETLINK_AUDIT, 0, receiveBuffer);
        NetlinkAuditReader reader = new NetlinkAuditReader(socket, true, counters);
        try {
            reader.setOwner(current, (int) ProcessHandle.current().pid());
        } catch (NativeFailure e) {
            socket.close();
            throw e;
        }
        return reader;
    }

    /**
     * Listens beside the owner.
     *
     * @throws NativeFailure when CAP_AUDIT_READ is missing or the kernel is older than 3.16
     */
    public static NetlinkAuditReader listener(int receiveBuffer, Counters counters) throws NativeFailure {
        NetlinkSocket socket = new NetlinkSocket(NetlinkSocket.NETLINK_AUDIT, AUDIT_NLGRP_READLOG, receiveBuffer);
        return new NetlinkAuditReader(socket, false, counters);
    }

    /** The records go to the socket that asks, so this goes through it and not through {@link AuditControl}. */
    private void setOwner(AuditStatus current, int pid) throws NativeFailure {
        byte[] payload = current.withPid(pid).encode(AuditStatus.MASK_PID);
        acknowledged = PENDING;
        socket.send(AUDIT_SET, NLM_F_REQUEST | NLM_F_ACK, ++sequence, payload);
        long deadline = System.nanoTime() + REPLY_MILLIS * 1_000_000L;
        try (Poller poller = new Poller(socket.fd())) {
            while (acknowledged == PENDING) {
                long left = (deadline - System.nanoTime()) / 1_000_000L;
                if (left <= 0) {
                    throw new NativeFailure("audit owner: no answer from the kernel", NativeFailure.EAGAIN);
                }
                if (poller.await((int) left)) {
                    nowNanos = System.currentTimeMillis() * 1_000_000L;
                    socket.read((buffer, length) -> take(buffer, length, this::keep));
                }
            }
        }
        if (acknowledged != 0) {
            throw new NativeFailure("audit owner: pid " + pid, acknowledged);
        }
    }

    private void keep(Channel channel, int type, byte[] buffer, int offset, int length, long receivedNanos) {
        early.add(new Early(type, Arrays.copyOfRange(buffer, offset, offset + length), receivedNanos));
    }

    private int readEarly(FrameSink sink) {
        int count = early.size();
        for (Early e = early.poll(); e != null; e = early.poll()) {
            sink.frame(Channel.AUDIT, e.type(), e.text(), 0, e.text().length, e.receivedNanos());
        }
        return count;
    }

    @Override
    public int read(FrameSink sink) throws IOException {
        if (!early.isEmpty()) {
            return readEarly(sink);
        }
        nowNanos = System.currentTimeMillis() * 1_000_000L;
        int count = socket.read((buffer, length) -> take(buffer, length, sink));
        socket.account(counters);
        return count;
    }

    private void take(byte[] buffer, int length, FrameSink sink) {
        int type = length < NetlinkSocket.HEADER ? 0 : (short) SHORT.get(buffer, 4);
        if ((type < FIRST_RECORD && type != RecordType.LOGIN) || type == RecordType.REPLACE) {
            counters.increment(Counter.CONTROL_MESSAGES);
            if (type == NLMSG_ERROR && length >= NetlinkSocket.HEADER + 4 && (int) INT.get(buffer, 8) == sequence) {
                acknowledged = -(int) INT.get(buffer, NetlinkSocket.HEADER);
            }
            return;
        }
        int end = length;
        while (end > NetlinkSocket.HEADER && (buffer[end - 1] == 0 || buffer[end - 1] == '\n')) {
            end--;
        }
        sink.frame(Channel.AUDIT, type, buffer, NetlinkSocket.HEADER, end - NetlinkSocket.HEADER, nowNanos);
    }

    @Override
    public int fd() {
        return socket.fd();
    }

    /** Whether the records come to us first. */
    public boolean isOwner() {
        return owner;
    }

    @Override
    public void close() throws IOException {
        try {
            if (owner) {
                setOwner(new AuditStatus(0, 0, 0, 0, 0, 0, 0, 0, 0, 0), 0);
            }
        } catch (NativeFailure e) {
            // Somebody else owns audit by now: there is nothing to give back.
            if (e.errno() != NativeFailure.EACCES) {
                throw e;
            }
        } finally {
            socket.close();
        }
    }
}
