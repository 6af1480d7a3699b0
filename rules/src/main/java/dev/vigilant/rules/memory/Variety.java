// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.memory;

import dev.vigilant.event.KernelEvent;
import dev.vigilant.rules.eval.EventValue;
import dev.vigilant.rules.field.FieldPath;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The different values that a field of the remembered events has, apart for each of what they are joined by, and the newest
 * event of each value. It goes by hashes as {@link JoinIndex} does: there may be fewer events that fit, never more values.
 *
 * <p>Threading: the session's thread. Allocation: an entry for each value.
 */
final class Variety {
    /** Of an event that lacks the field or what it is joined by. */
    private static final Value NONE = new Value(JoinIndex.NOTHING, "");

    private final FieldPath[] fields;
    private final EventValue distinct;
    private final Map<Long, Map<Object, Value>> values = new HashMap<>();
    /** Of each event, the oldest first. */
    private final ArrayDeque<Value> inOrder = new ArrayDeque<>();

    Variety(List<FieldPath> fields, EventValue distinct) {
        this.fields = fields.toArray(FieldPath[]::new);
        this.distinct = distinct;
    }

    void add(Remembered entry) {
        long key = JoinIndex.key(fields, entry.event);
        Object value = distinct.get(entry.event);
        if (key == JoinIndex.NOTHING || value == null) {
            inOrder.addLast(NONE);
            return;
        }
        Value known = values.computeIfAbsent(key, k -> new HashMap<>()).computeIfAbsent(value, v -> new Value(key, v));
        known.newest = entry;
        known.events++;
        inOrder.addLast(known);
    }

    /** The oldest event leaves; it is not looked at, which would fetch all of it from memory. */
    void removeOldest() {
        Value known = inOrder.removeFirst();
        if (known == NONE || --known.events > 0) {
            return;
        }
        Map<Object, Value> ofKey = values.get(known.key);
        if (ofKey != null) {
            ofKey.remove(known.value);
            if (ofKey.isEmpty()) {
                values.remove(known.key);
            }
        }
    }

    /** How many values there are among the events that may be equal in these fields of the event. */
    int size(FieldPath[] others, KernelEvent event) {
        return of(others, event).size();
    }

    /** The newest events of the values, among the events that may be equal in these fields of the event. */
    List<Remembered> newest(FieldPath[] others, KernelEvent event) {
        return of(others, event).values().stream()
                .map(value -> Objects.requireNonNull(value.newest))
                .toList();
    }

    private Map<Object, Value> of(FieldPath[] others, KernelEvent event) {
        return values.getOrDefault(JoinIndex.key(others, event), Map.of());
    }

    /** A value. */
    private static final class Value {
        final long key;
        final Object value;

        @Nullable
        Remembered newest;

        int events;

        Value(long key, Object value) {
            this.key = key;
            this.value = value;
        }
    }
}
