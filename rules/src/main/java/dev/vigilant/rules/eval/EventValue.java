// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.eval;

import dev.vigilant.event.KernelEvent;
import dev.vigilant.rules.ast.Operand;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a field of an event.
 *
 * <p>Threading: any. Allocation: none, but for numbers and what is made of texts.
 */
public final class EventValue {
    private final FieldReader reader;

    private EventValue(FieldReader reader) {
        this.reader = reader;
    }

    /** @param field of the event itself, without a binding */
    public static EventValue of(Operand.Field field) {
        return new EventValue(FieldReader.of(field, List.of()));
    }

    /** The value; null when it is missing or cannot be read. */
    public @Nullable Object get(KernelEvent event) {
        try {
            return reader.get(event, EventTest.NONE);
        } catch (RuntimeException unreadable) {
            return null;
        }
    }
}
