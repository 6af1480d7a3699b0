// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.translate;

import dev.vigilant.event.EventKind;
import dev.vigilant.syscall.SyscallTable;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Names of calls, as Falco and the audit daemon write them, by the kinds of events that tell of them. */
public final class EventNames {
    /** The first one is the call that stands for its like; operations of io_uring are told as the kind too, without a name. */
    private static final Map<EventKind, List<String>> NAMES = Map.ofEntries(
            Map.entry(EventKind.PROCESS_FORK, List.of("clone", "fork", "vfork", "clone3")),
            Map.entry(EventKind.PROCESS_EXEC, List.of("execve", "execveat")),
            Map.entry(EventKind.PROCESS_EXIT, List.of("procexit")),
            Map.entry(
                    EventKind.CREDENTIAL_CHANGE,
                    List.of(
                            "setuid",
                            "setgid",
                            "setreuid",
                            "setregid",
                            "setresuid",
                            "setresgid",
                            "setfsuid",
                            "setfsgid",
                            "setgroups")),
            Map.entry(EventKind.CAPABILITY_SET, List.of("capset")),
            Map.entry(EventKind.NAMESPACE_CHANGE, List.of("setns", "unshare", "clone", "clone3")),
            Map.entry(
                    EventKind.MOUNT_CHANGE,
                    List.of(
                            "mount",
                            "umount",
                            "umount2",
                            "pivot_root",
                            "move_mount",
                            "open_tree",
                            "fsopen",
                            "fsmount",
                            "fsconfig",
                            "fspick",
                            "mount_setattr")),
            Map.entry(EventKind.CHANGE_ROOT, List.of("chroot")),
            Map.entry(EventKind.FILE_OPEN, List.of("openat", "open", "openat2", "creat", "open_by_handle_at")),
            Map.entry(EventKind.FILE_RENAME, List.of("renameat", "rename", "renameat2")),
            Map.entry(EventKind.FILE_LINK, List.of("linkat", "link")),
            Map.entry(EventKind.FILE_SYMLINK, List.of("symlinkat", "symlink")),
            Map.entry(EventKind.FILE_UNLINK, List.of("unlinkat", "unlink", "rmdir")),
            Map.entry(EventKind.FILE_MKDIR, List.of("mkdirat", "mkdir")),
            Map.entry(EventKind.FILE_MKNOD, List.of("mknod", "mknodat")),
            Map.entry(EventKind.FILE_CHMOD, List.of("chmod", "fchmod", "fchmodat")),
            Map.entry(EventKind.FILE_CHOWN, List.of("chown", "fchown", "lchown", "fchownat")),
            Map.entry(
                    EventKind.FILE_XATTR,
                    List.of("setxattr", "lsetxattr", "fsetxattr", "removexattr", "lremovexattr", "fremovexattr")),
            Map.entry(EventKind.FILE_TRUNCATE, List.of("truncate", "ftruncate")),
            Map.entry(EventKind.MEMFD_CREATE, List.of("memfd_create")),
            Map.entry(EventKind.FD_DUPLICATE, List.of("dup2", "dup3")),
            Map.entry(
                    EventKind.PROCESS_ACCESS,
                    List.of("ptrace", "process_vm_readv", "process_vm_writev", "pidfd_getfd")),
            Map.entry(EventKind.SIGNAL_SENT, List.of("kill", "tkill", "tgkill", "pidfd_send_signal")),
            Map.entry(EventKind.NETWORK_SOCKET, List.of("socket")),
            Map.entry(EventKind.NETWORK_CONNECT, List.of("connect")),
            Map.entry(EventKind.NETWORK_BIND, List.of("bind")),
            Map.entry(EventKind.NETWORK_LISTEN, List.of("listen")),
            Map.entry(EventKind.NETWORK_ACCEPT, List.of("accept", "accept4")),
            Map.entry(EventKind.KERNEL_MODULE, List.of("init_module", "finit_module", "delete_module")),
            Map.entry(EventKind.BPF_COMMAND, List.of("bpf")),
            Map.entry(EventKind.PERF_EVENT_OPEN, List.of("perf_event_open")),
            Map.entry(EventKind.KEYRING_CHANGE, List.of("add_key", "request_key", "keyctl")),
            Map.entry(EventKind.IO_URING_OPERATION, List.of("io_uring_setup", "io_uring_enter", "io_uring_register")),
            Map.entry(EventKind.KEXEC_LOAD, List.of("kexec_load", "kexec_file_load")),
            Map.entry(EventKind.PERSONALITY_CHANGE, List.of("personality")));

    /** Kinds that have the name in a field of their own. */
    public static final Set<EventKind> WITH_OPERATION = Set.of(
            EventKind.CREDENTIAL_CHANGE,
            EventKind.NAMESPACE_CHANGE,
            EventKind.MOUNT_CHANGE,
            EventKind.PROCESS_ACCESS,
            EventKind.KERNEL_MODULE,
            EventKind.KEYRING_CHANGE,
            EventKind.IO_URING_OPERATION,
            EventKind.KEXEC_LOAD);

    private EventNames() {}

    /** Kinds that calls with a name can be. */
    public static List<EventKind> kinds() {
        return Arrays.stream(EventKind.values())
                .filter(k -> k == EventKind.SYSTEM_CALL || NAMES.containsKey(k))
                .toList();
    }

    /** The calls that events of that kind tell of. */
    public static List<String> of(EventKind kind) {
        return NAMES.getOrDefault(kind, List.of());
    }

    /** Whether a kind of its own tells of the event. */
    public static boolean hasKind(String name) {
        return NAMES.values().stream().anyMatch(names -> names.contains(name));
    }

    /** Whether it is a system call at all. */
    public static boolean isSyscall(String name) {
        return !SyscallTable.numbers(SyscallTable.X86_64, name).isEmpty()
                || !SyscallTable.numbers(SyscallTable.AARCH64, name).isEmpty();
    }
}
