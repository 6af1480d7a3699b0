// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.event;

/**
 * A connection that was asked for; EINPROGRESS counts as asked for.
 *
 * @param context when, who, and with what result
 * @param fd the socket
 * @param address the peer
 */
public record NetworkConnect(Context context, int fd, SocketAddress address) implements KernelEvent {
    @Override
    public EventKind kind() {
        return EventKind.NETWORK_CONNECT;
    }
}
