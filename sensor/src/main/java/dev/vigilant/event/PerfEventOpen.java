// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.event;

/**
 * A performance counter that was opened.
 *
 * @param context when, who, and with what result
 * @param targetPid pid given by the caller, -1 for all
 */
public record PerfEventOpen(Context context, int targetPid) implements KernelEvent {
    @Override
    public EventKind kind() {
        return EventKind.PERF_EVENT_OPEN;
    }
}
