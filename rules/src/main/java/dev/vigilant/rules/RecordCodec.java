// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Records of some packages as bytes, and what they are made of: records again, texts, numbers, truths, enums, classes, lists and
 * maps. Java's own serialization reads records by method handles, whose classes a JVM 17 cannot take from an archive of
 * classes while an agent watches it load them: it crashes.
 *
 * <p>Threading: one thread, for one value. Nothing but records and enums of these packages is made, whatever the bytes say.
 */
final class RecordCodec {
    private static final int NULL = 0;
    private static final int TEXT = 1;
    private static final int LONG = 2;
    private static final int INTEGER = 3;
    private static final int TRUE = 4;
    private static final int FALSE = 5;
    private static final int LIST = 6;
    private static final int MAP = 7;
    private static final int TYPE = 8;
    private static final int ENUM = 9;
    private static final int RECORD = 10;
    /** Lists are as long as rules need them, and not as damage says. */
    private static final int MOST = 1 << 20;

    private final String packages;
    private final Map<String, Integer> numbers = new HashMap<>();
    private final List<String> texts = new ArrayList<>();
    private final Map<String, Class<?>> types = new HashMap<>();
    private final Map<Class<?>, Constructor<?>> constructors = new HashMap<>();

    /** @param packages what the names of all classes begin with */
    RecordCodec(String packages) {
        this.packages = packages;
    }

    /** @throws IOException also when it holds something else */
    void write(@Nullable Object value, DataOutput out) throws IOException {
        if (value == null) {
            out.writeByte(NULL);
        } else if (value instanceof String text) {
            out.writeByte(TEXT);
            writeText(text, out);
        } else if (value instanceof Long number) {
            out.writeByte(LONG);
            out.writeLong(number);
        } else if (value instanceof Integer number) {
            out.writeByte(INTEGER);
            out.writeInt(number);
        } else if (value instanceof Boolean truth) {
            out.writeByte(truth ? TRUE : FALSE);
        } else if (value instanceof List<?> list) {
            writeList(LIST, list, out);
        } else if (value instanceof Map<?, ?> map) {
            writeList(MAP, List.copyOf(map.keySet()), out);
            for (Object key : List.copyOf(map.keySet())) {
                write(map.get(key), out);
            }
        } else if (value instanceof Class<?> type) {
            out.writeByte(TYPE);
            writeText(type.getName(), out);
        } else if (value instanceof Enum<?> constant) {
            out.writeByte(ENUM);
            writeText(constant.getDeclaringClass().getName(), out);
            writeText(constant.name(), out);
        } else if (value instanceof Record) {
            out.writeByte(RECORD);
            writeText(value.getClass().getName(), out);
            writeComponents(value, out);
        } else {
            throw new IOException("not part of a record that can be written: " + value.getClass());
        }
    }

    private void writeList(int tag, List<?> list, DataOutput out) throws IOException {
        out.writeByte(tag);
        out.writeInt(list.size());
        for (Object value : list) {
            write(value, out);
        }
    }

    private void writeComponents(Object record, DataOutput out) throws IOException {
        try {
            for (RecordComponent component : record.getClass().getRecordComponents()) {
                write(component.getAccessor().invoke(record), out);
            }
        } catch (ReflectiveOperationException e) {
            throw new IOException("cannot be read: " + record.getClass(), e);
        }
    }

    /** A text once, then its number. */
    private void writeText(String text, DataOutput out) throws IOException {
        Integer number = numbers.putIfAbsent(text, numbers.size());
        out.writeInt(number == null ? -1 : number);
        if (number == null) {
            out.writeUTF(text);
        }
    }

    /** @throws IOException when these are no such bytes */
    @Nullable
    Object read(DataInput in) throws IOException {
        int tag = in.readByte();
        return switch (tag) {
            case NULL -> null;
            case TEXT -> readText(in);
            case LONG -> in.readLong();
            case INTEGER -> in.readInt();
            case TRUE -> true;
            case FALSE -> false;
            case LIST -> Arrays.asList(readAll(in, size(in)));
            case MAP -> readMap(in);
            case TYPE -> type(readText(in));
            case ENUM -> constant(type(readText(in)), readText(in));
            case RECORD -> record(type(readText(in)), in);
            default -> throw new IOException("no kind of value: " + tag);
        };
    }

    private static int size(DataInput in) throws IOException {
        int size = in.readInt();
        if (size < 0 || size > MOST) {
            throw new IOException("too long: " + size);
        }
        return size;
    }

    private @Nullable Object[] readAll(DataInput in, int size) throws IOException {
        @Nullable Object[] values = new Object[size];
        for (int i = 0; i < size; i++) {
            values[i] = read(in);
        }
        return values;
    }

    private Map<@Nullable Object, @Nullable Object> readMap(DataInput in) throws IOException {
        Map<@Nullable Object, @Nullable Object> map = new LinkedHashMap<>();
        for (Object key : readAll(in, size(in))) {
            map.put(key, null);
        }
        for (Map.Entry<@Nullable Object, @Nullable Object> entry : map.entrySet()) {
            entry.setValue(read(in));
        }
        return map;
    }

    private String readText(DataInput in) throws IOException {
        int number = in.readInt();
        if (number < 0) {
            texts.add(in.readUTF());
            return texts.get(texts.size() - 1);
        }
        if (number >= texts.size()) {
            throw new IOException("no such text: " + number);
        }
        return texts.get(number);
    }

    private Class<?> type(String name) throws IOException {
        Class<?> known = types.get(name);
        if (known == null) {
            if (!name.startsWith(packages)) {
                throw new IOException("not a class of " + packages + ": " + name);
            }
            try {
                known = Class.forName(name, false, RecordCodec.class.getClassLoader());
            } catch (ClassNotFoundException e) {
                throw new IOException("no such class: " + name, e);
            }
            types.put(name, known);
        }
        return known;
    }

    private static Object constant(Class<?> type, String name) throws IOException {
        for (Object constant : type.isEnum() ? type.getEnumConstants() : new Object[0]) {
            if (((Enum<?>) constant).name().equals(name)) {
                return constant;
            }
        }
        throw new IOException("no such constant: " + type.getName() + "." + name);
    }

    private Object record(Class<?> type, DataInput in) throws IOException {
        Constructor<?> constructor = constructors.get(type);
        if (constructor == null) {
            constructor = canonical(type);
            constructors.put(type, constructor);
        }
        try {
            return constructor.newInstance(readAll(in, constructor.getParameterCount()));
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            throw new IOException("not what " + type.getName() + " is made of", e);
        }
    }

    private static Constructor<?> canonical(Class<?> type) throws IOException {
        RecordComponent[] components = type.isRecord() ? type.getRecordComponents() : null;
        if (components == null) {
            throw new IOException("not a record: " + type.getName());
        }
        try {
            return type.getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
        } catch (NoSuchMethodException e) {
            throw new IOException("not a record that can be made: " + type.getName(), e);
        }
    }
}
