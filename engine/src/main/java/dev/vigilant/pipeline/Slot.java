// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.pipeline;

import dev.vigilant.alert.Alert;
import dev.vigilant.event.KernelEvent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One place of the ring: an event, and the alerts that it completed. Belongs to one stage at a time. */
public final class Slot {
    private @Nullable KernelEvent event;
    private final List<Alert> alerts = new ArrayList<>(2);

    /** A place outside a ring, for one event. */
    public static Slot of(KernelEvent event) {
        Slot slot = new Slot();
        slot.fill(event);
        return slot;
    }

    /** The event; never null between publishing and {@link #clear}. */
    public KernelEvent event() {
        KernelEvent current = event;
        if (current == null) {
            throw new IllegalStateException("the slot is empty");
        }
        return current;
    }

    void fill(KernelEvent newEvent) {
        this.event = newEvent;
    }

    /** Alerts so far; the detecting stage adds. */
    public List<Alert> alerts() {
        return alerts;
    }

    void clear() {
        event = null;
        alerts.clear();
    }
}
