// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.author;

import dev.vigilant.event.Actor;
import dev.vigilant.event.Bits;
import dev.vigilant.event.Container;
import dev.vigilant.event.Credentials;
import dev.vigilant.event.FileChown;
import dev.vigilant.event.FileTarget;
import dev.vigilant.event.SocketAddress;
import dev.vigilant.rules.ast.Problem;
import dev.vigilant.rules.field.FieldPath;
import dev.vigilant.rules.field.Nearest;
import dev.vigilant.rules.field.UnknownFieldException;
import dev.vigilant.rules.yaml.YamlValue;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes records of the event vocabulary from fields that were written down. What is left out is what the records' own
 * documentation calls not told. A field that is derived from others, such as {@code file.name}, may be given if it is right;
 * a flag sets its bit.
 */
final class RecordBuilder {
    /** Ids and numbers that are -1 when nobody told them. */
    private static final Map<Class<?>, Set<String>> UNSET = Map.of(
            Credentials.class, Set.of("auid", "uid", "gid", "euid", "suid", "fsuid", "egid", "sgid", "fsgid"),
            FileTarget.class, Set.of("deviceMajor", "deviceMinor", "uid", "gid"),
            FileChown.class, Set.of("uid", "gid"),
            SocketAddress.class, Set.of("port"),
            Actor.class, Set.of("session"));

    private final Consumer<Problem> problems;

    RecordBuilder(Consumer<Problem> problems) {
        this.problems = problems;
    }

    /** A record's values under way, by component. */
    private record Values(Class<?> type, Map<String, @Nullable Object> byName) {
        <T> T make(Class<T> as) {
            RecordComponent[] components = type.getRecordComponents();
            Class<?>[] types =
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            Object[] values =
                    Arrays.stream(components).map(c -> byName.get(c.getName())).toArray();
            try {
                return as.cast(type.getDeclaredConstructor(types).newInstance(values));
            } catch (InvocationTargetException e) {
                throw new IllegalArgumentException(String.valueOf(e.getCause()), e);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("no canonical constructor: " + type, e);
            }
        }
    }

    /**
     * The record, or null when something is wrong, which is told.
     *
     * @param path how messages call it, empty for an event itself
     * @param fields what was written down
     * @param given components that the caller has made
     */
    <T extends Record> @Nullable T build(Class<T> type, String path, YamlValue fields, Map<String, Object> given) {
        if (!fields.isMap()) {
            problems.accept(fields.problem("`" + path + "` has fields: write `" + path + ": {...}`"));
            return null;
        }
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        Map<String, YamlValue> rest = new LinkedHashMap<>(fields.map());
        rest.keySet().removeAll(given.keySet());
        for (RecordComponent component : type.getRecordComponents()) {
            String name = component.getName();
            YamlValue written = rest.remove(name);
            Object made =
                    given.containsKey(name) ? given.get(name) : value(component, dotted(path, name), written, fields);
            values.put(name, made);
        }
        Set<String> flags = flags(type, path, rest, values);
        try {
            T record = new Values(type, values).make(type);
            rest.keySet().removeAll(flags);
            rest.forEach((name, written) -> verify(type, record, path, name, written));
            return record;
        } catch (IllegalArgumentException e) {
            problems.accept(fields.problem(String.valueOf(e.getMessage())));
            return null;
        }
    }

    private static String dotted(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private @Nullable Object value(
            RecordComponent component, String path, @Nullable YamlValue written, YamlValue owner) {
        Class<?> type = component.getType();
        if (written == null || written.value() == null) {
            return missing(component, path, owner);
        }
        if (type == String.class) {
            return scalar(path, written, "a text") ? written.text() : "";
        }
        if (type == boolean.class) {
            return truth(path, written);
        }
        if (type == int.class || type == long.class) {
            long number = number(path, written);
            return type == int.class ? (Object) (int) number : (Object) number;
        }
        if (type == Map.class) {
            return FieldTree.flat(written);
        }
        if (type == List.class) {
            return list(component, path, written);
        }
        return build(type.asSubclass(Record.class), path, written, Map.of());
    }

    private @Nullable Object missing(RecordComponent component, String path, YamlValue owner) {
        Class<?> type = component.getType();
        if (type == int.class || type == long.class) {
            long unset =
                    UNSET.getOrDefault(component.getDeclaringRecord(), Set.of()).contains(component.getName()) ? -1 : 0;
            return type == int.class ? (Object) (int) unset : (Object) unset;
        }
        if (type == boolean.class) {
            return false;
        }
        if (type == List.class) {
            return List.of();
        }
        if (type == Map.class) {
            return Map.of();
        }
        if (component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
            return null;
        }
        return type == String.class
                ? ""
                : build(type.asSubclass(Record.class), path, new YamlValue(Map.of(), owner.position()), Map.of());
    }

    private List<Object> list(RecordComponent component, String path, YamlValue written) {
        Class<?> element = (Class<?>) ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[0];
        List<Object> values = new ArrayList<>();
        for (YamlValue item : written.list()) {
            Object value = element == String.class
                    ? item.text()
                    : build(element.asSubclass(Record.class), path, item, Map.of());
            if (value != null) {
                values.add(value);
            }
        }
        return values;
    }

    private boolean scalar(String path, YamlValue written, String what) {
        if (!written.isScalar()) {
            problems.accept(written.problem("`" + path + "` is " + what));
        }
        return written.isScalar();
    }

    private boolean truth(String path, YamlValue written) {
        if (!(written.value() instanceof Boolean truth)) {
            problems.accept(written.problem("`" + path + "` is true or false, not " + written.text()));
            return false;
        }
        return truth;
    }

    private long number(String path, YamlValue written) {
        if (!(written.value() instanceof Long number)) {
            problems.accept(written.problem("`" + path + "` is a number, not " + written.text()));
            return 0;
        }
        return number;
    }

    /** Sets the bits that flags stand for; the flags that were understood. */
    private Set<String> flags(
            Class<?> type, String path, Map<String, YamlValue> rest, Map<String, @Nullable Object> values) {
        Set<String> flags = new LinkedHashSet<>();
        rest.forEach((name, written) -> {
            Bits bits = bits(type, name);
            if (bits != null && values.get(bits.component()) instanceof Number before) {
                flags.add(name);
                long lowest = Long.lowestOneBit(bits.mask());
                boolean on = truth(dotted(path, name), written);
                long number = before.longValue();
                long after = !on ? number & ~bits.mask() : (number & bits.mask()) != 0 ? number : number | lowest;
                values.put(bits.component(), before instanceof Integer ? (Object) (int) after : (Object) after);
            }
        });
        return flags;
    }

    private static @Nullable Bits bits(Class<?> type, String name) {
        try {
            return type.getMethod(name).getAnnotation(Bits.class);
        } catch (NoSuchMethodException e) {
            return null;
        }
    }

    /** What is derived from other fields has to be what they make of it. */
    private void verify(Class<?> type, Object record, String path, String name, YamlValue written) {
        String whole = dotted(path, name);
        Collection<String> known = FieldPath.names(type);
        if (!known.contains(name)) {
            problems.accept(written.problem("unknown field `" + whole + "`"
                    + Nearest.hint(name, known, ": known are " + String.join(", ", known))));
            return;
        }
        if (!written.isScalar()) {
            return;
        }
        try {
            Object is = FieldPath.compile(type, List.of(name)).get(record);
            if (!String.valueOf(is == null ? "" : is).equals(written.text())) {
                problems.accept(written.problem("`" + whole + "` follows from the other fields: it is "
                        + (is == null || is.equals("") ? "not known" : is) + ", not " + written.text()));
            }
        } catch (UnknownFieldException e) {
            problems.accept(written.problem(e.reason()));
        }
    }

    /** A container of which more than the id is said was described by its runtime. */
    @Nullable
    Container container(YamlValue written) {
        Map<String, YamlValue> fields = new LinkedHashMap<>(written.map());
        boolean described = !fields.containsKey("id") || fields.containsKey("name") || fields.containsKey("imageName");
        fields.putIfAbsent("described", new YamlValue(described, written.position()));
        fields.putIfAbsent("id", new YamlValue("c0ffee".repeat(10) + "c0ff", written.position()));
        fields.putIfAbsent("runtime", new YamlValue("docker", written.position()));
        return build(Container.class, "container", new YamlValue(fields, written.position()), Map.of());
    }
}
