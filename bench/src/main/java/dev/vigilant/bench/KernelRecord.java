// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.bench;

import dev.vigilant.source.Channel;
import dev.vigilant.source.FrameSink;
import dev.vigilant.syscall.SyscallTable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Puts a record together as the eBPF programs do: struct head of record.h and sections. One record at a time. */
final class KernelRecord {
    static final int FORK = 2;
    static final int EXEC = 3;
    static final int EXIT = 4;

    private static final int SYSCALL = 1;
    private static final int HEAD = 160;
    private static final int TEXT = 1;
    private static final int PATH = 2;
    private static final int FILE = 4;
    private static final int BYTES = 5;
    private static final int ARGV = 7;
    private static final int CGROUP = 8;
    private static final int CWD = 9;
    private static final int RETURNED = 255;

    private final ByteBuffer bytes = ByteBuffer.allocate(1 << 15).order(ByteOrder.nativeOrder());

    /** Begins a record of this kind, by this process. */
    KernelRecord begin(int kind, StreamProcess by) {
        Arrays.fill(bytes.array(), 0, HEAD, (byte) 0);
        bytes.clear().position(HEAD);
        bytes.putShort(8, (short) kind);
        bytes.putInt(24, by.pid()).putInt(28, by.pid()).putInt(32, by.parent()).putInt(36, 1);
        for (int at = 40; at < 72; at += 4) {
            bytes.putInt(at, by.uid());
        }
        bytes.putInt(72, -1);
        bytes.put(96, Arrays.copyOf(utf8(by.name()), 15));
        return this;
    }

    /** Begins a system call of this host's own architecture. */
    KernelRecord call(String name, StreamProcess by, long result, long... arguments) {
        begin(SYSCALL, by);
        bytes.putInt(
                12,
                SyscallTable.numbers(SyscallTable.hostArchitectures().get(0), name)
                        .get(0));
        return result(result).arguments(arguments);
    }

    KernelRecord result(long result) {
        bytes.putLong(16, result);
        return this;
    }

    KernelRecord arguments(long... arguments) {
        for (int i = 0; i < arguments.length; i++) {
            bytes.putLong(112 + 8 * i, arguments[i]);
        }
        return this;
    }

    KernelRecord path(int argument, String asked) {
        return section(PATH, argument, utf8(asked));
    }

    KernelRecord text(int argument, String text) {
        return section(TEXT, argument, utf8(text));
    }

    KernelRecord address(int argument, byte... sockaddr) {
        return section(BYTES, argument, sockaddr);
    }

    /** The file that the call returned, or that was executed. */
    KernelRecord file(long inode, String path) {
        byte[] name = utf8(path);
        ByteBuffer content = ByteBuffer.allocate(56 + name.length).order(ByteOrder.nativeOrder());
        content.putLong(inode).putInt(44).putInt(0100644).position(40);
        content.put(Arrays.copyOf(utf8("overlay"), 16)).put(name);
        return section(FILE, RETURNED, content.array());
    }

    /** What an exec tells beside its file. */
    KernelRecord program(String cgroup, String... argv) {
        section(ARGV, 0, utf8(String.join("\0", argv) + "\0"));
        section(CGROUP, 2, utf8(cgroup));
        return section(CWD, 0, utf8("/"));
    }

    private KernelRecord section(int tag, int argument, byte[] content) {
        bytes.putShort((short) tag).putShort((short) argument).putInt(content.length);
        bytes.put(content).position(bytes.position() + 7 & ~7);
        return this;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    void to(FrameSink sink, long timeNanos) {
        bytes.putLong(0, timeNanos);
        sink.frame(Channel.BPF, 0, bytes.array(), 0, bytes.position(), timeNanos);
    }
}
