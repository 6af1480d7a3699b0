// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.event;

import org.jspecify.annotations.Nullable;

/**
 * A signal that was sent: kill, tkill, tgkill, pidfd_send_signal.
 *
 * @param context when, who, and with what result
 * @param targetPid pid of the target as the source knows it
 * @param signal signal number
 * @param targetName comm of the target, null when the source does not tell
 */
public record SignalSent(
        Context context,
        int targetPid,
        int signal,
        @Nullable String targetName) implements KernelEvent {
    @Override
    public EventKind kind() {
        return EventKind.SIGNAL_SENT;
    }
}
