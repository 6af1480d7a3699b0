// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.drools;

import dev.vigilant.event.KernelEvent;

/** Takes what Drools decided. */
public interface MatchSink {
    /**
     * A rule whose patterns are all there.
     *
     * @param rule index of the rule in the list the model was built from
     * @param events the events of its {@code EACH} patterns, in the order written
     */
    void matched(int rule, KernelEvent[] events);

    /**
     * A condition that could not be decided, and counts as false.
     *
     * @param rule index of the rule it was compiled for
     */
    void failed(int rule, RuntimeException failure);

    /**
     * A condition is about to be asked.
     *
     * @param rule index of the rule it was compiled for
     * @return whether it is to be timed
     */
    default boolean asks(int rule) {
        return false;
    }

    /** How long the condition took that was to be timed. */
    default void took(int rule, long nanos) {}
}
