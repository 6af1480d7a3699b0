// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.event;

/**
 * A file descriptor that was copied onto a chosen number: dup2, dup3.
 *
 * @param context when, who, and with what result
 * @param oldFd the descriptor copied
 * @param newFd the number it was copied to; 0, 1, 2 are stdin, stdout, stderr
 */
public record FdDuplicate(Context context, int oldFd, int newFd) implements KernelEvent {
    @Override
    public EventKind kind() {
        return EventKind.FD_DUPLICATE;
    }
}
