// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.event;

/**
 * A socket that was made.
 *
 * @param context when, who, and with what result
 * @param family AF_* number
 * @param type SOCK_* number without SOCK_NONBLOCK and SOCK_CLOEXEC
 * @param protocol protocol number
 * @param fd the new descriptor, -1 on failure
 */
public record NetworkSocket(Context context, int family, int type, int protocol, int fd) implements KernelEvent {
    @Override
    public EventKind kind() {
        return EventKind.NETWORK_SOCKET;
    }
}
