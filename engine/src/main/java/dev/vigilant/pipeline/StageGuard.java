// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.pipeline;

import dev.vigilant.counter.Counter;
import dev.vigilant.counter.Counters;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs stages on slots; what a stage throws is counted, said once, and keeps neither the other stages from the slot nor this one
 * from the next. An Error goes on to who runs the stages.
 *
 * <p>Threading: any. Allocation: none.
 */
final class StageGuard {
    private static final Logger LOG = LoggerFactory.getLogger(Pipeline.class);

    private final Counters counters;
    private final Set<String> said = ConcurrentHashMap.newKeySet();

    StageGuard(Counters counters) {
        this.counters = counters;
    }

    void run(Stage stage, Slot slot, boolean endOfBatch) {
        try {
            stage.on(slot, endOfBatch);
        } catch (Exception e) {
            counters.increment(Counter.STAGE_ERRORS);
            if (said.add(e.getClass() + ":" + e.getMessage())) {
                LOG.error("{}", e.getMessage() == null ? e.toString() : e.getMessage());
                LOG.debug("stage failed", e);
            }
        }
    }
}
