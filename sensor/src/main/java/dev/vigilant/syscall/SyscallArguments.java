// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.syscall;

import dev.vigilant.event.EventKind;
import dev.vigilant.source.Interest.Comparison;
import dev.vigilant.source.Interest.Condition;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which syscalls bring events of a kind, and in which argument a component of the event lies, so that a condition on the
 * component can become a filter on the argument in the kernel. A component that is not named lies behind a pointer or does not exist.
 *
 * <p>How much of the argument the component is decides what may be compared. The kernel side compares the lower 32 bits of
 * an argument as an unsigned number (kernel/auditfilter.c, audit_comparator; filter.h), the event holds what the syscall took from it:
 *
 * <pre>
 *  newFd=1    all 32 bits, negative values fail anyway: any comparison
 *  uid==1     all 32 bits, but -1 means something:       equality only
 *  mode&amp;1     some bits, the syscall ignores the rest:   bit tests only
 * </pre>
 */
public final class SyscallArguments {
    /** Kind, syscall, and components. From the syscalls' man pages. */
    private static final String TABLE = """
            PROCESS_EXEC execve
            PROCESS_EXEC execveat
            CREDENTIAL_CHANGE setuid targetId==0
            CREDENTIAL_CHANGE setgid targetId==0
            CREDENTIAL_CHANGE setreuid
            CREDENTIAL_CHANGE setregid
            CREDENTIAL_CHANGE setresuid
            CREDENTIAL_CHANGE setresgid
            CREDENTIAL_CHANGE setgroups
            CREDENTIAL_CHANGE setfsuid targetId==0
            CREDENTIAL_CHANGE setfsgid targetId==0
            CAPABILITY_SET capset
            NAMESPACE_CHANGE setns
            NAMESPACE_CHANGE unshare flags&0
            NAMESPACE_CHANGE clone flags&0
            MOUNT_CHANGE mount flags&3
            MOUNT_CHANGE umount2 flags&1
            MOUNT_CHANGE umount
            MOUNT_CHANGE pivot_root
            MOUNT_CHANGE open_tree
            MOUNT_CHANGE open_tree_attr
            MOUNT_CHANGE move_mount
            MOUNT_CHANGE fsopen
            MOUNT_CHANGE fspick
            MOUNT_CHANGE fsconfig
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
            FILE_MKDIR mkdir mode&1
            FILE_MKDIR mkdirat mode&2
            FILE_MKNOD mknod mode&1
            FILE_MKNOD mknodat mode&2
            FILE_CHMOD chmod mode&1
            FILE_CHMOD fchmod mode&1
            FILE_CHMOD fchmodat mode&2
            FILE_CHMOD fchmodat2 mode&2
            FILE_CHOWN chown uid==1 gid==2
            FILE_CHOWN fchown uid==1 gid==2
            FILE_CHOWN lchown uid==1 gid==2
            FILE_CHOWN fchownat uid==2 gid==3
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
            MEMFD_CREATE memfd_create flags&1
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
            NETWORK_CONNECT connect fd=0 address.family==SADDR_FAM
            NETWORK_BIND bind fd=0 address.family==SADDR_FAM
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

    private static final Pattern COMPONENT = Pattern.compile("([\\w.]+)(==|=|&)(\\w+)");

    /** The families that the kernel's filter knows (AF_MAX in Linux 6.18). */
    private static final int MAX_FAMILY = 45;

    /** In place of an argument's number: the family of the address that an argument points to. */
    public static final int FAMILY = -1;

    /**
     * Where a component lies.
     *
     * @param argument number of the argument, or {@link #FAMILY}
     * @param comparable what may be compared: {@code =}, {@code ==}, {@code &}, as in the table
     */
    record Place(int argument, String comparable) {}

    /**
     * A test of an argument: of its lower 32 bits, unsigned.
     *
     * @param argument number of the argument, or {@link #FAMILY}
     */
    public record ArgumentTest(int argument, Comparison comparison, int value) {}

    /**
     * A syscall that brings events of a kind.
     *
     * @param places where the components lie
     */
    public record Entry(String syscall, Map<String, Place> places) {
        public Entry {
            places = Map.copyOf(places);
        }

        /** The test that lets at least all through for which the condition holds; empty when there is none. */
        public Optional<ArgumentTest> test(Condition condition) {
            Place place = places.get(condition.component());
            return place != null && isExact(place, condition)
                    ? Optional.of(new ArgumentTest(place.argument(), condition.comparison(), (int) condition.value()))
                    : Optional.empty();
        }
    }

    private static final Map<EventKind, List<Entry>> ENTRIES = parse();

    private SyscallArguments() {}

    private static Map<EventKind, List<Entry>> parse() {
        Map<EventKind, List<Entry>> entries = new EnumMap<>(EventKind.class);
        for (String line : TABLE.lines().toList()) {
            String[] words = line.split(" ", -1);
            Map<String, Place> places = new HashMap<>();
            for (int i = 2; i < words.length; i++) {
                Matcher matcher = COMPONENT.matcher(words[i]);
                if (!matcher.matches()) {
                    throw new IllegalStateException("not a component and its place: " + words[i]);
                }
                String where = matcher.group(3);
                int argument = where.equals("SADDR_FAM") ? FAMILY : Integer.parseInt(where);
                places.put(matcher.group(1), new Place(argument, matcher.group(2)));
            }
            entries.computeIfAbsent(EventKind.valueOf(words[0]), k -> new ArrayList<>())
                    .add(new Entry(words[1], places));
        }
        return entries;
    }

    /** The syscalls of a kind; empty when other records bring it. */
    public static List<Entry> of(EventKind kind) {
        return ENTRIES.getOrDefault(kind, List.of());
    }

    /**
     * The test for a condition on {@code a0} to {@code a3} of a syscall that has no kind of its own; empty when there is none.
     * The event holds all 64 bits, so that only what the lower 32 alone can refute is tested.
     */
    public static Optional<ArgumentTest> bareTest(Condition condition) {
        int argument = List.of("a0", "a1", "a2", "a3").indexOf(condition.component());
        boolean exact = condition.comparison() == Comparison.EQUAL || condition.comparison() == Comparison.ANY_BIT;
        boolean unsigned = condition.value() > 0 && condition.value() <= 0xffffffffL;
        return argument >= 0 && exact && unsigned
                ? Optional.of(new ArgumentTest(argument, condition.comparison(), (int) condition.value()))
                : Optional.empty();
    }

    private static boolean isExact(Place place, Condition condition) {
        long value = condition.value();
        boolean unsigned = value >= 0 && value <= 0xffffffffL;
        boolean allowed = switch (condition.comparison()) {
            case ANY_BIT -> unsigned && value != 0 && !place.comparable().equals("==");
            case EQUAL, NOT_EQUAL ->
                (unsigned || value >= Integer.MIN_VALUE)
                        && value <= 0xffffffffL
                        && !place.comparable().equals("&");
            case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL ->
                unsigned && place.comparable().equals("=");
        };
        return allowed && (place.argument() != FAMILY || (value >= 0 && value <= MAX_FAMILY));
    }
}
