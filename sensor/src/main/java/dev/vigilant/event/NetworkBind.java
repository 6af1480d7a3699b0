// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.event;

/**
 * A socket that was given a local address.
 *
 * @param context when, who, and with what result
 * @param fd the socket
 * @param address the local address
 */
public record NetworkBind(Context context, int fd, SocketAddress address) implements KernelEvent {
    @Override
    public EventKind kind() {
        return EventKind.NETWORK_BIND;
    }
}
