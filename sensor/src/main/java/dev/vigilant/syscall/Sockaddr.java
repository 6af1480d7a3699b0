// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.syscall;

import dev.vigilant.event.SocketAddress;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads struct sockaddr. */
public final class Sockaddr {
    private Sockaddr() {}

    /** Of bytes that may be cut anywhere. */
    public static SocketAddress of(byte[] bytes) {
        if (bytes.length < 2) {
            return new SocketAddress(0, null, -1, null, null);
        }
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        // The family is in the host's order; every architecture that we read is little-endian.
        int family = Short.toUnsignedInt(in.getShort(0));
        return switch (family) {
            case SocketAddress.AF_UNIX -> new SocketAddress(family, null, -1, unixPath(bytes), null);
            case SocketAddress.AF_INET -> inet(family, bytes, 4, 4);
            case SocketAddress.AF_INET6 -> inet(family, bytes, 8, 16);
            case SocketAddress.AF_PACKET, SocketAddress.AF_VSOCK -> new SocketAddress(family, null, -1, null, link(in));
            case SocketAddress.AF_NETLINK ->
                new SocketAddress(
                        family,
                        null,
                        -1,
                        null,
                        bytes.length < 12
                                ? null
                                : "nlnk-pid=" + Integer.toUnsignedString(in.getInt(4)) + " groups="
                                        + Integer.toUnsignedString(in.getInt(8)));
            default -> new SocketAddress(family, null, -1, null, null);
        };
    }

    private static SocketAddress inet(int family, byte[] bytes, int offset, int length) {
        if (bytes.length < offset + length) {
            return new SocketAddress(family, null, -1, null, null);
        }
        int port = Byte.toUnsignedInt(bytes[2]) << 8 | Byte.toUnsignedInt(bytes[3]);
        byte[] address = java.util.Arrays.copyOfRange(bytes, offset, offset + length);
        try {
            InetAddress ip = InetAddress.getByAddress(address);
            return new SocketAddress(
                    family, ip instanceof Inet4Address ? ip.getHostAddress() : compressed(address), port, null, null);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** As RFC 5952 writes it: the longest run of zeros left out. */
    private static String compressed(byte[] address) {
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) {
            groups[i] = Byte.toUnsignedInt(address[2 * i]) << 8 | Byte.toUnsignedInt(address[2 * i + 1]);
        }
        int longest = -1;
        int length = 1;
        for (int i = 0, run = 0; i < 8; i++) {
            run = groups[i] == 0 ? run + 1 : 0;
            if (run > length) {
                length = run;
                longest = i - run + 1;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if (i == longest) {
                text.append("::");
                i += length - 1;
            } else {
                text.append(text.isEmpty() || text.charAt(text.length() - 1) == ':' ? "" : ":");
                text.append(Integer.toHexString(groups[i]));
            }
        }
        return text.toString();
    }

    /** sockaddr_ll of linux/if_packet.h, sockaddr_vm of linux/vm_sockets.h. */
    private static @Nullable String link(ByteBuffer in) {
        if (in.limit() < 12) {
            return null;
        }
        return in.getShort(0) == SocketAddress.AF_VSOCK
                ? "cid=" + Integer.toUnsignedString(in.getInt(8)) + " port=" + Integer.toUnsignedString(in.getInt(4))
                : String.format(
                        "protocol=0x%04x ifindex=%d",
                        Short.toUnsignedInt(Short.reverseBytes(in.getShort(2))), in.getInt(4));
    }

    private static @Nullable String unixPath(byte[] bytes) {
        if (bytes.length <= 2) {
            return null;
        }
        boolean isAbstract = bytes[2] == 0;
        int start = isAbstract ? 3 : 2;
        int end = start;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        if (end == start) {
            return null;
        }
        String path = new String(bytes, start, end - start, StandardCharsets.UTF_8);
        return isAbstract ? "@" + path : path;
    }
}
