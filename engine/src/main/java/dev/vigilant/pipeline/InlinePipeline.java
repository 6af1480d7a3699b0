// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.pipeline;

import dev.vigilant.counter.Counters;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.source.EventSink;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The stages of a replay, one after another on the thread that decodes. A file waits for its reader, so there is no burst for a
 * ring to take up; and an event that is decided on before the next is decoded stays in the processor's caches and dies young.
 *
 * <p>Threading: one thread. Allocation: none.
 */
public final class InlinePipeline implements EventSink, AutoCloseable {
    private static final int BATCH = 1024;

    private final List<Stage> stages;
    private final StageGuard guard;
    private final Slot slot = new Slot();
    private int passed;
    /** The newest event, until it is known whether another follows. */
    private @Nullable KernelEvent held;

    /** @param stages in the order in which a slot passes them */
    public InlinePipeline(List<Stage> stages, Counters counters) {
        this.stages = List.copyOf(stages);
        this.guard = new StageGuard(counters);
    }

    @Override
    public void event(KernelEvent event) {
        KernelEvent before = held;
        held = event;
        if (before != null) {
            pass(before, ++passed % BATCH == 0);
        }
    }

    private void pass(KernelEvent event, boolean endOfBatch) {
        slot.fill(event);
        for (Stage stage : stages) {
            guard.run(stage, slot, endOfBatch);
        }
        slot.clear();
    }

    /** Lets the last event pass. */
    @Override
    public void close() {
        KernelEvent last = held;
        held = null;
        if (last != null) {
            pass(last, true);
        }
    }
}
