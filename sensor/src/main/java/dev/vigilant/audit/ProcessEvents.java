// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.audit;

import dev.vigilant.event.CapabilitySet;
import dev.vigilant.event.CredentialChange;
import dev.vigilant.event.FileTarget;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.event.MemfdCreate;
import dev.vigilant.event.NamespaceChange;
import dev.vigilant.event.Outcome;
import dev.vigilant.event.PersonalityChange;
import dev.vigilant.event.ProcessAccess;
import dev.vigilant.event.ProcessExec;
import dev.vigilant.event.ProcessFork;
import dev.vigilant.event.SignalSent;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Events of the syscalls that are about processes: exec, fork, ids, capabilities, namespaces, signals. */
final class ProcessEvents {
    /** CLONE_NEW* of linux/sched.h. */
    private static final long CLONE_NAMESPACES = 0x7E020000L;

    /** A thread, and no process, is made. */
    private static final long CLONE_THREAD = 0x10000;

    /** No argv has more; what a broken record claims beyond is not believed. */
    private static final int MAX_ARGUMENTS = 65_536;

    private ProcessEvents() {}

    static @Nullable KernelEvent event(SyscallView v) {
        return switch (v.name()) {
            case "execve", "execveat" -> exec(v);
            case "fork", "vfork" -> fork(v, 0);
            case "clone" ->
                (v.argument(0) & CLONE_NAMESPACES) != 0
                        ? new NamespaceChange(v.context(), v.name(), v.argument(0) & 0xffffff00L, -1)
                        : (v.argument(0) & CLONE_THREAD) != 0 ? null : fork(v, v.argument(0));
            case "clone3" -> fork(v, 0);
            case "setns" -> new NamespaceChange(v.context(), v.name(), v.argument(1) & 0xffffffffL, v.intArgument(0));
            case "unshare" -> new NamespaceChange(v.context(), v.name(), v.argument(0) & 0xffffffffL, -1);
            case "setuid", "setgid", "setfsuid", "setfsgid", "setuid32", "setgid32" ->
                new CredentialChange(v.context(), v.name(), v.intArgument(0));
            case "setreuid",
                    "setregid",
                    "setresuid",
                    "setresgid",
                    "setreuid32",
                    "setregid32",
                    "setresuid32",
                    "setresgid32" -> new CredentialChange(v.context(), v.name(), v.intArgument(1));
            case "setgroups", "setgroups32" -> new CredentialChange(v.context(), v.name(), -1);
            case "capset" -> capset(v);
            case "memfd_create" -> new MemfdCreate(v.context(), null, v.argument(1));
            case "memfd_secret" -> new MemfdCreate(v.context(), null, v.argument(0));
            case "personality" -> new PersonalityChange(v.context(), v.argument(0) & 0xffffffffL);
            default -> reach(v);
        };
    }

    private static @Nullable KernelEvent reach(SyscallView v) {
        return switch (v.name()) {
            case "ptrace" -> access(v, v.argument(0), v.intArgument(1));
            case "process_vm_readv", "process_vm_writev", "pidfd_getfd" -> access(v, 0, v.intArgument(0));
            case "kill", "tkill", "pidfd_send_signal" -> signal(v, v.intArgument(0), v.intArgument(1));
            case "tgkill" -> signal(v, v.intArgument(1), v.intArgument(2));
            default -> null;
        };
    }

    private static ProcessFork fork(SyscallView v, long flags) {
        return new ProcessFork(v.context(), (int) Math.max(0, v.context().result()), flags);
    }

    private static CapabilitySet capset(SyscallView v) {
        Fields capset = v.record(RecordType.CAPSET);
        if (capset == null) {
            return new CapabilitySet(v.context(), 0, 0, 0);
        }
        return new CapabilitySet(
                v.context(),
                capset.number("cap_pe", 16, 0),
                capset.number("cap_pp", 16, 0),
                capset.number("cap_pi", 16, 0));
    }

    private static ProcessAccess access(SyscallView v, long request, int target) {
        Fields object = v.record(RecordType.OBJ_PID);
        return new ProcessAccess(v.context(), v.name(), request, target, object == null ? null : object.text("ocomm"));
    }

    private static SignalSent signal(SyscallView v, int target, int signal) {
        Fields object = v.record(RecordType.OBJ_PID);
        if (object == null) {
            return new SignalSent(v.context(), target, signal, null);
        }
        return new SignalSent(v.context(), (int) object.number("opid", target), signal, object.text("ocomm"));
    }

    private static ProcessExec exec(SyscallView v) {
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
        RecordGroup group = v.group();
        Fields fields = new Fields();
        for (int i = 0; i < group.count(); i++) {
            if (group.type(i) == RecordType.EXECVE) {
                group.read(i, fields);
                collect(fields, args, split);
            }
        }
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
