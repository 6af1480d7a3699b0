// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.falco;

import dev.vigilant.event.EventKind;
import dev.vigilant.rules.ast.Condition;
import dev.vigilant.rules.ast.Operand;
import dev.vigilant.rules.ast.Operator;
import dev.vigilant.rules.ast.Position;
import dev.vigilant.rules.translate.EventNames;
import dev.vigilant.rules.translate.Logic;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Falco's {@code fd.} and {@code fs.path.} fields in events of one kind. */
final class FileFields {
    private static final long AF_UNIX = 1;
    private static final long AF_INET = 2;
    private static final long AF_INET6 = 10;

    /** Kinds with a peer's address. */
    private static final Set<EventKind> WITH_ADDRESS =
            Set.of(EventKind.NETWORK_CONNECT, EventKind.NETWORK_ACCEPT, EventKind.NETWORK_BIND);

    /** Kinds for which Falco has a descriptor, and Vigilant knows nothing of what is behind it. */
    private static final Set<EventKind> WITH_DESCRIPTOR =
            Set.of(EventKind.NETWORK_LISTEN, EventKind.FD_DUPLICATE, EventKind.SYSTEM_CALL, EventKind.NETWORK_SOCKET);

    private final FieldMap map;
    private final EventKind kind;
    private final Position position;

    FileFields(FieldMap map, EventKind kind, Position position) {
        this.map = map;
        this.kind = kind;
        this.position = position;
    }

    Value of(String name) {
        if (name.startsWith("fs.path.")) {
            return path(name);
        }
        if (kind == EventKind.FILE_OPEN) {
            return opened(name);
        }
        if (WITH_ADDRESS.contains(kind)) {
            return socket(name);
        }
        return WITH_DESCRIPTOR.contains(kind)
                ? new Value.Unknown("what the descriptor of " + call() + " is, is not told")
                : FieldMap.absent();
    }

    private String call() {
        return kind == EventKind.SYSTEM_CALL
                ? "sendto, recvfrom, dup and their like"
                : String.join(", ", EventNames.of(kind));
    }

    private Value path(String name) {
        boolean two = Set.of(EventKind.FILE_RENAME, EventKind.FILE_LINK).contains(kind);
        return switch (name) {
            case "fs.path.name" -> map.ofFile() && !two ? plain("file", "path") : FieldMap.absent();
            case "fs.path.nameraw" -> map.ofFile() && !two ? plain("file", "rawPath") : FieldMap.absent();
            case "fs.path.source" -> two ? plain("file", "path") : FieldMap.absent();
            case "fs.path.sourceraw" -> two ? plain("file", "rawPath") : FieldMap.absent();
            case "fs.path.target" ->
                two ? plain("target", "path") : kind == EventKind.FILE_SYMLINK ? plain("target") : FieldMap.absent();
            case "fs.path.targetraw" ->
                two ? plain("target", "rawPath") : kind == EventKind.FILE_SYMLINK ? plain("target") : FieldMap.absent();
            default -> FieldMap.unknown(name);
        };
    }

    private Value plain(String... steps) {
        return map.plain(steps);
    }

    private Value opened(String name) {
        Operand.Field flags = map.path("flags");
        Operand.Field directoryBit =
                new Operand.Field(null, flags.owner(), flags.steps(), flags.type(), KernelNames.O_DIRECTORY);
        // As Falco does it: what is asked to be a directory is one, and all else is a file.
        Condition directory = Logic.not(map.compare(directoryBit, Operator.EQUAL, 0L));
        Condition file = map.compare(directoryBit, Operator.EQUAL, 0L);
        return switch (name) {
            case "fd.name" -> plain("file", "path");
            case "fd.nameraw" -> plain("file", "rawPath");
            case "fd.directory" -> plain("file", "directory");
            case "fd.filename" -> plain("file", "name");
            case "fd.ino" -> plain("file", "inode");
            case "fd.dev.major" -> plain("file", "deviceMajor");
            case "fd.dev.minor" -> plain("file", "deviceMinor");
            case "fd.typechar" -> new Value.Choice(Logic.always(position), Map.of("f", file, "d", directory));
            case "fd.type" -> new Value.Choice(Logic.always(position), Map.of("file", file, "directory", directory));
            case "fd.num" ->
                new Value.Descriptor(
                        map.path("result"), map.compare(map.path("outcome"), Operator.EQUAL, "success"), null);
            case "fd.containername", "fd.containerdirectory", "fd.is_upper_layer", "fd.is_lower_layer", "fd.dev" ->
                FieldMap.unknown(name);
            default -> FieldMap.absent();
        };
    }

    private Value socket(String name) {
        boolean server = kind != EventKind.NETWORK_CONNECT;
        return switch (name) {
            case "fd.num" -> plain("fd");
            case "fd.typechar" -> family(Map.of("4", AF_INET, "6", AF_INET6, "u", AF_UNIX));
            case "fd.type" -> family(Map.of("ipv4", AF_INET, "ipv6", AF_INET6, "unix", AF_UNIX));
            case "fd.sockfamily" ->
                new Value.Choice(
                        Logic.always(position),
                        Map.of(
                                "ip",
                                new Condition.Comparison(
                                        map.path("address", "family"),
                                        Operator.IN,
                                        Operand.Literals.of(List.of(AF_INET, AF_INET6)),
                                        position),
                                "unix",
                                map.compare(map.path("address", "family"), Operator.EQUAL, AF_UNIX)));
            case "fd.name" -> plain("address", "path");
            case "fd.ip", "fd.rip", "fd.net", "fd.rnet" -> new Value.Address(map.path("address", "ip"));
            case "fd.port", "fd.rport" -> map.notNegative("address", "port");
            case "fd.sip", "fd.snet" -> server ? local(name) : new Value.Address(map.path("address", "ip"));
            case "fd.cip", "fd.cnet" -> server ? new Value.Address(map.path("address", "ip")) : local(name);
            case "fd.sport" -> server ? local(name) : map.notNegative("address", "port");
            case "fd.cport" -> server ? map.notNegative("address", "port") : local(name);
            case "fd.lip", "fd.lnet", "fd.lport" -> local(name);
            case "fd.is_server" -> map.truth(Logic.always(position), Logic.of(server, position));
            case "fd.directory", "fd.filename", "fd.nameraw" -> FieldMap.absent();
            default -> FieldMap.unknown(name);
        };
    }

    private static Value local(String name) {
        return new Value.Unknown("`" + name + "`: of a connection the peer's address is told, not the own");
    }

    private Value family(Map<String, Long> families) {
        Map<String, Condition> texts = new java.util.TreeMap<>();
        families.forEach(
                (text, number) -> texts.put(text, map.compare(map.path("address", "family"), Operator.EQUAL, number)));
        return new Value.Choice(Logic.always(position), texts);
    }
}
