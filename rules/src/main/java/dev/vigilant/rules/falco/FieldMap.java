// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.falco;

import dev.vigilant.event.EventKind;
import dev.vigilant.event.FileEvent;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.rules.ast.Condition;
import dev.vigilant.rules.ast.FieldType;
import dev.vigilant.rules.ast.Operand;
import dev.vigilant.rules.ast.Operator;
import dev.vigilant.rules.ast.Position;
import dev.vigilant.rules.field.FieldPath;
import dev.vigilant.rules.field.UnknownFieldException;
import dev.vigilant.rules.translate.Logic;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What Falco's fields are in events of one kind. */
final class FieldMap {
    private static final Value ABSENT = new Value.Absent();
    private static final List<String> OF_ANCESTORS = List.of("name", "exe", "exepath", "cmdline", "args", "pid");
    private static final int MAX_ANCESTOR = 30;
    private static final String STARTED = "proc.";

    private final EventKind kind;
    private final Class<? extends KernelEvent> type;
    private final Position position;
    private final @Nullable Socket socket;

    /** @param position where the conditions stand that are made here */
    FieldMap(EventKind kind, Position position) {
        this(kind, position, null);
    }

    /**
     * With an event that made the socket.
     *
     * @param position where the conditions stand that are made here
     * @param socket the event that is joined, null for none
     */
    FieldMap(EventKind kind, Position position, @Nullable Socket socket) {
        this.kind = kind;
        this.type = kind.type();
        this.position = position;
        this.socket = socket;
    }

    /** A field of the event by its path. */
    Operand.Field path(String... steps) {
        return path(Arrays.asList(steps));
    }

    private Operand.Field path(List<String> steps) {
        try {
            FieldType found = FieldPath.compile(type, steps).type();
            return new Operand.Field(null, type, steps, found, Operand.Field.NO_MASK);
        } catch (UnknownFieldException e) {
            throw new IllegalStateException("the vocabulary changed: " + e.reason(), e);
        }
    }

    Value plain(String... steps) {
        return plain(path(steps));
    }

    Value plain(Operand.Field field) {
        return new Value.Plain(field, Logic.always(position));
    }

    /** A number that is negative where there is none. */
    Value notNegative(String... steps) {
        Operand.Field field = path(steps);
        return new Value.Plain(field, compare(field, Operator.GREATER_OR_EQUAL, 0L));
    }

    Condition compare(Operand.Field field, Operator operator, Object literal) {
        return new Condition.Comparison(field, operator, Operand.Literals.of(literal), position);
    }

    private Condition present(String... steps) {
        return new Condition.Present(path(steps), position);
    }

    /** The value of a field. */
    Value of(Filter.Field field) {
        String name = field.name();
        String argument = field.argument();
        String group = name.substring(0, name.indexOf('.'));
        return switch (group) {
            case "proc", "thread" -> process(name, argument);
            case "fd", "fs" ->
                socket != null && Socket.fields(kind).contains(name)
                        ? socket.value(name, position)
                        : new FileFields(this, kind, position).of(name);
            case "evt", "syscall" -> new EventFields(this, kind, position).of(name);
            case "container", "k8s" -> container(name, argument);
            case "user", "group" -> account(name);
            default -> new Value.Unknown("`" + name + "` comes from another source than system calls");
        };
    }

    static Value unknown(String name) {
        return new Value.Unknown(Unsensed.why(name));
    }

    private Value account(String name) {
        return switch (name) {
            case "user.uid" -> notNegative("user", "euid");
            case "user.loginuid" -> plain("user", "auid");
            case "group.gid" -> notNegative("user", "egid");
            case "user.name" -> new Value.Account(path("user", "euid"), false);
            case "user.loginname" -> new Value.Account(path("user", "auid"), false);
            case "group.name" -> new Value.Account(path("user", "egid"), true);
            default -> unknown(name);
        };
    }

    private Value process(String name, @Nullable String argument) {
        String attribute = name.substring(name.indexOf('.') + 1);
        Optional<List<String>> process = Optional.empty();
        if (name.startsWith(STARTED) && OF_ANCESTORS.contains(attribute)) {
            process = Optional.of(List.of("process"));
        } else if (name.startsWith(STARTED) && OF_ANCESTORS.contains(attribute.substring(1))) {
            process = ancestor(attribute.charAt(0), argument);
            attribute = attribute.substring(1);
        }
        if (process.isEmpty()) {
            return attribute.equals("env") || attribute.equals("aenv") ? environment(attribute, argument) : other(name);
        }
        List<String> steps = new ArrayList<>(process.get());
        if (attribute.equals("args") && argument != null && name.equals("proc.args")) {
            return argument.matches("[0-9]{1,4}")
                    ? withSteps(steps, "args", String.valueOf(Integer.parseInt(argument) + 1))
                    : unknown(name);
        }
        return switch (attribute) {
            case "name" -> withSteps(steps, "name");
            case "exe" -> withSteps(steps, "args", "0");
            case "exepath" -> withSteps(steps, "executable");
            case "cmdline" -> withSteps(steps, "nameAndArguments");
            case "args" -> withSteps(steps, "argumentLine");
            default -> withSteps(steps, "pid");
        };
    }

    /** All of it as a text, or a variable of it; of the process, of one ancestor, or of all of them. */
    private Value environment(String attribute, @Nullable String argument) {
        boolean level = argument != null && argument.matches("[0-9]+");
        Optional<List<String>> process =
                attribute.equals("env") ? Optional.of(List.of("process")) : ancestor('a', level ? argument : null);
        if (process.isEmpty()) {
            return unknown("proc." + attribute);
        }
        return argument == null || (level && attribute.equals("aenv"))
                ? withSteps(process.get(), "environmentLine")
                : withSteps(process.get(), "environment", argument);
    }

    private Value withSteps(List<String> process, String... more) {
        List<String> steps = new ArrayList<>(process);
        steps.addAll(Arrays.asList(more));
        return plain(path(steps));
    }

    /** The parent, the ancestor of that number, or all of them; empty for other letters. */
    private static Optional<List<String>> ancestor(char which, @Nullable String argument) {
        if (which == 'p') {
            return Optional.of(List.of("process", "parent"));
        }
        if (which != 'a') {
            return Optional.empty();
        }
        if (argument == null) {
            return Optional.of(List.of("process", "ancestors"));
        }
        if (!argument.matches("[0-9]{1,3}") || Integer.parseInt(argument) > MAX_ANCESTOR) {
            return Optional.empty();
        }
        List<String> steps = new ArrayList<>(List.of("process"));
        for (int i = 0; i < Integer.parseInt(argument); i++) {
            steps.add("parent");
        }
        return Optional.of(steps);
    }

    private Value capabilities(String set) {
        // The kernel asks for CAP_SYS_MODULE before anything else, and fails with EPERM.
        Condition module = kind == EventKind.KERNEL_MODULE
                ? Logic.not(compare(path("result"), Operator.EQUAL, -1L))
                : Logic.never(position);
        return new Value.CapabilitySet(
                path("process", "capabilities", set),
                path("process", "capabilities", set + "Names"),
                present("process", "capabilities"),
                module);
    }

    private Value other(String name) {
        return switch (name) {
            case "proc.exeline" -> plain("process", "commandLine");
            case "proc.cwd" -> new Value.Directory(path("process", "workingDirectory"));
            case "proc.tty" -> new Value.Choice(present("process"), Map.of("0", Logic.not(present("process", "tty"))));
            case "proc.vpid" -> new Value.Choice(present("process"), Map.of("1", init()));
            case "proc.pgid" -> {
                Operand.Field group = path("process", "processGroup");
                yield new Value.Plain(group, compare(group, Operator.GREATER, 0L));
            }
            // The leader's number is the group's in every namespace that has both.
            case "proc.is_pgid_leader", "proc.is_vpgid_leader" ->
                truth(
                        compare(path("process", "processGroup"), Operator.GREATER, 0L),
                        new Condition.Holds(path("process", "groupLeader"), position));
            case "proc.duration" -> notNegative("processAgeNanos");
            case "proc.is_exe_from_memfd" -> truth(present("process", "executable"), fromMemory());
            case "proc.is_exe_upper_layer" ->
                kind == EventKind.PROCESS_EXEC
                        ? truth(Logic.always(position), new Condition.Holds(path("upperLayer"), position))
                        : new Value.Unknown("`" + name + "` is known of the exec alone, not of what follows it");
            case "thread.cap_effective" -> capabilities("effective");
            case "thread.cap_permitted" -> capabilities("permitted");
            default -> unknown(name);
        };
    }

    /** The kernel names such files {@code /memfd:name}. */
    private Condition fromMemory() {
        return compare(path("process", "executable"), Operator.STARTS_WITH, "/memfd:");
    }

    /** The first program of a container: the runtime knows which pid it has, or tells it later than the program starts. */
    private Condition init() {
        Operand.Field init = path("container", "initPid");
        Condition same = new Condition.Comparison(path("process", "pid"), Operator.EQUAL, init, position);
        return Logic.and(
                List.of(
                        new Condition.Holds(path("process", "entry"), position),
                        Logic.or(List.of(compare(init, Operator.EQUAL, 0L), same), position)),
                position);
    }

    /** True or false. */
    Value truth(Condition known, Condition holds) {
        return new Value.Choice(known, Map.of("true", holds, "false", Logic.not(holds)));
    }

    private Value container(String name, @Nullable String argument) {
        return switch (name) {
            case "container.id" -> new Value.ContainerId(path("container"), path("container", "id"));
            case "container.full_id" -> plain("container", "id");
            case "container.name" -> plain("container", "name");
            case "container.image" -> plain("container", "imageName");
            case "container.image.id" -> plain("container", "imageId");
            case "container.image.repository" -> plain("container", "imageRepository");
            case "container.image.tag" -> plain("container", "imageTag");
            case "container.type" -> plain("container", "runtime");
            case "container.privileged" ->
                truth(
                        new Condition.Holds(path("container", "described"), position),
                        new Condition.Holds(path("container", "privileged"), position));
            case "container.host_network" -> ofContainer("hostNetwork");
            case "container.host_pid" -> ofContainer("hostPid");
            case "container.mount.dest" ->
                argument == null || argument.matches("[0-9]+")
                        ? unknown(name)
                        : new Value.Mount(path("container", "mounts", "source"), argument);
            case "container.label" -> argument == null ? unknown(name) : plain("container", "labels", argument);
            case "k8s.ns.name" -> plain("container", "pod", "namespace");
            case "k8s.pod.name" -> plain("container", "pod", "name");
            case "k8s.pod.uid", "k8s.pod.id" -> plain("container", "pod", "uid");
            default -> unknown(name);
        };
    }

    private Value ofContainer(String flag) {
        return truth(
                new Condition.Holds(path("container", "described"), position),
                new Condition.Holds(path("container", flag), position));
    }

    /** Whether events of the kind are about a file. */
    boolean ofFile() {
        return FileEvent.class.isAssignableFrom(type);
    }

    static Value absent() {
        return ABSENT;
    }
}
