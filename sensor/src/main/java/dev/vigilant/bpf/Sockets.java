// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.bpf;

import dev.vigilant.bpf.BpfRecord.Tag;
import dev.vigilant.event.SocketAddress;
import dev.vigilant.syscall.Sockaddr;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Sockets as the kernel has them: struct socket_section of capture.h.
 *
 * <pre>
 *  0 family(2) type(2) local_port(2) peer_port(2, network order)
 *  8 state(4) reserved(4)
 * 16 local[16] 32 peer[16]
 * </pre>
 */
final class Sockets {
    private static final int PEER_PORT = 6;
    private static final int PEER = 32;

    private Sockets() {}

    /** The other end, or null when the socket has none. */
    static @Nullable SocketAddress peer(BpfRecord record, int argument) {
        int at = record.find(Tag.SOCKET, argument);
        if (at < 0) {
            return null;
        }
        int family = record.shortAt(at, 0);
        int port = record.shortAt(at, PEER_PORT);
        if (port == 0 && family != SocketAddress.AF_UNIX) {
            return null;
        }
        return switch (family) {
            case SocketAddress.AF_INET -> Sockaddr.of(sockaddr(16, family, port, record.bytesAt(at, PEER, 4), 4));
            case SocketAddress.AF_INET6 -> Sockaddr.of(sockaddr(28, family, port, record.bytesAt(at, PEER, 16), 8));
            default -> null;
        };
    }

    private static byte[] sockaddr(int size, int family, int port, byte[] address, int offset) {
        ByteBuffer out = ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
        out.putShort(0, (short) family).putShort(2, (short) port);
        out.position(offset).put(address);
        return out.array();
    }
}
