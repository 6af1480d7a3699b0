// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.source;

import dev.vigilant.event.KernelEvent;

/** Takes decoded events, in the order in which they were decoded. Called by one thread. */
@FunctionalInterface
public interface EventSink {
    /** One event; the sink owns it from here on. */
    void event(KernelEvent event);
}
