// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.pipeline;

import dev.vigilant.alert.Alert;
import dev.vigilant.event.KernelEvent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One place of the ring: an event, what the judges found, and the alerts that became of it. Belongs to one stage at a time; of
 * stages that work side by side each has findings of its own.
 */
public final class Slot {
    private @Nullable KernelEvent event;
    private final Findings own = new Findings();
    private final Findings across = new Findings();
    private final List<Alert> alerts = new ArrayList<>();

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

    /** What rules found that need to know of one container's events only. */
    public Findings own() {
        return own;
    }

    /** What rules found that look across containers. */
    public Findings across() {
        return across;
    }

    /** Alerts so far; the last stage of detection adds. */
    public List<Alert> alerts() {
        return alerts;
    }

    /** Whether there is something to tell. A stage that works beside another one may miss what that has found. */
    boolean hasNews() {
        return !own.matches().isEmpty() || !across.matches().isEmpty() || !alerts.isEmpty();
    }

    void clear() {
        event = null;
        own.clear();
        across.clear();
        alerts.clear();
    }
}
