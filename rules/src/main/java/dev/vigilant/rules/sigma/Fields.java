// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.sigma;

import dev.vigilant.event.EventKind;
import dev.vigilant.rules.ast.Condition;
import dev.vigilant.rules.ast.FieldType;
import dev.vigilant.rules.ast.Operand;
import dev.vigilant.rules.ast.Operator;
import dev.vigilant.rules.ast.Position;
import dev.vigilant.rules.field.FieldPath;
import dev.vigilant.rules.field.UnknownFieldException;
import dev.vigilant.rules.translate.Accounts;
import dev.vigilant.rules.translate.Logic;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;

/** Fields of events of one kind, as targets. */
record Fields(EventKind kind, Accounts accounts, Position position) {
    Operand.Field path(String path) {
        List<String> steps = Arrays.asList(path.split("\\.", -1));
        try {
            FieldType type = FieldPath.compile(kind.type(), steps).type();
            return new Operand.Field(null, kind.type(), steps, type, Operand.Field.NO_MASK);
        } catch (UnknownFieldException e) {
            throw new IllegalStateException("the vocabulary changed: " + e.reason(), e);
        }
    }

    Target texts(String... paths) {
        return new Target.Texts(Arrays.stream(paths).map(this::path).toList(), false);
    }

    /** Texts whose case tells them apart. */
    Target cased(String... paths) {
        return new Target.Texts(Arrays.stream(paths).map(this::path).toList(), true);
    }

    Target number(String path) {
        return number(path, text -> parsed(text, 10), "a whole number");
    }

    /** An argument of a call. The same name is of a text in records of execs, so that a rule may look for texts too. */
    Target hexadecimal(String path) {
        return new Target.Number(path(path), text -> parsed(text, 16), "a hexadecimal number", false);
    }

    /** A user by name or number. */
    Target user(String path) {
        return number(
                path,
                text -> {
                    OptionalLong number = parsed(text, 10);
                    return number.isPresent() ? number : accounts.number(text, false);
                },
                "a user of this node's /etc/passwd");
    }

    private Target number(String path, Function<String, OptionalLong> reader, String what) {
        return new Target.Number(path(path), reader, what, true);
    }

    private static OptionalLong parsed(String text, int base) {
        try {
            return OptionalLong.of(Long.parseLong(text, base));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    Target constant(String text) {
        return new Target.Choice(Map.of(text, Logic.always(position)));
    }

    Condition holds(String path) {
        return new Condition.Holds(path(path), position);
    }

    Condition is(String path, String value) {
        return new Condition.Comparison(path(path), Operator.EQUAL, Operand.Literals.of(value), position);
    }

    Condition succeeded() {
        return is("outcome", "success");
    }

    /** Fields of the process behind an event, which most log sources have. */
    Target process(String name) {
        return switch (name) {
            case "Image" ->
                // By what runs, and by what it was called: a link or an applet of busybox.
                kind == EventKind.PROCESS_EXEC ? texts("process.executable", "file.path") : texts("process.executable");
            case "CommandLine" -> texts("process.commandLine");
            case "CurrentDirectory" -> texts("process.workingDirectory");
            case "ProcessId" -> number("process.pid");
            case "User" -> user("user.euid");
            case "LogonId" -> number("user.uid");
            case "ParentImage" -> texts("process.parent.executable");
            case "ParentCommandLine" -> texts("process.parent.commandLine");
            case "ParentProcessId" -> number("process.parent.pid");
            case "ParentUser" -> user("process.parent.credentials.euid");
            case "container.id" -> cased("container.id");
            case "container.name" -> texts("container.name");
            case "container.image.name" -> texts("container.imageName");
            default -> unsensed(name);
        };
    }

    static Target unsensed(String name) {
        return new Target.Unknown("`" + name + "` is not sensed" + KnownFields.hint(name));
    }
}
