// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.gate;

import dev.vigilant.event.KernelEvent;
import dev.vigilant.rules.eval.Transforms;
import dev.vigilant.rules.field.FieldPath;
import dev.vigilant.rules.field.UnknownFieldException;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A field of an event as the gate reads it: the only place where it touches events. What else can give texts and numbers by
 * field, a slot of a ring for instance, would be read here.
 *
 * <p>Threading: any. Allocation: none, where the path does not allocate and no case is changed.
 */
final class EventField {
    private final FieldPath path;
    private final long mask;
    private final boolean lower;

    private EventField(FieldPath path, long mask, boolean lower) {
        this.path = path;
        this.mask = mask;
        this.lower = lower;
    }

    /** @param steps accessors of that kind of event */
    static EventField of(Class<?> event, List<String> steps, long mask) {
        try {
            return new EventField(FieldPath.compile(event, steps), mask, false);
        } catch (UnknownFieldException e) {
            throw new IllegalArgumentException("the front end let an unknown field pass: " + steps, e);
        }
    }

    /** The same in lower case, of a single text. Allocates for texts that are not. */
    EventField lowered() {
        return new EventField(path, mask, true);
    }

    FieldPath path() {
        return path;
    }

    boolean many() {
        return path.type().many();
    }

    /** The one text, null if it is missing. */
    @Nullable
    String text(KernelEvent event) {
        String text = (String) path.get(event);
        return lower && text != null ? Transforms.lower(text) : text;
    }

    /** Whether its text passes, or any of several. */
    boolean anyText(KernelEvent event, Predicate<Object> test) {
        if (many()) {
            return path.any(event, test);
        }
        String text = text(event);
        return text != null && test.test(text);
    }

    /** What the number is read of, null if it is missing. */
    @Nullable
    Object owner(KernelEvent event) {
        return path.lastOwner(event);
    }

    /** The bits of the number that count. */
    long number(Object owner) {
        return path.number(owner) & mask;
    }
}
