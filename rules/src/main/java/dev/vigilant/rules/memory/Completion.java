// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.memory;

import dev.vigilant.event.KernelEvent;
import dev.vigilant.rules.field.FieldPath;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
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
     * @param index where; null when nothing has to be equal, so that all its events are found
     */
    record Step(
            Memory memory,
            boolean needed,
            int from,
            FieldPath[] fields,
            @Nullable JoinIndex index) {
        static final int THE_EVENT = -1;
    }

    /** @param steps in an order in which each is found by those before it */
    Completion(List<Step> steps) {
        this.steps = steps.toArray(Step[]::new);
        steps.forEach(step -> found.add(new ArrayList<>()));
    }

    /** Whether there is all that a match needs; {@link #forEach} has it then. */
    boolean isPossible(KernelEvent event) {
        for (int i = 0; i < steps.length; i++) {
            Step step = steps[i];
            JoinIndex index = step.index();
            if (index != null) {
                List<Remembered> into = found.get(i);
                into.clear();
                if (step.from() == Step.THE_EVENT) {
                    index.find(step.fields(), event, into);
                } else {
                    found(step.from()).forEach(by -> index.find(step.fields(), by.event, into));
                }
            }
            if (step.needed() && found(i).isEmpty()) {
                return false;
            }
        }
        return true;
    }

    private Collection<Remembered> found(int step) {
        return steps[step].index() == null ? steps[step].memory().all() : found.get(step);
    }

    /** What was found last; some may come more than once. */
    void forEach(Consumer<Remembered> consumer) {
        for (int i = 0; i < steps.length; i++) {
            found(i).forEach(consumer);
        }
    }
}
