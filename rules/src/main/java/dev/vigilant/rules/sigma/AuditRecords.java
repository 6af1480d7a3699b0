// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.sigma;

import dev.vigilant.event.EventKind;
import dev.vigilant.event.FileEvent;
import dev.vigilant.rules.ast.Condition;
import dev.vigilant.rules.ast.Position;
import dev.vigilant.rules.translate.Accounts;
import dev.vigilant.rules.translate.EventNames;
import dev.vigilant.rules.translate.Logic;
import dev.vigilant.rules.translate.RefusedException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The log source {@code auditd}, which has a line for each record, where an event here is made of several. A rule is worked out
 * for each record that an event may have, and those of one kind of events are joined.
 */
final class AuditRecords {
    private static final Set<String> OF_KERNEL = Set.of("execve", "syscall", "path", "cwd", "proctitle", "sockaddr");
    private static final Set<String> CALL = Set.of("syscall", "SYSCALL");
    private static final Target NO_TEXT = new Target.Unknown("keywords are looked for in arguments of execs alone");

    private final Accounts accounts;
    private final Position position;

    AuditRecords(Accounts accounts, Position position) {
        this.accounts = accounts;
        this.position = position;
    }

    /** Records that the rule is about: those that it names, or all of the kernel's where it names none. */
    List<View> views(Detection detection) throws RefusedException {
        Set<String> types = detection.values("type");
        boolean any = types.isEmpty() || types.stream().anyMatch(t -> t.contains("*") || t.contains("?"));
        List<View> views = new ArrayList<>();
        if (any || types.contains("execve")) {
            views.add(execve());
        }
        if (any || types.contains("syscall")) {
            for (EventKind kind : calls(detection)) {
                views.add(syscall(kind));
            }
        }
        if (any || types.contains("path")) {
            Arrays.stream(EventKind.values())
                    .filter(k -> FileEvent.class.isAssignableFrom(k.type()))
                    .forEach(k -> views.add(path(k)));
        }
        List<String> others = types.stream().filter(t -> !OF_KERNEL.contains(t)).toList();
        if (!others.isEmpty()) {
            views.add(record(EventKind.USER_RECORD, others));
            views.add(record(EventKind.AUDIT_MESSAGE, others));
        }
        return views;
    }

    private Fields fields(EventKind kind) {
        return new Fields(kind, accounts, position);
    }

    private View execve() {
        Fields fields = fields(EventKind.PROCESS_EXEC);
        return new View(
                fields.kind(),
                fields.succeeded(),
                name -> {
                    if (name.equals("type")) {
                        return fields.constant("execve");
                    }
                    return name.matches("a[0-9]{1,4}")
                            ? fields.texts("args." + Integer.parseInt(name.substring(1)))
                            : Target.ABSENT;
                },
                fields.texts("process.commandLine"));
    }

    /** The kinds of the calls that a rule names. Without one it is about a program, of which its start tells. */
    private Set<EventKind> calls(Detection detection) throws RefusedException {
        Set<String> names = detection.values(CALL.toArray(new String[0]));
        if (names.isEmpty()) {
            return Set.of(EventKind.PROCESS_EXEC);
        }
        Set<EventKind> kinds = new java.util.TreeSet<>();
        for (String name : names) {
            if (!EventNames.isSyscall(name)) {
                throw new RefusedException(position, "`" + name + "` is no name of a system call: write `execve`");
            }
            List<EventKind> own = EventNames.kinds().stream()
                    .filter(k -> EventNames.of(k).contains(name))
                    .toList();
            kinds.addAll(own.isEmpty() ? List.of(EventKind.SYSTEM_CALL) : own);
        }
        return kinds;
    }

    private View syscall(EventKind kind) {
        Fields fields = fields(kind);
        return new View(kind, Logic.always(position), name -> ofSyscall(fields, name), NO_TEXT);
    }

    private Target ofSyscall(Fields fields, String name) {
        return switch (name) {
            case "type" -> fields.constant("syscall");
            case "syscall", "SYSCALL" -> fields.cased("syscall");
            case "exe" -> fields.texts("process.executable");
            case "comm" -> fields.texts("process.name");
            case "success" -> {
                Condition yes = fields.succeeded();
                yield new Target.Choice(Map.of("yes", yes, "no", fields.is("outcome", "failure")));
            }
            case "exit" -> fields.number("result");
            case "pid" -> fields.number("process.pid");
            case "ppid" -> fields.number("process.parent.pid");
            case "auid", "uid", "gid", "euid", "suid", "fsuid", "egid", "sgid", "fsgid" ->
                fields.number("user." + name);
            case "AUID", "UID", "EUID", "SUID", "FSUID" -> fields.user("user." + Wild.lower(name));
            case "tty" -> fields.texts("process.tty");
            case "key" -> key();
            case "a0", "a1", "a2", "a3" -> argument(fields, name);
            default -> name.matches("a[0-9]+") ? Target.ABSENT : Fields.unsensed(name);
        };
    }

    private static Target key() {
        return new Target.Unknown("`key` is of the node's own audit rules, which Vigilant does not need");
    }

    /** Those of an exec are addresses, which no rule can ask for. */
    private static Target argument(Fields fields, String name) {
        return switch (fields.kind()) {
            case SYSTEM_CALL -> fields.hexadecimal(name);
            case PERSONALITY_CHANGE -> name.equals("a0") ? fields.hexadecimal("persona") : Target.ABSENT;
            case PROCESS_EXEC -> Target.ABSENT;
            default -> Fields.unsensed(name);
        };
    }

    private View path(EventKind kind) {
        Fields fields = fields(kind);
        boolean two = kind == EventKind.FILE_RENAME || kind == EventKind.FILE_LINK;
        return new View(
                kind,
                Logic.always(position),
                name -> switch (name) {
                    case "type" -> fields.constant("path");
                    // Case tells files apart, and the sensor can be asked for these files alone.
                    case "name" -> two ? fields.cased("file.path", "target.path") : fields.cased("file.path");
                    case "nametype" -> new Target.Choice(nameTypes(fields));
                    case "key" -> key();
                    default -> name.matches("a[0-9]+") ? Target.ABSENT : Fields.unsensed(name);
                },
                NO_TEXT);
    }

    /** What the call does to the name. */
    private Map<String, Condition> nameTypes(Fields fields) {
        Condition always = Logic.always(position);
        return switch (fields.kind()) {
            case FILE_OPEN -> Map.of("create", fields.holds("created"), "normal", Logic.not(fields.holds("created")));
            case FILE_RENAME -> Map.of("create", always, "delete", always);
            case FILE_LINK -> Map.of("create", always, "normal", always);
            case FILE_SYMLINK, FILE_MKDIR, FILE_MKNOD -> Map.of("create", always);
            case FILE_UNLINK -> Map.of("delete", always);
            default -> Map.of("normal", always);
        };
    }

    /** Records that are events of their own. */
    private View record(EventKind kind, List<String> types) {
        Fields fields = fields(kind);
        Map<String, Condition> known = new HashMap<>();
        types.forEach(t -> known.put(t, fields.is("record", t.toUpperCase(java.util.Locale.ROOT))));
        return new View(
                kind,
                Logic.always(position),
                name -> name.equals("type")
                        ? new Target.Choice(known)
                        : name.contains(".") ? Target.ABSENT : fields.texts("fields." + name),
                NO_TEXT);
    }
}
