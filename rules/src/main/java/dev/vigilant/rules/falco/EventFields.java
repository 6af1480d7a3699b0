// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.falco;

import dev.vigilant.event.EventKind;
import dev.vigilant.rules.ast.Condition;
import dev.vigilant.rules.ast.Operand;
import dev.vigilant.rules.ast.Operator;
import dev.vigilant.rules.ast.Position;
import dev.vigilant.rules.translate.Logic;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Falco's {@code evt.} fields in events of one kind, but for the event's type. */
final class EventFields {
    /** What Falco calls the argument that is the event's file. */
    private static final Map<EventKind, Set<String>> FILE_ARGUMENTS = Map.ofEntries(
            Map.entry(EventKind.FILE_OPEN, Set.of("name")),
            Map.entry(EventKind.FILE_UNLINK, Set.of("path", "name")),
            Map.entry(EventKind.FILE_MKDIR, Set.of("path")),
            Map.entry(EventKind.FILE_MKNOD, Set.of("path")),
            Map.entry(EventKind.FILE_CHMOD, Set.of("filename")),
            Map.entry(EventKind.FILE_CHOWN, Set.of("path", "pathname")),
            Map.entry(EventKind.CHANGE_ROOT, Set.of("path")),
            Map.entry(EventKind.PROCESS_EXEC, Set.of("filename", "pathname")));

    private final FieldMap map;
    private final EventKind kind;
    private final Position position;

    EventFields(FieldMap map, EventKind kind, Position position) {
        this.map = map;
        this.kind = kind;
        this.position = position;
    }

    Value of(String name) {
        if (name.startsWith("evt.arg.") || name.startsWith("evt.rawarg.")) {
            return argument(name, name.substring(name.indexOf('.', 4) + 1), name.startsWith("evt.rawarg."));
        }
        boolean opens = kind == EventKind.FILE_OPEN;
        return switch (name) {
            case "evt.rawres" -> result();
            case "evt.res" -> new Value.Named(map.path("result"), KernelNames.errors(), "SUCCESS");
            case "evt.failed" ->
                map.truth(Logic.always(position), map.compare(map.path("outcome"), Operator.EQUAL, "failure"));
            case "evt.is_open_read" -> opens ? flag("read") : no();
            case "evt.is_open_write" -> opens ? flag("write") : no();
            case "evt.is_open_create" -> opens ? flag("created") : no();
            case "evt.is_open_exec" ->
                opens
                        ? map.truth(
                                Logic.always(position),
                                Logic.and(List.of(holds("create"), holds("executableMode")), position))
                        : no();
            case "evt.source" -> new Value.Choice(Logic.always(position), Map.of("syscall", Logic.always(position)));
            case "evt.dir" -> new Value.Choice(Logic.always(position), Map.of("<", Logic.always(position)));
            case "evt.num" -> new Value.Choice(Logic.always(position), Map.of("0", Logic.never(position)));
            default -> FieldMap.unknown(name);
        };
    }

    private Value plain(String... steps) {
        return map.plain(steps);
    }

    /** That of a copied descriptor is the number asked for, which sensors can be asked for. */
    private Value result() {
        return kind == EventKind.FD_DUPLICATE
                ? new Value.Descriptor(
                        map.path("newFd"),
                        map.compare(map.path("outcome"), Operator.EQUAL, "success"),
                        map.path("result"))
                : plain("result");
    }

    private Condition holds(String flag) {
        return new Condition.Holds(map.path(flag), position);
    }

    private Value flag(String flag) {
        return map.truth(Logic.always(position), holds(flag));
    }

    private Value no() {
        return map.truth(Logic.always(position), Logic.never(position));
    }

    /** An argument of the call, by the name that Falco gives it. */
    private Value argument(String name, String argument, boolean raw) {
        return switch (argument) {
            case "path", "name", "filename", "pathname" -> file(name, argument);
            case "oldpath" -> two() ? plain("file", "path") : FieldMap.absent();
            case "newpath" -> two() ? plain("target", "path") : FieldMap.absent();
            case "linkpath" -> kind == EventKind.FILE_SYMLINK ? plain("file", "path") : FieldMap.absent();
            case "target" -> kind == EventKind.FILE_SYMLINK ? plain("target") : FieldMap.absent();
            case "flags" -> flags(name, raw);
            case "mode" -> mode(raw);
            case "fd" -> kind == EventKind.FILE_OPEN || kind == EventKind.NETWORK_CONNECT ? number() : other(name);
            case "res" -> raw ? plain("result") : new Value.Named(map.path("result"), KernelNames.errors(), "0");
            default -> numbered(name, argument, raw);
        };
    }

    private boolean two() {
        return kind == EventKind.FILE_RENAME || kind == EventKind.FILE_LINK;
    }

    private Value number() {
        return kind == EventKind.NETWORK_CONNECT ? plain("fd") : plain("result");
    }

    private Value file(String name, String argument) {
        if (kind == EventKind.MEMFD_CREATE || kind == EventKind.FILE_XATTR) {
            return argument.equals("name") ? plain("name") : other(name);
        }
        return FILE_ARGUMENTS.getOrDefault(kind, Set.of()).contains(argument) ? plain("file", "path") : other(name);
    }

    private Value flags(String name, boolean raw) {
        Map<Long, String> names;
        switch (kind) {
            case FILE_OPEN -> names = KernelNames.OPEN_FLAGS;
            case NAMESPACE_CHANGE, PROCESS_FORK -> names = KernelNames.CLONE_FLAGS;
            default -> {
                return other(name);
            }
        }
        return raw ? plain("flags") : new Value.Flags(map.path("flags"), names);
    }

    private Value mode(boolean raw) {
        if (kind != EventKind.FILE_CHMOD && kind != EventKind.FILE_MKDIR && kind != EventKind.FILE_OPEN) {
            return FieldMap.absent();
        }
        return raw || kind != EventKind.FILE_CHMOD
                ? plain("mode")
                : new Value.Flags(map.path("mode"), KernelNames.MODES);
    }

    private Value numbered(String name, String argument, boolean raw) {
        switch (kind) {
            case PROCESS_ACCESS -> {
                if (argument.equals("request")) {
                    return named("request", KernelNames.PTRACE, raw);
                }
            }
            case NETWORK_SOCKET -> {
                if (argument.equals("domain")) {
                    return named("family", KernelNames.FAMILIES, raw);
                }
                if (argument.equals("type") || argument.equals("proto")) {
                    return plain(argument.equals("type") ? "type" : "protocol");
                }
            }
            case BPF_COMMAND -> {
                if (argument.equals("cmd")) {
                    return named("command", KernelNames.BPF, raw);
                }
            }
            case CREDENTIAL_CHANGE -> {
                if (argument.equals("uid") || argument.equals("gid")) {
                    Operand.Field id = map.path("targetId");
                    return raw ? map.plain(id) : new Value.Account(id, argument.equals("gid"));
                }
            }
            case SIGNAL_SENT -> {
                if (argument.equals("sig") || argument.equals("pid")) {
                    return plain(argument.equals("sig") ? "signal" : "targetPid");
                }
            }
            default -> {
                return other(name);
            }
        }
        return other(name);
    }

    private Value named(String field, Map<Long, String> names, boolean raw) {
        return raw ? plain(field) : new Value.Named(map.path(field), names, null);
    }

    /** Falco's events have the arguments of their call: kinds that do not are left out, others may lack one. */
    private Value other(String name) {
        boolean bare =
                kind == EventKind.SYSTEM_CALL || kind == EventKind.PROCESS_EXEC || kind == EventKind.MOUNT_CHANGE;
        return bare ? FieldMap.unknown(name) : FieldMap.absent();
    }
}
