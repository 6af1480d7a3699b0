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
    private final Counting[] counts;
    private final Sum[] sums;

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

        /** Whether there may be one of its events that is found by this event. */
        boolean isThere(KernelEvent event) {
            return index == null ? !memory.all().isEmpty() : index.has(fields, event);
        }
    }

    /**
     * How many events a rule has to count.
     *
     * @param counts which counts are added
     * @param least how many that has to be
     */
    record Sum(int[] counts, long least) {}

    /**
     * @param steps in an order in which each is found by those before it
     * @param counts what is counted, found by steps
     * @param sums what is asked of the counts
     */
    Completion(List<Step> steps, List<Counting> counts, List<Sum> sums) {
        this.steps = steps.toArray(Step[]::new);
        this.counts = counts.toArray(Counting[]::new);
        this.sums = sums.toArray(Sum[]::new);
        steps.forEach(step -> found.add(new ArrayList<>()));
    }

    /** Whether there is all that a match needs; {@link #forEach} and {@link #forEachCounted} have it then. */
    boolean isPossible(KernelEvent event) {
        return isThere(event) && isEnough(event);
    }

    /** Too many never speak against it: Drools has to see them. */
    private boolean isEnough(KernelEvent event) {
        for (Counting counting : counts) {
            counting.clear();
            if (counting.from() == Step.THE_EVENT) {
                counting.find(event);
            } else {
                found(counting.from()).forEach(by -> counting.find(by.event));
            }
        }
        for (Sum sum : sums) {
            long number = 0;
            for (int count : sum.counts()) {
                number += counts[count].size();
            }
            if (number < sum.least()) {
                return false;
            }
        }
        return true;
    }

    private boolean isThere(KernelEvent event) {
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

    /** What was found last to be counted; some may come more than once. */
    void forEachCounted(Consumer<Remembered> consumer) {
        for (Counting counting : counts) {
            counting.found().forEach(consumer);
        }
    }

    /** What was found last; some may come more than once. */
    void forEach(Consumer<Remembered> consumer) {
        for (int i = 0; i < steps.length; i++) {
            found(i).forEach(consumer);
        }
    }
}
