// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.jna;

import com.sun.jna.LastErrorException;

/** Whether the kernel takes syscalls in a form that its audit rules do not match. */
public final class ForeignSyscalls {
    /** __X32_SYSCALL_BIT of asm/unistd.h, and getpid. */
    private static final long X32_GETPID = 0x40000000L | 39;

    private ForeignSyscalls() {}

    /**
     * Whether x32 programs run here: x86-64 with 32-bit pointers. Their syscall numbers lie beyond the bit mask of an audit
     * rule (kernel/auditsc.c, audit_in_mask).
     */
    public static boolean x32() {
        if (!System.getProperty("os.arch", "").equals("amd64")) {
            return false;
        }
        try {
            return Libc.syscall(X32_GETPID, 0, 0, 0, 0, 0) > 0;
        } catch (LastErrorException noSuchSyscall) {
            return false;
        }
    }
}
