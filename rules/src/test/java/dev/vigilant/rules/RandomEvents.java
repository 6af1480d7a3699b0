// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules;

import dev.vigilant.event.Actor;
import dev.vigilant.event.Capabilities;
import dev.vigilant.event.Container;
import dev.vigilant.event.Context;
import dev.vigilant.event.Credentials;
import dev.vigilant.event.EventKind;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.event.Origin;
import dev.vigilant.event.Outcome;
import dev.vigilant.event.Process;
import dev.vigilant.rules.ast.Condition;
import dev.vigilant.rules.ast.FieldType;
import dev.vigilant.rules.ast.Operand;
import dev.vigilant.rules.ast.Operator;
import dev.vigilant.rules.ast.Pattern;
import dev.vigilant.rules.ast.Rule;
import dev.vigilant.rules.field.EventTypes;
import dev.vigilant.rules.text.Shapes;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Events of all kinds, made of the values that rules ask for, of their neighbours, and of nothing in particular. */
final class RandomEvents {
    private static final Object[] ANYTHING = {
        "",
        "/",
        "sh",
        "/etc/passwd",
        "/tmp/x",
        "/proc/1/root/etc/shadow",
        "é\uD83D\uDE00",
        0L,
        1L,
        2L,
        -1L,
        0x241L,
        100L,
        4096L
    };

    /** So many processes and containers come again, each fourth time. */
    private static final int LATELY = 8;

    private final List<Process> processes = new ArrayList<>();
    private final List<Container> containers = new ArrayList<>();
    private final Random random;
    private final List<Pattern> patterns = new ArrayList<>();
    private final Map<String, List<Object>> all = new HashMap<>();
    private Map<String, List<Object>> wanted = Map.of();
    private long nanos = Events.START;

    RandomEvents(Random random, List<Rule> rules) {
        this.random = random;
        rules.forEach(rule -> patterns.addAll(rule.patterns()));
        patterns.forEach(p -> p.conditions().forEach(c -> collect(c, all)));
    }

    /** An event that one of the patterns is likely to like. */
    KernelEvent next() {
        Pattern pattern = patterns.get(random.nextInt(patterns.size()));
        wanted = new HashMap<>();
        pattern.conditions().forEach(c -> collect(c, wanted));
        List<EventKind> kinds = List.copyOf(EventTypes.kinds(pattern.type()));
        nanos += random.nextInt(3) * (Events.SECOND / 4) + 1;
        return (KernelEvent) record(kinds.get(random.nextInt(kinds.size())).type());
    }

    /** Values by the last steps of the fields that they are compared with. */
    private void collect(Condition condition, Map<String, List<Object>> values) {
        if (condition instanceof Condition.And and) {
            and.parts().forEach(p -> collect(p, values));
        } else if (condition instanceof Condition.Or or) {
            or.parts().forEach(p -> collect(p, values));
        } else if (condition instanceof Condition.Not not) {
            collect(not.part(), values);
        } else if (condition instanceof Condition.Comparison c && c.right() instanceof Operand.Literals literals) {
            List<Object> found = new ArrayList<>();
            if (c.operator() == Operator.IN_NETWORK) {
                literals.values().forEach(v -> found.add(((String) v).split("/")[0]));
            } else if (c.left().type().kind() == FieldType.Kind.STRING) {
                Shapes.of(c.operator() == Operator.IN ? Operator.EQUAL : c.operator(), literals.values())
                        .all()
                        .forEach(shape -> found.add(shape.toString()));
            } else {
                found.addAll(literals.values());
            }
            List<String> steps = c.left().steps();
            int variable = steps.indexOf("environment") + 1;
            if (variable > 0 && variable < steps.size()) {
                values.computeIfAbsent("environment", s -> new ArrayList<>()).add(steps.get(variable));
            }
            // Of a path made to measure its parts follow.
            if (c.left().path().equals("file.directory")) {
                found.replaceAll(directory -> directory + "/x");
                values.computeIfAbsent("path", s -> new ArrayList<>()).addAll(found);
            }
            values.computeIfAbsent(steps.get(steps.size() - 1), s -> new ArrayList<>())
                    .addAll(found);
        }
    }

    private Object value(String name) {
        List<Object> pool = wanted.get(name);
        if (pool == null || pool.isEmpty() || random.nextInt(6) == 0) {
            pool = all.get(name);
        }
        Object value = pool == null || pool.isEmpty() || random.nextInt(12) == 0
                ? ANYTHING[random.nextInt(ANYTHING.length)]
                : pool.get(random.nextInt(pool.size()));
        return value instanceof String s ? filled(s) : value;
    }

    private String filled(String form) {
        StringBuilder text = new StringBuilder();
        for (char c : form.toCharArray()) {
            String[] fillings = {"", "", "7", "x", "/y/z", "a\n", "."};
            text.append(c == '*' ? fillings[random.nextInt(fillings.length)] : String.valueOf(c));
        }
        if (text.length() > 0 && random.nextInt(10) == 0) {
            text.deleteCharAt(random.nextInt(text.length()));
        }
        return text.toString();
    }

    private String text(String name) {
        return String.valueOf(value(name));
    }

    private long number(String name) {
        Object value = value(name);
        long near = random.nextInt(8) == 0 ? random.nextInt(3) - 1 : 0;
        return near + (value instanceof Long n ? n : random.nextInt(4));
    }

    /** A record whose components are made by their types and names; the nullable texts are missing now and then. */
    private Object record(Class<?> type) {
        try {
            RecordComponent[] components = type.getRecordComponents();
            Class<?>[] types = new Class<?>[components.length];
            Object[] values = new Object[components.length];
            for (int i = 0; i < components.length; i++) {
                types[i] = components[i].getType();
                values[i] = component(components[i]);
            }
            return type.getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError("no " + type, e);
        }
    }

    private Object component(RecordComponent component) {
        Class<?> type = component.getType();
        String name = component.getName();
        if (type == Context.class) {
            return context();
        }
        if (type == String.class) {
            return random.nextInt(5) == 0 && component.getAnnotatedType().getAnnotations().length > 0
                    ? null
                    : text(name);
        }
        if (type == long.class || type == int.class) {
            long number = number(name);
            return type == int.class ? (Object) (int) number : (Object) number;
        }
        if (type == boolean.class) {
            return random.nextBoolean();
        }
        if (type == List.class) {
            boolean texts =
                    ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[0] == String.class;
            return texts ? texts(name) : List.of();
        }
        if (type == Map.class) {
            Map<String, String> map = new HashMap<>();
            all.keySet().forEach(key -> map.put(key, text(key)));
            return map;
        }
        return random.nextInt(8) == 0 && component.getAnnotatedType().getAnnotations().length > 0 ? null : record(type);
    }

    private List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        for (int n = random.nextInt(4); n > 0; n--) {
            texts.add(text(name));
        }
        return texts;
    }

    private Context context() {
        Process process = random.nextInt(10) == 0 ? null : oneOf(processes, process(random.nextInt(4)));
        Container container = random.nextInt(3) == 0 ? null : oneOf(containers, container());
        Credentials ids = (Credentials) record(Credentials.class);
        Actor actor = new Actor(1 + random.nextInt(4), 1, ids, text("name"), null, false, null, null, 3, null);
        Outcome outcome = random.nextInt(3) == 0 ? Outcome.FAILURE : Outcome.SUCCESS;
        Context context = new Context(
                nanos, Origin.AUDIT, 1, actor, text("syscall"), "x86_64", number("result"), outcome, true, null);
        context.identify(process, container);
        return context;
    }

    /** One that did something before, as most events have, or the new one. */
    private <T> T oneOf(List<T> before, T made) {
        int at = random.nextInt(4 * LATELY);
        if (at < before.size()) {
            return before.get(at);
        }
        if (before.size() < LATELY) {
            before.add(made);
        } else {
            before.set(random.nextInt(LATELY), made);
        }
        return made;
    }

    private Process process(int ancestors) {
        List<String> args = random.nextInt(3) == 0 ? List.of(text("commandLine").split(" ")) : texts("args");
        return new Process(
                1 + random.nextInt(4),
                Events.START,
                text("name"),
                random.nextInt(6) == 0 ? null : text("executable"),
                random.nextInt(4) == 0,
                args,
                "/",
                Credentials.UNKNOWN,
                random.nextBoolean() ? null : "pts0",
                ancestors == 0 ? null : process(ancestors - 1),
                null,
                random.nextBoolean(),
                random.nextInt(3) == 0 ? null : text("stdin"),
                random.nextInt(3) == 0 ? null : new Capabilities(set(), set()),
                random.nextInt(3),
                environment());
    }

    /** Variables that rules ask for, and one that has what they look for. */
    private Map<String, String> environment() {
        Map<String, String> variables = new HashMap<>();
        for (Object key : all.getOrDefault("environment", List.of())) {
            if (random.nextBoolean()) {
                variables.put((String) key, text((String) key));
            }
        }
        if (random.nextBoolean()) {
            variables.put("X" + text("environmentLine"), "1");
        }
        return variables;
    }

    /** A bit or two, all, or none. */
    private long set() {
        return switch (random.nextInt(4)) {
            case 0 -> 0;
            case 1 -> 0x1ffffffffffL;
            default -> 1L << random.nextInt(41) | 1L << random.nextInt(41);
        };
    }

    private Container container() {
        Set<Container.BindMount> mounts = new HashSet<>();
        for (int n = random.nextInt(3); n > 0; n--) {
            mounts.add(new Container.BindMount(text("source"), text("path"), true));
        }
        return new Container(
                "c" + random.nextInt(3),
                "docker",
                true,
                text("name"),
                "image",
                null,
                100,
                random.nextBoolean(),
                List.of("pid", "net").subList(0, random.nextInt(3)),
                List.copyOf(mounts),
                Map.of(),
                null);
    }
}
