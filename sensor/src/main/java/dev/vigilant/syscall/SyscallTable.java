// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.syscall;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Syscall numbers and names by architecture, up to Linux 6.18. Generated from the kernel's uapi headers; see the resources.
 */
public final class SyscallTable {
    /** AUDIT_ARCH_* of linux/audit.h. */
    public static final int X86_64 = 0xC000003E;

    public static final int I386 = 0x40000003;
    public static final int AARCH64 = 0xC00000B7;

    /** Marks an x32 syscall: x86-64 numbers, 32-bit pointers. */
    private static final int X32_BIT = 0x40000000;

    private static final NumberTable TABLE_X86_64 = new NumberTable(SyscallTable.class, "syscalls-x86_64.txt");
    private static final NumberTable TABLE_I386 = new NumberTable(SyscallTable.class, "syscalls-i386.txt");
    private static final NumberTable TABLE_AARCH64 = new NumberTable(SyscallTable.class, "syscalls-aarch64.txt");

    /** Errno numbers and their names. */
    public static final NumberTable ERRNO = new NumberTable(SyscallTable.class, "errno.txt");

    /** Opcodes of io_uring and their names. */
    public static final NumberTable URING = new NumberTable(SyscallTable.class, "io-uring-operations.txt");

    private SyscallTable() {}

    private static @Nullable NumberTable table(int arch) {
        return switch (arch) {
            case X86_64 -> TABLE_X86_64;
            case I386 -> TABLE_I386;
            case AARCH64 -> TABLE_AARCH64;
            default -> null;
        };
    }

    /** The syscall's name, or null when architecture or number are not known. */
    public static @Nullable String name(int arch, int number) {
        NumberTable table = table(arch);
        if (table == null) {
            return null;
        }
        boolean x32 = arch == X86_64 && (number & X32_BIT) != 0;
        return table.name(x32 ? number & ~X32_BIT : number);
    }

    /** All numbers under which an architecture knows a syscall, its 32 and 64-bit variants included. */
    public static List<Integer> numbers(int arch, String name) {
        List<Integer> numbers = new ArrayList<>();
        NumberTable table = table(arch);
        if (table != null) {
            for (String variant : List.of(name, name + "32", name + "64")) {
                int number = table.number(variant);
                if (number >= 0) {
                    numbers.add(number);
                }
            }
        }
        return numbers;
    }

    /** Whether the architecture has the same syscall with 32-bit ids beside this one with 16-bit ids. */
    public static boolean hasWiderVariant(int arch, int number) {
        NumberTable table = table(arch);
        String name = table == null ? null : table.name(number);
        return table != null && name != null && table.number(name + "32") >= 0;
    }

    /** The architectures whose syscalls programs of this host may use. */
    public static List<Integer> hostArchitectures() {
        return switch (System.getProperty("os.arch", "")) {
            case "amd64", "x86_64" -> List.of(X86_64, I386);
            case "aarch64" -> List.of(AARCH64);
            default -> List.of();
        };
    }

    /** The name that uname gives the architecture, or the number in hex. */
    public static String archName(int arch) {
        return switch (arch) {
            case X86_64 -> "x86_64";
            case I386 -> "i386";
            case AARCH64 -> "aarch64";
            default -> Integer.toHexString(arch);
        };
    }
}
