// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.falco;

import dev.vigilant.syscall.SyscallTable;
import java.util.HashMap;
import java.util.Map;

/** Falco's names of the kernel's numbers; values of the headers of Linux 6.18. */
final class KernelNames {
    private static final int MAX_ERRNO = 133;

    /** O_DIRECTORY of asm-generic/fcntl.h. */
    static final long O_DIRECTORY = 0x10000;

    /** linux/socket.h. */
    static final Map<Long, String> FAMILIES = Map.ofEntries(
            Map.entry(0L, "AF_UNSPEC"),
            Map.entry(1L, "AF_UNIX"),
            Map.entry(2L, "AF_INET"),
            Map.entry(10L, "AF_INET6"),
            Map.entry(16L, "AF_NETLINK"),
            Map.entry(17L, "AF_PACKET"),
            Map.entry(15L, "AF_KEY"),
            Map.entry(29L, "AF_CAN"),
            Map.entry(30L, "AF_TIPC"),
            Map.entry(31L, "AF_BLUETOOTH"),
            Map.entry(38L, "AF_ALG"),
            Map.entry(40L, "AF_VSOCK"),
            Map.entry(44L, "AF_XDP"));

    /** linux/ptrace.h and asm/ptrace-abi.h of x86. */
    static final Map<Long, String> PTRACE = Map.ofEntries(
            Map.entry(0L, "PTRACE_TRACEME"),
            Map.entry(1L, "PTRACE_PEEKTEXT"),
            Map.entry(2L, "PTRACE_PEEKDATA"),
            Map.entry(3L, "PTRACE_PEEKUSR"),
            Map.entry(4L, "PTRACE_POKETEXT"),
            Map.entry(5L, "PTRACE_POKEDATA"),
            Map.entry(6L, "PTRACE_POKEUSR"),
            Map.entry(7L, "PTRACE_CONT"),
            Map.entry(8L, "PTRACE_KILL"),
            Map.entry(9L, "PTRACE_SINGLESTEP"),
            Map.entry(12L, "PTRACE_GETREGS"),
            Map.entry(13L, "PTRACE_SETREGS"),
            Map.entry(14L, "PTRACE_GETFPREGS"),
            Map.entry(15L, "PTRACE_SETFPREGS"),
            Map.entry(16L, "PTRACE_ATTACH"),
            Map.entry(17L, "PTRACE_DETACH"),
            Map.entry(24L, "PTRACE_SYSCALL"),
            Map.entry(0x4200L, "PTRACE_SETOPTIONS"),
            Map.entry(0x4201L, "PTRACE_GETEVENTMSG"),
            Map.entry(0x4202L, "PTRACE_GETSIGINFO"),
            Map.entry(0x4203L, "PTRACE_SETSIGINFO"),
            Map.entry(0x4204L, "PTRACE_GETREGSET"),
            Map.entry(0x4205L, "PTRACE_SETREGSET"),
            Map.entry(0x4206L, "PTRACE_SEIZE"),
            Map.entry(0x4207L, "PTRACE_INTERRUPT"),
            Map.entry(0x4208L, "PTRACE_LISTEN"));

    /** linux/bpf.h. */
    static final Map<Long, String> BPF = Map.ofEntries(
            Map.entry(0L, "BPF_MAP_CREATE"),
            Map.entry(1L, "BPF_MAP_LOOKUP_ELEM"),
            Map.entry(2L, "BPF_MAP_UPDATE_ELEM"),
            Map.entry(3L, "BPF_MAP_DELETE_ELEM"),
            Map.entry(4L, "BPF_MAP_GET_NEXT_KEY"),
            Map.entry(5L, "BPF_PROG_LOAD"),
            Map.entry(6L, "BPF_OBJ_PIN"),
            Map.entry(7L, "BPF_OBJ_GET"),
            Map.entry(8L, "BPF_PROG_ATTACH"),
            Map.entry(9L, "BPF_PROG_DETACH"),
            Map.entry(10L, "BPF_PROG_TEST_RUN"),
            Map.entry(17L, "BPF_RAW_TRACEPOINT_OPEN"),
            Map.entry(18L, "BPF_BTF_LOAD"),
            Map.entry(28L, "BPF_LINK_CREATE"));

    /** asm-generic/fcntl.h; what reads and writes is a number of two bits there, and two names for Falco. */
    static final Map<Long, String> OPEN_FLAGS = Map.of(
            0x40L,
            "O_CREAT",
            0x80L,
            "O_EXCL",
            0x200L,
            "O_TRUNC",
            0x400L,
            "O_APPEND",
            0x800L,
            "O_NONBLOCK",
            0x1000L,
            "O_DSYNC",
            0x4000L,
            "O_DIRECT",
            O_DIRECTORY,
            "O_DIRECTORY",
            0x80000L,
            "O_CLOEXEC");

    /** linux/stat.h. */
    static final Map<Long, String> MODES = Map.ofEntries(
            Map.entry(0x800L, "S_ISUID"),
            Map.entry(0x400L, "S_ISGID"),
            Map.entry(0x200L, "S_ISVTX"),
            Map.entry(0x100L, "S_IRUSR"),
            Map.entry(0x80L, "S_IWUSR"),
            Map.entry(0x40L, "S_IXUSR"),
            Map.entry(0x20L, "S_IRGRP"),
            Map.entry(0x10L, "S_IWGRP"),
            Map.entry(0x8L, "S_IXGRP"),
            Map.entry(0x4L, "S_IROTH"),
            Map.entry(0x2L, "S_IWOTH"),
            Map.entry(0x1L, "S_IXOTH"));

    /** linux/sched.h. */
    static final Map<Long, String> CLONE_FLAGS = Map.of(
            0x20000L, "CLONE_NEWNS",
            0x2000000L, "CLONE_NEWCGROUP",
            0x4000000L, "CLONE_NEWUTS",
            0x8000000L, "CLONE_NEWIPC",
            0x10000000L, "CLONE_NEWUSER",
            0x20000000L, "CLONE_NEWPID",
            0x40000000L, "CLONE_NEWNET");

    private KernelNames() {}

    /** Names of errors by the result of a call that failed. */
    static Map<Long, String> errors() {
        Map<Long, String> names = new HashMap<>();
        for (int number = 1; number <= MAX_ERRNO; number++) {
            String name = SyscallTable.ERRNO.name(number);
            if (name != null) {
                names.put((long) -number, name);
            }
        }
        return names;
    }
}
