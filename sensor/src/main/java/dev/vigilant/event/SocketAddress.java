// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.event;

import org.jspecify.annotations.Nullable;

/**
 * An address of a socket.
 *
 * @param family AF_* number of linux/socket.h
 * @param ip textual IPv4 or IPv6 address, null for other families
 * @param port port number, -1 for other families
 * @param path path of a unix socket, {@code @name} for an abstract one, null for other families
 * @param detail what other families say (netlink: {@code nlnk pid=.. groups=..}), null otherwise
 */
public record SocketAddress(
        int family,
        @Nullable String ip,
        int port,
        @Nullable String path,
        @Nullable String detail) {
    public static final int AF_UNIX = 1;
    public static final int AF_INET = 2;
    public static final int AF_INET6 = 10;
    public static final int AF_NETLINK = 16;
    public static final int AF_PACKET = 17;
    public static final int AF_VSOCK = 40;

    /** Lower-case name of the family as ausearch prints it: {@code inet}, {@code inet6}, {@code unix}, {@code netlink}. */
    public String familyName() {
        return switch (family) {
            case AF_UNIX -> "unix";
            case AF_INET -> "inet";
            case AF_INET6 -> "inet6";
            case AF_NETLINK -> "netlink";
            case AF_PACKET -> "packet";
            case AF_VSOCK -> "vsock";
            default -> Integer.toString(family);
        };
    }
}
