// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.falco;

import dev.vigilant.event.EventKind;
import dev.vigilant.rules.ast.FieldType;
import dev.vigilant.rules.ast.Operand;
import dev.vigilant.rules.ast.Position;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Falco's output line as a message of the rule tree, for events of one kind. */
final class Output {
    private static final Pattern PLACE =
            Pattern.compile("\\*?%([a-zA-Z][a-zA-Z0-9_]*(?:\\.[a-zA-Z0-9_]+)+)(?:\\[([^\\]]*)])?");

    private static final Map<String, String> BY_HAND = Map.of(
            "evt.type", "syscall",
            "syscall.type", "syscall",
            "evt.time", "context.timeNanos",
            "evt.res", "result",
            "proc.tty", "process.tty",
            "container.mounts", "container.mounts.source");

    private Output() {}

    static String message(String output, EventKind kind, Position position) {
        FieldMap map = new FieldMap(kind, position);
        Matcher matcher = PLACE.matcher(output.replace('{', '(').replace('}', ')'));
        StringBuilder message = new StringBuilder();
        while (matcher.find()) {
            Filter.Field field = new Filter.Field(matcher.group(1), matcher.group(2), List.of());
            matcher.appendReplacement(message, Matcher.quoteReplacement(place(field, kind, map)));
        }
        return matcher.appendTail(message).toString().strip();
    }

    private static String place(Filter.Field field, EventKind kind, FieldMap map) {
        String path = BY_HAND.get(field.name());
        if (path != null) {
            return "{" + path + "}";
        }
        if (!FieldNames.has(field.name())) {
            return Value.MISSING;
        }
        boolean socket = kind == EventKind.NETWORK_CONNECT || kind == EventKind.NETWORK_ACCEPT;
        if (field.name().equals("fd.name") && socket) {
            return "{address.ip}:{address.port}";
        }
        Operand.Field found = field(map.of(field));
        return found == null || found.type().kind() == FieldType.Kind.OBJECT
                ? Value.MISSING
                : "{" + String.join(".", found.steps()) + "}";
    }

    private static Operand.@Nullable Field field(Value value) {
        if (value instanceof Value.Plain plain) {
            return plain.field();
        }
        if (value instanceof Value.Directory directory) {
            return directory.field();
        }
        if (value instanceof Value.Address address) {
            return address.field();
        }
        if (value instanceof Value.Named named) {
            return named.field();
        }
        if (value instanceof Value.Flags flags) {
            return flags.field();
        }
        if (value instanceof Value.CapabilitySet capabilities) {
            return capabilities.names();
        }
        if (value instanceof Value.Account account) {
            return account.field();
        }
        if (value instanceof Value.Descriptor descriptor) {
            return descriptor.number();
        }
        return value instanceof Value.ContainerId id ? id.id() : null;
    }
}
