// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.event;

/**
 * A socket that began to listen.
 *
 * @param context when, who, and with what result
 * @param fd the socket
 * @param backlog queue length asked for
 */
public record NetworkListen(Context context, int fd, int backlog) implements KernelEvent {
    @Override
    public EventKind kind() {
        return EventKind.NETWORK_LISTEN;
    }
}
