// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.falco;

import dev.vigilant.event.EventKind;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.rules.ast.Condition;
import dev.vigilant.rules.ast.FieldType;
import dev.vigilant.rules.ast.Operand;
import dev.vigilant.rules.ast.Operator;
import dev.vigilant.rules.ast.Pattern;
import dev.vigilant.rules.ast.Pattern.Quantifier;
import dev.vigilant.rules.ast.Position;
import dev.vigilant.rules.field.FieldPath;
import dev.vigilant.rules.field.UnknownFieldException;
import dev.vigilant.rules.translate.Logic;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The event that made a socket, for what the event of its use does not tell: Falco keeps a table of descriptors, and here the
 * earlier event of the same process with the same descriptor is joined, as long as it is not too old.
 *
 * @param kind socket or accept
 */
record Socket(EventKind kind) {
    /** How the rule calls the event. */
    static final String BINDING = "$socket";

    private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final Socket MADE = new Socket(EventKind.NETWORK_SOCKET);
    private static final Socket ACCEPTED = new Socket(EventKind.NETWORK_ACCEPT);

    private static final long AF_UNIX = 1;
    private static final long AF_INET = 2;
    private static final long AF_INET6 = 10;
    private static final Map<String, Long> TYPES = Map.of("tcp", 1L, "udp", 2L, "raw", 3L);

    /** Where the socket of an event of that kind can come from. */
    static List<Socket> of(EventKind user) {
        return switch (user) {
            case FD_DUPLICATE -> List.of(MADE, ACCEPTED);
            case NETWORK_CONNECT, NETWORK_LISTEN -> List.of(MADE);
            default -> List.of();
        };
    }

    private Operand.Field bound(String... steps) {
        return field(kind.type(), BINDING, steps);
    }

    private static Operand.Field field(Class<? extends KernelEvent> type, @Nullable String binding, String... steps) {
        try {
            FieldType found = FieldPath.compile(type, Arrays.asList(steps)).type();
            return new Operand.Field(binding, type, Arrays.asList(steps), found, Operand.Field.NO_MASK);
        } catch (UnknownFieldException e) {
            throw new IllegalStateException("the vocabulary changed: " + e.reason(), e);
        }
    }

    /** What a field of Falco is, by the socket. */
    Value value(String name, Position position) {
        return switch (name) {
            case "fd.typechar" -> families(Map.of("4", AF_INET, "6", AF_INET6, "u", AF_UNIX), position);
            case "fd.type" -> families(Map.of("ipv4", AF_INET, "ipv6", AF_INET6, "unix", AF_UNIX), position);
            case "fd.sockfamily" ->
                new Value.Choice(
                        Logic.always(position),
                        Map.of("ip", isInternet(position), "unix", is(family(), List.of(AF_UNIX), position)));
            case "fd.l4proto" -> protocol(position);
            default -> new Value.Unknown("`" + name + "` of a socket that is only known by its making");
        };
    }

    private Operand.Field family() {
        return kind == EventKind.NETWORK_SOCKET ? bound("family") : bound("address", "family");
    }

    private Condition isInternet(Position position) {
        return is(family(), List.of(AF_INET, AF_INET6), position);
    }

    private static Condition is(Operand.Field field, List<Long> numbers, Position position) {
        return Comparisons.equal(field, numbers, position);
    }

    private Value families(Map<String, Long> families, Position position) {
        Map<String, Condition> texts = new TreeMap<>();
        families.forEach((text, number) -> texts.put(text, is(family(), List.of(number), position)));
        return new Value.Choice(Logic.always(position), texts);
    }

    /** What is accepted is a stream. */
    private Value protocol(Position position) {
        Map<String, Condition> texts = new TreeMap<>();
        if (kind == EventKind.NETWORK_ACCEPT) {
            texts.put("tcp", Logic.always(position));
        } else {
            TYPES.forEach((text, type) -> texts.put(text, is(bound("type"), List.of(type), position)));
        }
        return new Value.Choice(isInternet(position), texts);
    }

    /** The patterns of a rule that asks something of the socket: the newest of this descriptor before its use. */
    List<Pattern> patterns(Pattern use, Position position) {
        List<Condition> joined = new ArrayList<>(same(use.type(), BINDING, kind.type(), position));
        joined.add(new Condition.Within(BINDING, 0, WINDOW_NANOS, position));
        List<Condition> conditions = new ArrayList<>(use.conditions());
        conditions.addAll(joined);
        String event = String.valueOf(use.binding());
        List<Condition> newer = new ArrayList<>(same(kind.type(), event, use.type(), position));
        newer.add(new Condition.Within(BINDING, 1, WINDOW_NANOS, position));
        newer.add(new Condition.Within(event, -WINDOW_NANOS, 0, position));
        return List.of(
                new Pattern(Quantifier.EACH, BINDING, kind.type(), opened(position), position),
                new Pattern(Quantifier.EACH, use.binding(), use.type(), conditions, position),
                new Pattern(Quantifier.NONE, null, kind.type(), newer, position));
    }

    /** The patterns of a rule that holds when nothing is known of the socket. */
    static List<Pattern> without(EventKind user, Pattern use, Position position) {
        List<Pattern> patterns = new ArrayList<>(List.of(use));
        String event = String.valueOf(use.binding());
        for (Socket socket : of(user)) {
            List<Condition> conditions = new ArrayList<>(socket.opened(position));
            conditions.addAll(same(socket.kind.type(), event, use.type(), position));
            conditions.add(new Condition.Within(event, -WINDOW_NANOS, 0, position));
            patterns.add(new Pattern(Quantifier.NONE, null, socket.kind.type(), conditions, position));
        }
        return patterns;
    }

    private List<Condition> opened(Position position) {
        return List.of(new Condition.Comparison(
                field(kind.type(), null, "fd"), Operator.GREATER_OR_EQUAL, Operand.Literals.of(0L), position));
    }

    /** Same process and descriptor. */
    private static List<Condition> same(
            Class<? extends KernelEvent> type, String binding, Class<? extends KernelEvent> other, Position position) {
        return List.of(
                new Condition.Comparison(
                        field(type, null, descriptor(type)),
                        Operator.EQUAL,
                        field(other, binding, descriptor(other)),
                        position),
                new Condition.Comparison(
                        field(type, null, "process", "pid"),
                        Operator.EQUAL,
                        field(other, binding, "process", "pid"),
                        position));
    }

    private static String descriptor(Class<? extends KernelEvent> type) {
        return type == EventKind.FD_DUPLICATE.type() ? "oldFd" : "fd";
    }

    /** The fields that only the socket tells, where the kind is that of its use. */
    static Set<String> fields(EventKind user) {
        return user == EventKind.NETWORK_CONNECT
                ? Set.of("fd.l4proto")
                : Set.of("fd.l4proto", "fd.type", "fd.typechar", "fd.sockfamily");
    }
}
