// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.field;

import dev.vigilant.event.Chain;
import dev.vigilant.event.Derived;
import dev.vigilant.rules.ast.FieldType;
import java.lang.invoke.LambdaMetafactory;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * One accessor of an event class, compiled.
 *
 * @param read the value as String, Long, Boolean or a structure; a list as it is; null when it is missing
 * @param number the value of a primitive number, unboxed; null for other accessors
 * @param truth the value of a primitive boolean; null for other accessors
 * @param next class whose fields can follow, or of the list's elements
 * @param list whether the value is a list
 * @param chain for a list whose elements follow one from another, the step from each to the next, starting with the owner
 * @param derived whether each call makes a new value
 * @param kind what one value is
 */
record Step(
        Function<Object, @Nullable Object> read,
        @Nullable ToLongFunction<Object> number,
        @Nullable Predicate<Object> truth,
        Class<?> next,
        boolean list,
        @Nullable Chained chain,
        boolean derived,
        FieldType.Kind kind) {
    /**
     * Elements that follow one from another.
     *
     * @param next the next one, null after the last
     * @param most how many there are at most
     */
    record Chained(Function<Object, @Nullable Object> next, int most) {}

    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

    /** The value under a key of a map of texts. */
    static Step ofKey(String key) {
        return new Step(
                map -> ((Map<?, ?>) map).get(key), null, null, String.class, false, null, false, FieldType.Kind.STRING);
    }

    /** One element of the list, null when the list is shorter. */
    Step element(int index) {
        return new Step(
                owner ->
                        read.apply(owner) instanceof List<?> values && values.size() > index ? values.get(index) : null,
                null,
                null,
                next,
                false,
                null,
                derived,
                kind);
    }

    /** Whether rules can use what an accessor returns. */
    static boolean reads(Method method) {
        Class<?> returned = method.getReturnType();
        return returned == boolean.class || isWhole(returned) || (!returned.isPrimitive() && !returned.isArray());
    }

    private static boolean isWhole(Class<?> type) {
        return type == int.class || type == long.class || type == short.class || type == byte.class;
    }

    /** An accessor of which {@link #reads} says yes. */
    static Step of(Method method) {
        Class<?> returned = method.getReturnType();
        if (returned == boolean.class) {
            Predicate<Object> truth = lambda(
                    method, Predicate.class, "test", MethodType.methodType(boolean.class, Object.class), boolean.class);
            return new Step(truth::test, null, truth, boolean.class, false, null, false, FieldType.Kind.BOOLEAN);
        }
        if (isWhole(returned)) {
            ToLongFunction<Object> number = lambda(
                    method,
                    ToLongFunction.class,
                    "applyAsLong",
                    MethodType.methodType(long.class, Object.class),
                    long.class);
            return new Step(number::applyAsLong, number, null, long.class, false, null, false, FieldType.Kind.NUMBER);
        }
        Function<Object, @Nullable Object> read =
                lambda(method, Function.class, "apply", MethodType.methodType(Object.class, Object.class), returned);
        if (List.class.isAssignableFrom(returned)) {
            Class<?> element = argument(method.getGenericReturnType(), 0);
            return new Step(read, null, null, element, true, chain(method), derived(method), kindOf(element));
        }
        return ofReference(returned, read, derived(method));
    }

    private static Step ofReference(Class<?> returned, Function<Object, @Nullable Object> read, boolean derived) {
        FieldType.Kind kind = kindOf(returned);
        if (returned.isEnum()) {
            return new Step(value -> label(read.apply(value)), null, null, String.class, false, null, derived, kind);
        }
        if (returned == Integer.class || returned == Short.class) {
            return new Step(value -> widen(read.apply(value)), null, null, Long.class, false, null, true, kind);
        }
        return new Step(read, null, null, returned, false, null, derived, kind);
    }

    private static boolean derived(Method method) {
        return method.isAnnotationPresent(Derived.class);
    }

    private static @Nullable Chained chain(Method method) {
        Chain chain = method.getAnnotation(Chain.class);
        if (chain == null) {
            return null;
        }
        try {
            Method next = method.getDeclaringClass().getMethod(chain.next());
            return new Chained(
                    lambda(
                            next,
                            Function.class,
                            "apply",
                            MethodType.methodType(Object.class, Object.class),
                            next.getReturnType()),
                    chain.most());
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("no accessor " + chain.next() + " for " + method, e);
        }
    }

    private static FieldType.Kind kindOf(Class<?> type) {
        if (type == String.class || type.isEnum()) {
            return FieldType.Kind.STRING;
        }
        if (type == Boolean.class) {
            return FieldType.Kind.BOOLEAN;
        }
        return Number.class.isAssignableFrom(type) ? FieldType.Kind.NUMBER : FieldType.Kind.OBJECT;
    }

    private static @Nullable Object widen(@Nullable Object number) {
        return number instanceof Number n ? n.longValue() : null;
    }

    private static @Nullable Object label(@Nullable Object constant) {
        return constant instanceof Enum<?> e ? Labels.of(e) : null;
    }

    private static Class<?> argument(Type generic, int index) {
        return generic instanceof ParameterizedType p && p.getActualTypeArguments()[index] instanceof Class<?> c
                ? c
                : Object.class;
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // the metafactory knows only the erased type
    private static <T> T lambda(Method method, Class<?> target, String name, MethodType erased, Class<?> returned) {
        try {
            MethodHandle handle = LOOKUP.unreflect(method);
            return (T) LambdaMetafactory.metafactory(
                            LOOKUP,
                            name,
                            MethodType.methodType(target),
                            erased,
                            handle,
                            MethodType.methodType(returned, method.getDeclaringClass()))
                    .getTarget()
                    .invoke();
        } catch (Throwable e) {
            throw new IllegalStateException("cannot compile accessor: " + method, e);
        }
    }
}
