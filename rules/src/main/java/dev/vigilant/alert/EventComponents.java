// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.alert;

import dev.vigilant.event.Context;
import dev.vigilant.event.KernelEvent;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The components of an event's record, under the names that rules use, so that nothing an event says is hidden. Read by
 * reflection, which only documents do.
 */
final class EventComponents {
    private static final ClassValue<Shape> SHAPES = new ClassValue<>() {
        @Override
        protected Shape computeValue(Class<?> record) {
            return Shape.of(record);
        }
    };

    private EventComponents() {}

    /** What a record is asked for, under the names of the accessors; and which of them says what was done, if one does. */
    private record Shape(
            Method[] accessors, String[] names, @Nullable Method operation) {
        static Shape of(Class<?> record) {
            List<Method> found = find(record);
            Method operation = null;
            for (Method accessor : found) {
                accessor.trySetAccessible();
                if (accessor.getName().equals("operation")) {
                    operation = accessor;
                }
            }
            return new Shape(
                    found.toArray(Method[]::new),
                    found.stream().map(Method::getName).toArray(String[]::new),
                    operation);
        }
    }

    /** What the event did, if its record says it finer than its kind. */
    static @Nullable String operation(KernelEvent event) {
        Method operation = SHAPES.get(event.getClass()).operation;
        return operation != null && read(operation, event) instanceof String s ? s : null;
    }

    static void write(Json json, Object record) throws IOException {
        Shape shape = SHAPES.get(record.getClass());
        for (int i = 0; i < shape.accessors.length; i++) {
            value(json, shape.names[i], read(shape.accessors[i], record));
        }
    }

    private static void value(Json json, String name, @Nullable Object value) throws IOException {
        if (value instanceof Boolean b) {
            json.truth(name, b);
        } else if (value instanceof Number n) {
            json.number(name, n.longValue());
        } else if (value instanceof Record r) {
            json.object(name, o -> write(json, r));
        } else if (value instanceof Map<?, ?> map) {
            json.object(name, o -> entries(json, map));
        } else if (value instanceof Collection<?> list) {
            list(json, name, list);
        } else if (value != null) {
            json.text(name, value.toString());
        }
    }

    private static void list(Json json, String name, Collection<?> list) throws IOException {
        if (list.stream().allMatch(Record.class::isInstance)) {
            json.objects(name, list, EventComponents::write);
        } else {
            json.texts(name, list.stream().map(Objects::toString).toList());
        }
    }

    private static void entries(Json json, Map<?, ?> map) throws IOException {
        Map<String, Object> sorted = new TreeMap<>();
        map.forEach((key, value) -> sorted.put(String.valueOf(key), value));
        for (Map.Entry<String, Object> entry : sorted.entrySet()) {
            value(json, entry.getKey(), entry.getValue());
        }
    }

    /** Components but for the context, and the flags that the record derives from them. */
    private static List<Method> find(Class<?> record) {
        List<Method> accessors = new ArrayList<>();
        RecordComponent[] components = record.getRecordComponents();
        for (RecordComponent component : components == null ? new RecordComponent[0] : components) {
            if (component.getType() != Context.class) {
                accessors.add(component.getAccessor());
            }
        }
        Arrays.stream(record.getDeclaredMethods())
                .filter(m -> m.getReturnType() == boolean.class && m.getParameterCount() == 0)
                .filter(m -> Modifier.isPublic(m.getModifiers()) && !accessors.contains(m))
                .sorted(Comparator.comparing(Method::getName))
                .forEach(accessors::add);
        return accessors;
    }

    private static @Nullable Object read(Method accessor, Object record) {
        try {
            return accessor.invoke(record);
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }
}
