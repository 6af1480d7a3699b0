// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.pipeline;

/** One step of the road: slot in, slot out. One thread calls it, in the order of the events. */
public interface Stage {
    /**
     * Works on one slot.
     *
     * @param endOfBatch whether no further slot waits just now
     * @throws Exception when it cannot; the pipeline counts it, says it once and goes on
     */
    void on(Slot slot, boolean endOfBatch) throws Exception;

    /**
     * This stage and then the next on the same thread. Handing a few events over wakes a thread and costs more than what light
     * stages do.
     */
    default Stage with(Stage next) {
        return (slot, endOfBatch) -> {
            try {
                on(slot, endOfBatch);
            } finally {
                next.on(slot, endOfBatch);
            }
        };
    }
}
