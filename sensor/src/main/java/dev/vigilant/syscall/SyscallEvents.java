// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.syscall;

import dev.vigilant.event.KernelEvent;
import dev.vigilant.event.SystemCall;

/** The event that a system call is, whichever sensor told of it. Execs are each sensor's own. */
public final class SyscallEvents {
    private SyscallEvents() {}

    /** The event; a {@link SystemCall} where the vocabulary has none of its own for the call. */
    public static KernelEvent of(SyscallFacts v) {
        KernelEvent event = FileEvents.event(v);
        if (event == null) {
            event = ProcessEvents.event(v);
        }
        if (event == null) {
            event = KernelEvents.event(v);
        }
        return event != null
                ? event
                : new SystemCall(v.context(), v.name(), v.argument(0), v.argument(1), v.argument(2), v.argument(3));
    }
}
