// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.bpf;

import dev.vigilant.syscall.SyscallTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What is taken along with a system call: which of its arguments are strings, paths, descriptors. From the calls' man pages.
 * A call that is not named here is told with its numbers alone.
 *
 * @param op enum fetch_op of control.h, by its ordinal
 * @param argument the argument
 * @param more what the operation needs beside it
 * @param flags the argument whose AT_SYMLINK_* decide whether a link as the last name of a path is followed
 */
record Fetch(Op op, int argument, int more, int flags) {
    /** In place of an argument: none. */
    static final int NONE = 255;

    /** The order is that of enum fetch_op. */
    enum Op {
        NONE,
        TEXT,
        PATH,
        FILE,
        NEW_FILE,
        ADDRESS,
        BYTES,
        SOCKET,
        NEW_SOCKET,
        NAMESPACE,
        TRACED,
        PEER_LENGTH,
        CALL_ADDRESS,
        NEW_ROOT,
        /** A path of which a link as the last name is not followed. */
        NAME,
        /** A path, without what is mounted there. */
        PLACE,
        /** The mount of a descriptor; of {@link #NONE}, of the one that was returned. */
        MOUNT,
        /** The mount that a descriptor of fsopen is to become. */
        CONTEXT;

        /** Whether it brings a file that rules can ask of. */
        boolean isFile() {
            return this == PATH || this == NAME || this == PLACE || this == FILE || this == NEW_FILE;
        }
    }

    /** Names of calls, then operations as {@code op:argument[:more[:flags]]}. The first file of a call is the one it is about. */
    private static final String TABLE = """
            open creat | new_file:0
            openat | new_file:1:0
            openat2 | new_file:1:0 bytes:2:3
            open_by_handle_at | new_file:7
            rename link | name:0 name:1
            renameat renameat2 | name:1:0 name:3:2
            linkat | name:1:0:4 name:3:2
            symlink | text:0 name:1
            symlinkat | text:0 name:2:1
            unlink rmdir mkdir mknod lchown | name:0
            chmod chown truncate | path:0
            chroot | new_root:0
            unlinkat mkdirat mknodat | name:1:0
            fchmodat | path:1:0
            fchmodat2 | path:1:0:3
            fchownat | path:1:0:4
            fchmod fchown ftruncate kexec_file_load | file:0
            setxattr removexattr | path:0 text:1
            lsetxattr lremovexattr | name:0 text:1
            fsetxattr fremovexattr | file:0 text:1
            setxattrat removexattrat | path:1:0:2 text:3
            mount | place:1 path:0 text:2
            umount umount2 | place:0
            pivot_root | path:0 path:1
            move_mount | place:3:2 path:1:0 mount:0
            open_tree open_tree_attr fspick mount_setattr | path:1:0
            fsopen memfd_create delete_module request_key | text:0
            fsconfig | context:0 text:2
            fsmount | mount:255 context:0
            setns | namespace:0
            clone3 | bytes:0:1
            capset | bytes:1:3
            ptrace | traced:0
            connect bind | address:1:2 socket:0
            accept accept4 | new_socket:0 peer_length:1:2
            socketcall | bytes:1:3 call_address:1
            init_module | text:2
            finit_module | file:0 text:1
            add_key | text:0 text:1
            execve | path:0
            execveat | path:1:0
            """;

    private static final Map<String, List<Fetch>> BY_CALL = parse();

    private static Map<String, List<Fetch>> parse() {
        Map<String, List<Fetch>> byCall = new HashMap<>();
        for (String line : TABLE.lines().toList()) {
            String[] sides = line.split(" \\| ", 2);
            List<Fetch> fetches = new ArrayList<>();
            for (String word : sides[1].split(" ", -1)) {
                String[] parts = word.split(":", -1);
                fetches.add(new Fetch(
                        Op.valueOf(parts[0].toUpperCase(Locale.ROOT)),
                        Integer.parseInt(parts[1]),
                        parts.length > 2 ? Integer.parseInt(parts[2]) : NONE,
                        parts.length > 3 ? Integer.parseInt(parts[3]) : NONE));
            }
            for (String call : sides[0].split(" ", -1)) {
                byCall.put(call, List.copyOf(fetches));
            }
        }
        return byCall;
    }

    /** What is taken along with a call of this number; its 32 and 64-bit variants are the same. */
    static List<Fetch> of(int arch, int number) {
        String name = SyscallTable.name(arch, number);
        if (name == null) {
            return List.of();
        }
        List<Fetch> fetches = BY_CALL.get(name);
        if (fetches == null && (name.endsWith("32") || name.endsWith("64"))) {
            fetches = BY_CALL.get(name.substring(0, name.length() - 2));
        }
        return fetches == null ? List.of() : fetches;
    }
}
