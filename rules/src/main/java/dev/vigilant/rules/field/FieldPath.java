// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.field;

import dev.vigilant.rules.ast.FieldType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A path of accessors from an event to a value, such as {@code process.parent.executable}.
 *
 * <p>Null anywhere gives null. A step on a list is taken on each element, and what is missing is left out; a number is the
 * one element with that index, from 0.
 *
 * <p>Threading: any. Allocation: none, but for what {@link #allocates}, and for the lists that {@link #get} makes.
 */
public final class FieldPath {
    private static final String VOCABULARY = "dev.vigilant.event";
    private static final Pattern INDEX = Pattern.compile("[0-9]{1,6}");
    private static final Map<Class<?>, Map<String, Method>> ACCESSORS = new ConcurrentHashMap<>();
    /** Only of accessors that paths take: each is a class that the JVM makes. */
    private static final Map<Method, Step> STEPS = new ConcurrentHashMap<>();

    private final Step[] steps;
    private final FieldType type;

    private FieldPath(List<Step> steps, FieldType type) {
        this.steps = steps.toArray(new Step[0]);
        this.type = type;
    }

    /** Compiles a path; no steps mean the event itself. */
    public static FieldPath compile(Class<?> owner, List<String> names) throws UnknownFieldException {
        List<Step> steps = new ArrayList<>();
        boolean many = false;
        Class<?> at = owner;
        FieldType.Kind kind = FieldType.Kind.OBJECT;
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            Step step = at == Map.class ? Step.ofKey(name) : step(at, name);
            if (step == null) {
                throw unknown(owner, at, names, i);
            }
            if (step.list()
                    && i + 1 < names.size()
                    && INDEX.matcher(names.get(i + 1)).matches()) {
                step = step.element(Integer.parseInt(names.get(++i)));
            }
            steps.add(step);
            many |= step.list();
            at = step.next();
            kind = step.kind();
        }
        return new FieldPath(steps, new FieldType(kind, many));
    }

    private static UnknownFieldException unknown(Class<?> owner, Class<?> at, List<String> names, int index) {
        String path = String.join(".", names.subList(0, index + 1));
        String prefix = index == 0 ? "" : String.join(".", names.subList(0, index)) + ".";
        Collection<String> known = known(at).keySet();
        String message = "unknown field `" + path + "` of " + owner.getSimpleName();
        if (known.isEmpty()) {
            return new UnknownFieldException(
                    message + ": `" + String.join(".", names.subList(0, index)) + "` has no fields");
        }
        String hint = Nearest.to(names.get(index), known)
                .map(near -> ": did you mean `" + prefix + near + "`?")
                .orElse(": known are " + String.join(", ", known));
        return new UnknownFieldException(message + hint);
    }

    /** Names of the fields of an event or of one of its structures. */
    public static Collection<String> names(Class<?> owner) {
        return known(owner).keySet();
    }

    private static @Nullable Step step(Class<?> owner, String name) {
        Method accessor = known(owner).get(name);
        return accessor == null ? null : STEPS.computeIfAbsent(accessor, Step::of);
    }

    private static Map<String, Method> known(Class<?> owner) {
        return owner.getName().startsWith(VOCABULARY) && !owner.isEnum()
                ? ACCESSORS.computeIfAbsent(owner, FieldPath::read)
                : Map.of();
    }

    private static Map<String, Method> read(Class<?> owner) {
        Map<String, Method> accessors = new TreeMap<>();
        for (Method method : owner.getMethods()) {
            boolean accessor = method.getParameterCount() == 0
                    && !Modifier.isStatic(method.getModifiers())
                    && method.getDeclaringClass().getName().startsWith(VOCABULARY)
                    && method.getReturnType() != void.class
                    && !List.of("toString", "hashCode").contains(method.getName());
            if (accessor && Step.reads(method)) {
                accessors.put(method.getName(), method);
            }
        }
        return accessors;
    }

    /** What the path leads to. */
    public FieldType type() {
        return type;
    }

    /** String, Long, Boolean or a structure; a list of such without nulls when there may be many; null if missing. */
    public @Nullable Object get(@Nullable Object event) {
        return type.many() ? getMany(event) : walk(event, steps.length);
    }

    /** The structure that the last step is taken on, null if it is missing. For paths without lists. */
    public @Nullable Object lastOwner(@Nullable Object event) {
        return walk(event, steps.length - 1);
    }

    /** Whether the last step gives a primitive number. */
    public boolean unboxedNumber() {
        return !type.many() && steps.length > 0 && steps[steps.length - 1].number() != null;
    }

    /** The number, of what {@link #lastOwner} gave. */
    @SuppressWarnings("NullAway") // only called when unboxedNumber()
    public long number(Object lastOwner) {
        return steps[steps.length - 1].number().applyAsLong(lastOwner);
    }

    /** Whether the last step gives a primitive boolean. */
    public boolean unboxedTruth() {
        return !type.many() && steps.length > 0 && steps[steps.length - 1].truth() != null;
    }

    /** The boolean, of what {@link #lastOwner} gave. */
    @SuppressWarnings("NullAway") // only called when unboxedTruth()
    public boolean truth(Object lastOwner) {
        return steps[steps.length - 1].truth().test(lastOwner);
    }

    /** Whether reading it makes new objects: an accessor makes its value anew, or gives a number boxed. */
    public boolean allocates() {
        boolean boxes = type.kind() == FieldType.Kind.NUMBER && !unboxedNumber();
        return boxes || Arrays.stream(steps).anyMatch(Step::derived);
    }

    /** The class that the last step leads to, or of the list's elements. */
    public Class<?> leadsTo() {
        return steps[steps.length - 1].next();
    }

    /** Whether a value passes the test: any of several, none of those that are missing. Makes no lists. */
    public boolean any(@Nullable Object event, Predicate<Object> test) {
        return event != null && any(event, 0, test);
    }

    private boolean any(Object owner, int from, Predicate<Object> test) {
        Object value = owner;
        for (int i = from; i < steps.length; i++) {
            Step.Chained chain = steps[i].chain();
            if (chain != null) {
                return anyLink(value, chain, i + 1, test);
            }
            Object read = steps[i].read().apply(value);
            if (read == null) {
                return false;
            }
            if (read instanceof List<?> list) {
                return anyElement(list, i + 1, test);
            }
            value = read;
        }
        return test.test(value);
    }

    private boolean anyLink(Object owner, Step.Chained chain, int from, Predicate<Object> test) {
        Object link = chain.next().apply(owner);
        for (int n = 0; n < chain.most() && link != null; n++) {
            if (any(link, from, test)) {
                return true;
            }
            link = chain.next().apply(link);
        }
        return false;
    }

    private boolean anyElement(List<?> list, int from, Predicate<Object> test) {
        for (int i = 0; i < list.size(); i++) {
            Object element = list.get(i);
            if (element != null && any(element, from, test)) {
                return true;
            }
        }
        return false;
    }

    private @Nullable Object walk(@Nullable Object event, int count) {
        Object value = event;
        for (int i = 0; i < count && value != null; i++) {
            value = steps[i].read().apply(value);
        }
        return value;
    }

    private List<Object> getMany(@Nullable Object event) {
        List<Object> values = event == null ? List.of() : List.of(event);
        for (Step step : steps) {
            values = step(values, step);
        }
        return values;
    }

    private static List<Object> step(List<Object> values, Step step) {
        if (values.size() == 1 && step.list()) {
            Object list = step.read().apply(values.get(0));
            return list instanceof List<?> l ? new ArrayList<>(l) : List.of();
        }
        List<Object> next = new ArrayList<>(values.size());
        for (Object value : values) {
            Object read = step.read().apply(value);
            if (read instanceof List<?> list) {
                next.addAll(list);
            } else if (read != null) {
                next.add(read);
            }
        }
        return next;
    }

    @Override
    public String toString() {
        return "FieldPath" + Arrays.toString(steps);
    }
}
