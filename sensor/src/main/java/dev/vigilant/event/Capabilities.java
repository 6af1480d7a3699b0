// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.event;

import java.util.ArrayList;
import java.util.List;

/**
 * Capabilities of a process, in the user namespace that it is in.
 *
 * @param effective what the kernel goes by: bit set of CAP_* numbers
 * @param permitted what the process may make effective: bit set of CAP_* numbers
 */
public record Capabilities(long effective, long permitted) {
    /** By number, as linux/capability.h of 6.8 has them. */
    public static final List<String> NAMES = List.of(
            "CAP_CHOWN",
            "CAP_DAC_OVERRIDE",
            "CAP_DAC_READ_SEARCH",
            "CAP_FOWNER",
            "CAP_FSETID",
            "CAP_KILL",
            "CAP_SETGID",
            "CAP_SETUID",
            "CAP_SETPCAP",
            "CAP_LINUX_IMMUTABLE",
            "CAP_NET_BIND_SERVICE",
            "CAP_NET_BROADCAST",
            "CAP_NET_ADMIN",
            "CAP_NET_RAW",
            "CAP_IPC_LOCK",
            "CAP_IPC_OWNER",
            "CAP_SYS_MODULE",
            "CAP_SYS_RAWIO",
            "CAP_SYS_CHROOT",
            "CAP_SYS_PTRACE",
            "CAP_SYS_PACCT",
            "CAP_SYS_ADMIN",
            "CAP_SYS_BOOT",
            "CAP_SYS_NICE",
            "CAP_SYS_RESOURCE",
            "CAP_SYS_TIME",
            "CAP_SYS_TTY_CONFIG",
            "CAP_MKNOD",
            "CAP_LEASE",
            "CAP_AUDIT_WRITE",
            "CAP_AUDIT_CONTROL",
            "CAP_SETFCAP",
            "CAP_MAC_OVERRIDE",
            "CAP_MAC_ADMIN",
            "CAP_SYSLOG",
            "CAP_WAKE_ALARM",
            "CAP_BLOCK_SUSPEND",
            "CAP_AUDIT_READ",
            "CAP_PERFMON",
            "CAP_BPF",
            "CAP_CHECKPOINT_RESTORE");

    /** Names of the effective ones, by number; one without a name is its number. */
    @Derived
    public List<String> effectiveNames() {
        return names(effective);
    }

    /** Names of the permitted ones, by number; one without a name is its number. */
    @Derived
    public List<String> permittedNames() {
        return names(permitted);
    }

    private static List<String> names(long set) {
        List<String> names = new ArrayList<>(Long.bitCount(set));
        for (long rest = set; rest != 0; rest &= rest - 1) {
            int number = Long.numberOfTrailingZeros(rest);
            names.add(number < NAMES.size() ? NAMES.get(number) : Integer.toString(number));
        }
        return names;
    }
}
