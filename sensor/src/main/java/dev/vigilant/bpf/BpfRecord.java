// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.bpf;

import dev.vigilant.source.TextCache;
import dev.vigilant.syscall.SyscallFacts;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One record of the ring buffers, looked at where it lies: struct head and sections of record.h.
 *
 * <pre>
 *   0 time_ns(8)
 *   8 kind(2) flags(2) nr(4)
 *  16 ret(8)
 *  24 tgid(4) tid(4)   32 ppid(4) session(4)
 *  40 uid gid euid suid fsuid egid sgid fsgid (4 each)
 *  72 auid(4) mnt_ns(4)   80 pid_ns(4) reserved(4)
 *  88 cgroup(8)
 *  96 comm[16]
 * 112 args[6]
 * 160 sections: tag(2) arg(2) length(4) bytes, padded to 8
 * </pre>
 *
 * <p>Threading: the sensor thread. Allocation: the texts that are asked for. Whatever the bytes are, nothing outside of the
 * record is read.
 */
final class BpfRecord {
    static final int HEAD = 160;
    static final int TIME = 0;

    /** In place of an argument: what the call returned. */
    static final int RETURNED = SyscallFacts.RETURNED;

    static final int FLAG_COMPAT = 1;
    static final int FLAG_X32 = 2;
    static final int FLAG_CUT = 4;
    static final int FLAG_INTERPRETED = 16;

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.nativeOrder());
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.nativeOrder());
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    /** Eight characters, the first one lowest. */
    private static final VarHandle TEXT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long LOW_BITS = 0x0101010101010101L;
    private static final int COMM = 96;
    private static final int COMM_LENGTH = 16;
    private static final int ARGUMENTS = 112;
    private static final int SECTION = 8;

    /** enum kind, by ordinal. */
    enum Kind {
        NONE,
        SYSCALL,
        FORK,
        EXEC,
        EXIT,
        CAPABILITY,
        URING,
        SIGNAL
    }

    /** enum tag, by ordinal. */
    enum Tag {
        NONE,
        TEXT,
        PATH,
        BASE,
        FILE,
        BYTES,
        SOCKET,
        ARGV,
        CGROUP,
        CWD,
        TTY,
        NAMESPACE,
        TASK,
        ENVIRONMENT,
        MOUNT
    }

    private static final Kind[] KINDS = Kind.values();

    private final TextCache texts = new TextCache();
    private byte[] buffer = new byte[HEAD];
    private int start;
    private int end = HEAD;

    /** Looks at a record; false when the bytes are none. */
    boolean at(byte[] bytes, int offset, int length) {
        if (length < HEAD) {
            return false;
        }
        buffer = bytes;
        start = offset;
        end = offset + length;
        return kind() != Kind.NONE;
    }

    Kind kind() {
        int kind = Short.toUnsignedInt((short) SHORT.get(buffer, start + 8));
        return kind < KINDS.length ? KINDS[kind] : Kind.NONE;
    }

    boolean has(int flag) {
        return ((short) SHORT.get(buffer, start + 10) & flag) != 0;
    }

    int number() {
        return integer(12);
    }

    long result() {
        return (long) LONG.get(buffer, start + 16);
    }

    int pid() {
        return integer(24);
    }

    int parentPid() {
        return integer(32);
    }

    /** An unsigned number of the head; -1 for all bits, which stands for none. */
    long id(int offset) {
        int value = integer(offset);
        return value == -1 ? -1 : Integer.toUnsignedLong(value);
    }

    private int integer(int offset) {
        return (int) INT.get(buffer, start + offset);
    }

    long argument(int index) {
        return index < 0 || index > 5 ? 0 : (long) LONG.get(buffer, start + ARGUMENTS + 8 * index);
    }

    String comm() {
        return text(start + COMM, COMM_LENGTH);
    }

    /** Where a section's bytes begin, or -1; {@link #length} has its length. */
    int find(Tag tag, int argument) {
        int at = start + HEAD;
        while (at + SECTION <= end) {
            int length = (int) INT.get(buffer, at + 4);
            boolean readable = length != -1;
            int size = readable ? length : 0;
            if (size < 0 || size > end - at - SECTION) {
                return -1;
            }
            if ((short) SHORT.get(buffer, at) == tag.ordinal()
                    && Short.toUnsignedInt((short) SHORT.get(buffer, at + 2)) == argument) {
                return readable ? at + SECTION : -1;
            }
            at += SECTION + (size + 7 & ~7);
        }
        return -1;
    }

    /** Length of the section whose bytes begin there. */
    int length(int section) {
        return (int) INT.get(buffer, section - 4);
    }

    /** Says that the section whose bytes begin there is shorter than it was. */
    void setLength(int section, int length) {
        INT.set(buffer, section - 4, length);
    }

    /** The text of a section; null when it is not there or could not be read. */
    @Nullable
    String text(Tag tag, int argument) {
        int at = find(tag, argument);
        return at < 0 ? null : texts.text(buffer, at, length(at));
    }

    /** The bytes of a section; empty when it is not there. */
    byte[] bytes(Tag tag, int argument) {
        int at = find(tag, argument);
        return at < 0 ? new byte[0] : Arrays.copyOfRange(buffer, at, at + length(at));
    }

    /** A number of 4 bytes within a section; 0 beyond its end. */
    int intAt(int section, int offset) {
        return offset + 4 > length(section) ? 0 : (int) INT.get(buffer, section + offset);
    }

    /** A number of 2 bytes within a section; 0 beyond its end. */
    int shortAt(int section, int offset) {
        return offset + 2 > length(section) ? 0 : Short.toUnsignedInt((short) SHORT.get(buffer, section + offset));
    }

    /** A number of 8 bytes within a section; 0 beyond its end. */
    long longAt(int section, int offset) {
        return offset + 8 > length(section) ? 0 : (long) LONG.get(buffer, section + offset);
    }

    /** Text within a section, up to a zero or its end. */
    String textAt(int section, int offset, int max) {
        int length = Math.min(max, length(section) - offset);
        return length <= 0 ? "" : text(section + offset, length);
    }

    /** A copy of bytes within a section. */
    byte[] bytesAt(int section, int offset, int length) {
        return offset + length > length(section)
                ? new byte[0]
                : Arrays.copyOfRange(buffer, section + offset, section + offset + length);
    }

    /** All of it, for forensics. */
    byte[] copy() {
        return Arrays.copyOfRange(buffer, start, end);
    }

    private String text(int at, int max) {
        return texts.text(buffer, at, length(at, max));
    }

    /** How many bytes there are before a zero, or before so many: eight at a time. */
    private int length(int at, int max) {
        int length = 0;
        for (; length <= max - Long.BYTES; length += Long.BYTES) {
            long word = (long) TEXT.get(buffer, at + length);
            long zeros = (word - LOW_BITS) & ~word & (LOW_BITS << 7);
            if (zeros != 0) {
                return length + (Long.numberOfTrailingZeros(zeros) >>> 3);
            }
        }
        while (length < max && buffer[at + length] != 0) {
            length++;
        }
        return length;
    }
}
