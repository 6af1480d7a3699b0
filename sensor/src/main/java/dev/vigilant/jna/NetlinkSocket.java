// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.jna;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import dev.vigilant.counter.Counter;
import dev.vigilant.counter.Counters;
import java.io.Closeable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A netlink socket that is read in batches.
 *
 * <p>Threading: one thread reads. Allocation: none per datagram.
 *
 * <h2>Memory</h2>
 *
 * One block holds the {@code mmsghdr} array, the {@code iovec}s, the senders' addresses and the datagrams:
 *
 * <pre>
 *  struct mmsghdr (64 bytes on 64-bit)        struct sockaddr_nl
 *   0 name*  8 namelen 16 iov* 24 iovlen       0 family(2) pad(2)
 *  32 control* 40 controllen 48 flags          4 nl_pid
 *  56 msg_len                                  8 nl_groups
 * </pre>
 *
 * Layouts: linux/netlink.h, bits/socket.h (glibc 2.36).
 */
public final class NetlinkSocket implements Closeable {
    public static final int NETLINK_AUDIT = 9;
    public static final int NETLINK_CONNECTOR = 11;

    /** Size of struct nlmsghdr. */
    public static final int HEADER = 16;

    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVBUF = 8;
    private static final int SO_RCVBUFFORCE = 33;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_TRUNC = 0x20;

    private static final int BATCH = 64;
    private static final int DATAGRAM = 16_384;
    private static final int MMSGHDR = 64;
    private static final int SOCKADDR = 16;
    private static final int ADDRESSES = BATCH * (MMSGHDR + 16);
    private static final int DATAGRAMS = ADDRESSES + BATCH * SOCKADDR;

    private final int fd;
    private final Memory memory = new Memory(DATAGRAMS + (long) BATCH * DATAGRAM);
    private final ByteBuffer view;
    private final byte[] datagram = new byte[DATAGRAM];
    private boolean open = true;

    /** Takes the datagrams of the kernel. */
    @FunctionalInterface
    public interface DatagramSink {
        /** One datagram, its netlink header first; valid until the call returns. */
        void datagram(byte[] buffer, int length);
    }

    private long overruns;
    private long truncated;
    private long foreign;

    /**
     * Opens and binds.
     *
     * @param groups multicast groups as a bit mask, 0 for none
     * @param receiveBuffer bytes; beyond the system's limit only with CAP_NET_ADMIN
     * @throws NativeFailure when the kernel refuses
     */
    public NetlinkSocket(int protocol, int groups, int receiveBuffer) throws NativeFailure {
        this.view = memory.getByteBuffer(0, memory.size()).order(ByteOrder.nativeOrder());
        try {
            this.fd = Libc.socket(AF_NETLINK, SOCK_RAW_CLOEXEC, protocol);
        } catch (LastErrorException e) {
            throw new NativeFailure("netlink socket of protocol " + protocol, e);
        }
        try (Memory address = new Memory(SOCKADDR)) {
            address.clear();
            address.setShort(0, (short) AF_NETLINK);
            address.setInt(8, groups);
            Libc.bind(fd, address, 12);
        } catch (LastErrorException e) {
            Libc.close(fd);
            throw new NativeFailure("netlink bind to groups " + groups + " of protocol " + protocol, e);
        }
        setReceiveBuffer(receiveBuffer);
        prepareBatch();
    }

    private void setReceiveBuffer(int bytes) {
        try (Memory value = new Memory(4)) {
            value.setInt(0, bytes);
            try {
                Libc.setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, value, 4);
            } catch (LastErrorException unprivileged) {
                Libc.setsockopt(fd, SOL_SOCKET, SO_RCVBUF, value, 4);
            }
        }
    }

    private void prepareBatch() {
        memory.clear(DATAGRAMS);
        long base = com.sun.jna.Pointer.nativeValue(memory);
        for (int i = 0; i < BATCH; i++) {
            int message = i * MMSGHDR;
            int iovec = BATCH * MMSGHDR + i * 16;
            view.putLong(message, base + ADDRESSES + (long) i * SOCKADDR);
            view.putLong(message + 16, base + iovec);
            view.putLong(message + 24, 1);
            view.putLong(iovec, base + DATAGRAMS + (long) i * DATAGRAM);
            view.putLong(iovec + 8, DATAGRAM);
        }
    }

    /** The descriptor, for poll. */
    public int fd() {
        return fd;
    }

    /**
     * Reads one batch without waiting.
     *
     * @return how many datagrams came from the kernel; 0 when none waited. {@link #account} tells what went wrong
     * @throws NativeFailure when the socket broke
     */
    public int read(DatagramSink sink) throws NativeFailure {
        if (!open) {
            throw new NativeFailure("netlink read", NativeFailure.EBADF);
        }
        for (int i = 0; i < BATCH; i++) {
            view.putInt(i * MMSGHDR + 8, 12);
        }
        int count = Libc.recvmmsg(fd, memory, BATCH, MSG_DONTWAIT, com.sun.jna.Pointer.NULL);
        if (count < 0) {
            return noData(Native.getLastError());
        }
        int taken = 0;
        for (int i = 0; i < count; i++) {
            int length = view.getInt(i * MMSGHDR + 56);
            if (view.getInt(ADDRESSES + i * SOCKADDR + 4) != 0) {
                foreign++;
                continue;
            }
            if ((view.getInt(i * MMSGHDR + 48) & MSG_TRUNC) != 0) {
                truncated++;
            }
            length = Math.min(length, DATAGRAM);
            view.get(DATAGRAMS + i * DATAGRAM, datagram, 0, length);
            sink.datagram(datagram, length);
            taken++;
        }
        return taken;
    }

    private int noData(int errno) throws NativeFailure {
        return switch (errno) {
            case NativeFailure.EAGAIN, NativeFailure.EINTR -> 0;
            case NativeFailure.ENOBUFS -> {
                overruns++;
                yield 0;
            }
            default -> throw new NativeFailure("netlink read", errno);
        };
    }

    /**
     * Counts what went wrong since the last call.
     *
     * @return how many times the kernel dropped datagrams because the receive buffer was full
     */
    public long account(Counters counters) {
        long lost = overruns;
        if (lost != 0 || truncated != 0 || foreign != 0) {
            counters.add(Counter.LOST_RECEIVE_OVERRUN, lost);
            counters.add(Counter.DATAGRAMS_TRUNCATED, truncated);
            counters.add(Counter.DATAGRAMS_FOREIGN, foreign);
            overruns = 0;
            truncated = 0;
            foreign = 0;
        }
        return lost;
    }

    /**
     * Sends one message to the kernel.
     *
     * @param payload what follows the netlink header
     * @throws NativeFailure when the kernel refuses
     */
    public void send(int type, int flags, int sequence, byte[] payload) throws NativeFailure {
        int length = HEADER + payload.length;
        try (Memory message = new Memory((length + 3) & ~3L);
                Memory kernel = new Memory(SOCKADDR)) {
            message.clear();
            message.setInt(0, length);
            message.setShort(4, (short) type);
            message.setShort(6, (short) flags);
            message.setInt(8, sequence);
            message.write(HEADER, payload, 0, payload.length);
            kernel.clear();
            kernel.setShort(0, (short) AF_NETLINK);
            Libc.sendto(fd, message, length, 0, kernel, 12);
        } catch (LastErrorException e) {
            throw new NativeFailure("netlink send of type " + type, e);
        }
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            Libc.close(fd);
        }
    }
}
