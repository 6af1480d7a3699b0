// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.audit;

import dev.vigilant.event.EventKind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Which syscalls bring events of a kind, and in which argument a component of the event lies, so that a condition on the
 * component can become a filter on the argument. A component that is not named lies behind a pointer or does not exist.
 */
final class SyscallArguments {
    /** Kind, syscall, and component=argument. From the syscalls' man pages. */
    private static final String TABLE = """
            PROCESS_EXEC execve
            PROCESS_EXEC execveat
            CREDENTIAL_CHANGE setuid targetId=0
            CREDENTIAL_CHANGE setgid targetId=0
            CREDENTIAL_CHANGE setreuid
            CREDENTIAL_CHANGE setregid
            CREDENTIAL_CHANGE setresuid
            CREDENTIAL_CHANGE setresgid
            CREDENTIAL_CHANGE setgroups
            CAPABILITY_SET capset
            NAMESPACE_CHANGE setns
            NAMESPACE_CHANGE unshare flags=0
            NAMESPACE_CHANGE clone flags=0
            MOUNT_CHANGE mount
            MOUNT_CHANGE umount2
            MOUNT_CHANGE umount
            MOUNT_CHANGE pivot_root
            MOUNT_CHANGE open_tree
            MOUNT_CHANGE move_mount
            MOUNT_CHANGE fsopen
            MOUNT_CHANGE fsmount
            MOUNT_CHANGE mount_setattr
            CHANGE_ROOT chroot
            FILE_OPEN open flags=1 mode=2
            FILE_OPEN openat flags=2 mode=3
            FILE_OPEN openat2
            FILE_OPEN creat
            FILE_OPEN open_by_handle_at flags=2
            FILE_RENAME rename
            FILE_RENAME renameat
            FILE_RENAME renameat2
            FILE_LINK link
            FILE_LINK linkat
            FILE_SYMLINK symlink
            FILE_SYMLINK symlinkat
            FILE_UNLINK unlink
            FILE_UNLINK unlinkat
            FILE_UNLINK rmdir
            FILE_MKDIR mkdir mode=1
            FILE_MKDIR mkdirat mode=2
            FILE_MKNOD mknod mode=1
            FILE_MKNOD mknodat mode=2
            FILE_CHMOD chmod mode=1
            FILE_CHMOD fchmod mode=1
            FILE_CHMOD fchmodat mode=2
            FILE_CHMOD fchmodat2 mode=2
            FILE_CHOWN chown uid=1 gid=2
            FILE_CHOWN fchown uid=1 gid=2
            FILE_CHOWN lchown uid=1 gid=2
            FILE_CHOWN fchownat uid=2 gid=3
            FILE_XATTR setxattr
            FILE_XATTR lsetxattr
            FILE_XATTR fsetxattr
            FILE_XATTR setxattrat
            FILE_XATTR removexattr
            FILE_XATTR lremovexattr
            FILE_XATTR fremovexattr
            FILE_XATTR removexattrat
            FILE_TRUNCATE truncate
            FILE_TRUNCATE ftruncate
            MEMFD_CREATE memfd_create flags=1
            MEMFD_CREATE memfd_secret
            FD_DUPLICATE dup2 oldFd=0 newFd=1
            FD_DUPLICATE dup3 oldFd=0 newFd=1
            PROCESS_ACCESS ptrace
            PROCESS_ACCESS process_vm_readv
            PROCESS_ACCESS process_vm_writev
            PROCESS_ACCESS pidfd_getfd
            SIGNAL_SENT kill signal=1
            SIGNAL_SENT tkill signal=1
            SIGNAL_SENT tgkill signal=2
            SIGNAL_SENT pidfd_send_signal signal=1
            NETWORK_SOCKET socket family=0
            NETWORK_CONNECT connect fd=0 address.family=SADDR_FAM
            NETWORK_BIND bind fd=0 address.family=SADDR_FAM
            NETWORK_LISTEN listen fd=0
            NETWORK_ACCEPT accept
            NETWORK_ACCEPT accept4
            KERNEL_MODULE init_module
            KERNEL_MODULE finit_module
            KERNEL_MODULE delete_module
            BPF_COMMAND bpf command=0
            PERF_EVENT_OPEN perf_event_open
            KEYRING_CHANGE add_key
            KEYRING_CHANGE request_key
            KEYRING_CHANGE keyctl
            IO_URING_OPERATION io_uring_setup
            IO_URING_OPERATION io_uring_register
            KEXEC_LOAD kexec_load
            KEXEC_LOAD kexec_file_load
            PERSONALITY_CHANGE personality persona=0
            """;

    /**
     * A syscall that brings events of a kind.
     *
     * @param fields audit field of a component
     */
    record Entry(String syscall, Map<String, Integer> fields) {}

    private static final Map<EventKind, List<Entry>> ENTRIES = parse();

    private SyscallArguments() {}

    private static Map<EventKind, List<Entry>> parse() {
        Map<EventKind, List<Entry>> entries = new EnumMap<>(EventKind.class);
        for (String line : TABLE.lines().toList()) {
            String[] words = line.split(" ", -1);
            Map<String, Integer> fields = new java.util.HashMap<>();
            for (int i = 2; i < words.length; i++) {
                int equal = words[i].indexOf('=');
                String where = words[i].substring(equal + 1);
                fields.put(
                        words[i].substring(0, equal),
                        where.equals("SADDR_FAM")
                                ? AuditRule.FIELD_SADDR_FAM
                                : AuditRule.FIELD_ARG0 + Integer.parseInt(where));
            }
            entries.computeIfAbsent(EventKind.valueOf(words[0]), k -> new ArrayList<>())
                    .add(new Entry(words[1], Map.copyOf(fields)));
        }
        return entries;
    }

    /** The syscalls of a kind; empty when other records bring it. */
    static List<Entry> of(EventKind kind) {
        return ENTRIES.getOrDefault(kind, List.of());
    }
}
