// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.event;

/**
 * A connection that was accepted.
 *
 * @param context when, who, and with what result
 * @param fd the new descriptor
 * @param address the peer
 */
public record NetworkAccept(Context context, int fd, SocketAddress address) implements KernelEvent {
    @Override
    public EventKind kind() {
        return EventKind.NETWORK_ACCEPT;
    }
}
