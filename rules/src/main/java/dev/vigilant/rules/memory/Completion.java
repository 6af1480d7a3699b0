// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.memory;

import dev.vigilant.event.KernelEvent;
import dev.vigilant.rules.field.FieldPath;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How an event that fits one pattern of a rule could complete a match: which events the other patterns need, found by what they
 * have to be equal in. No is certain, as with the gate; what is found is for the session to decide on.
 *
 * <p>Threading: the session's thread. Allocation: none when asked, but for what its lists grow.
 */
final class Completion {
    private final Step[] steps;
    private final List<List<Remembered>> found = new ArrayList<>();

    /**
     * Another pattern.
     *
     * @param memory its events
     * @param needed whether there is no match without one
     * @param from the step that its events are found by, {@link #THE_EVENT} for the event
     * @param fields what is looked up of that one
     * @param index where; null when nothing has to be equal
     */
    record Step(
            Memory memory,
            boolean needed,
            int from,
            List<FieldPath> fields,
            @Nullable JoinIndex index) {
        static final int THE_EVENT = -1;
    }

    /** @param steps in an order in which each is found by those before it */
    Completion(List<Step> steps) {
        this.steps = steps.toArray(Step[]::new);
        steps.forEach(step -> found.add(new ArrayList<>()));
    }

    /** Whether there is all that a match needs; {@link #found} has it then. */
    boolean isPossible(KernelEvent event) {
        for (int i = 0; i < steps.length; i++) {
            Step step = steps[i];
            List<Remembered> into = found.get(i);
            into.clear();
            if (step.index() == null) {
                into.addAll(step.memory().all());
            } else if (step.from() == Step.THE_EVENT) {
                into.addAll(step.index().find(step.fields(), event));
            } else {
                for (Remembered by : found.get(step.from())) {
                    into.addAll(step.index().find(step.fields(), by.event));
                }
            }
            if (step.needed() && into.isEmpty()) {
                return false;
            }
        }
        return true;
    }

    /** What the patterns found last. */
    List<List<Remembered>> found() {
        return found;
    }
}
