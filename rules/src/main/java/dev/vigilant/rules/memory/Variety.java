// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.memory;

import dev.vigilant.event.KernelEvent;
import dev.vigilant.rules.eval.EventValue;
import dev.vigilant.rules.field.FieldPath;
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
    private final FieldPath[] fields;
    private final EventValue distinct;
    private final Map<Long, Map<Object, Value>> values = new HashMap<>();

    Variety(List<FieldPath> fields, EventValue distinct) {
        this.fields = fields.toArray(FieldPath[]::new);
        this.distinct = distinct;
    }

    void add(Remembered entry) {
        long key = JoinIndex.key(fields, entry.event);
        Object value = distinct.get(entry.event);
        if (key != JoinIndex.NOTHING && value != null) {
            Map<Object, Value> ofKey = values.computeIfAbsent(key, k -> new HashMap<>());
            ofKey.computeIfAbsent(value, v -> new Value()).add(entry);
        }
    }

    void remove(Remembered oldest) {
        long key = JoinIndex.key(fields, oldest.event);
        Object value = distinct.get(oldest.event);
        Map<Object, Value> ofKey = values.get(key);
        Value known = ofKey == null || value == null ? null : ofKey.get(value);
        if (ofKey != null && known != null && --known.events == 0) {
            ofKey.remove(value);
            if (ofKey.isEmpty()) {
                values.remove(key);
            }
        }
    }

    /** The newest events of the values, among the events that may be equal in these fields of the event. */
    List<Remembered> newest(FieldPath[] others, KernelEvent event) {
        long key = JoinIndex.key(others, event);
        Map<Object, Value> ofKey = values.get(key);
        if (ofKey == null) {
            return List.of();
        }
        return ofKey.values().stream()
                .map(value -> Objects.requireNonNull(value.newest))
                .toList();
    }

    /** A value. */
    private static final class Value {
        @Nullable
        Remembered newest;

        int events;

        void add(Remembered entry) {
            newest = entry;
            events++;
        }
    }
}
