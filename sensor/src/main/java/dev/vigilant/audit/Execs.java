// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.audit;

import dev.vigilant.event.FileTarget;
import dev.vigilant.event.Outcome;
import dev.vigilant.event.ProcessExec;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Events of execve and execveat, from their SYSCALL, EXECVE, PATH and PROCTITLE records. */
final class Execs {
    /** No argv has more; what a broken record claims beyond is not believed. */
    private static final int MAX_ARGUMENTS = 65_536;

    private Execs() {}

    static ProcessExec event(SyscallView v) {
        FileTarget file = program(v);
        List<String> args = arguments(v);
        return new ProcessExec(v.context(), file, args, interpreted(v, file, args));
    }

    /** Without a name (a descriptor is executed), what the process runs afterwards is what was executed. */
    private static FileTarget program(SyscallView v) {
        List<PathItem> paths = v.paths();
        FileTarget told = paths.isEmpty()
                ? FileTarget.ofPath("")
                : v.target(paths.get(0), v.name().equals("execveat") ? 0 : -1);
        String executable = v.context().actor().executable();
        if (!told.path().isEmpty() || executable == null || v.context().outcome() == Outcome.FAILURE) {
            return told;
        }
        return new FileTarget(
                executable,
                told.rawPath(),
                told.inode(),
                told.deviceMajor(),
                told.deviceMinor(),
                told.mode(),
                told.uid(),
                told.gid(),
                told.rdevMajor(),
                told.rdevMinor(),
                told.fileSystem());
    }

    /** With a script, the kernel runs the interpreter that its first line names, and argv names the script as well. */
    private static boolean interpreted(SyscallView v, FileTarget file, List<String> args) {
        String executable = v.context().actor().executable();
        return executable != null
                && v.paths().size() > 1
                && !executable.endsWith("/" + file.name())
                && args.size() > 1
                && args.subList(1, args.size()).contains(file.rawPath());
    }

    private static List<String> arguments(SyscallView v) {
        List<String> args = new ArrayList<>();
        ByteArrayOutputStream split = new ByteArrayOutputStream();
        v.each(RecordType.EXECVE, fields -> collect(fields, args, split));
        endSplit(args, split);
        // A failed exec leaves the caller's own title.
        return args.isEmpty() && v.context().outcome() != Outcome.FAILURE ? fromTitle(v) : args;
    }

    /** {@code a0="sh" a1_len=9000 a1[0]=6563.. a1[1]=..}; what is split goes on in the next record, cut within a character if need be. */
    private static void collect(Fields fields, List<String> args, ByteArrayOutputStream split) {
        for (int f = 0; f < fields.size() && args.size() < MAX_ARGUMENTS; f++) {
            String key = fields.key(f);
            if (!isArgument(key) || key.endsWith("_len")) {
                continue;
            }
            if (key.endsWith("]")) {
                if (key.endsWith("[0]")) {
                    endSplit(args, split);
                }
                split.writeBytes(fields.encodedBytes(f));
            } else {
                endSplit(args, split);
                String argument = fields.encoded(f);
                args.add(argument == null ? "" : argument);
            }
        }
    }

    private static void endSplit(List<String> args, ByteArrayOutputStream split) {
        if (split.size() > 0) {
            args.add(split.toString(StandardCharsets.UTF_8));
            split.reset();
        }
    }

    private static boolean isArgument(String key) {
        return key.length() > 1 && key.charAt(0) == 'a' && Character.isDigit(key.charAt(1));
    }

    /** PROCTITLE holds the first 128 bytes of argv, NUL between. */
    private static List<String> fromTitle(SyscallView v) {
        Fields title = v.record(RecordType.PROCTITLE);
        if (title == null) {
            return List.of();
        }
        byte[] bytes = title.hexBytes("proctitle");
        String text = bytes.length > 0 ? new String(bytes, StandardCharsets.UTF_8) : title.text("proctitle");
        return text == null ? List.of() : List.of(text.split("\0", -1));
    }
}
