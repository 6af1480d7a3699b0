// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vigilant.bpf.BpfRecord.Kind;
import dev.vigilant.bpf.BpfRecord.Tag;
import dev.vigilant.counter.Counters;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.source.Channel;
import dev.vigilant.syscall.SyscallTable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A record put together as the programs do it: struct head of record.h, then sections. */
final class MadeRecord {
    static final int PID = 200;
    static final int PARENT = 100;
    static final long TIME = 1_000_000;

    private static final int MAX = 1 << 15;
    private static final int HEAD = 160;

    private final ByteBuffer bytes = ByteBuffer.allocate(MAX).order(ByteOrder.nativeOrder());

    private MadeRecord(Kind kind) {
        bytes.putLong(0, 77).putShort(8, (short) kind.ordinal());
        bytes.putInt(24, PID).putInt(28, PID).putInt(32, PARENT).putInt(36, 3);
        bytes.putInt(40, 1).putInt(44, 2).putInt(48, 3).putInt(52, 4);
        bytes.putInt(56, 5).putInt(60, 6).putInt(64, 7).putInt(68, 8).putInt(72, -1);
        bytes.position(HEAD);
        comm("sh");
    }

    static MadeRecord of(Kind kind) {
        return new MadeRecord(kind);
    }

    /** A system call of this host's own architecture. */
    static MadeRecord call(String name, long... arguments) {
        return call(SyscallTable.hostArchitectures().get(0), name, arguments);
    }

    static MadeRecord call(int arch, String name, long... arguments) {
        return of(Kind.SYSCALL)
                .number(SyscallTable.numbers(arch, name).get(0))
                .flags(arch == SyscallTable.I386 ? BpfRecord.FLAG_COMPAT : 0)
                .arguments(arguments);
    }

    MadeRecord number(int number) {
        bytes.putInt(12, number);
        return this;
    }

    MadeRecord flags(int flags) {
        bytes.putShort(10, (short) flags);
        return this;
    }

    MadeRecord result(long result) {
        bytes.putLong(16, result);
        return this;
    }

    MadeRecord comm(String comm) {
        bytes.put(96, Arrays.copyOf(comm.getBytes(StandardCharsets.UTF_8), 16));
        return this;
    }

    MadeRecord arguments(long... arguments) {
        for (int i = 0; i < arguments.length; i++) {
            bytes.putLong(112 + 8 * i, arguments[i]);
        }
        return this;
    }

    MadeRecord section(Tag tag, int argument, byte[] content) {
        bytes.putShort((short) tag.ordinal()).putShort((short) argument).putInt(content.length);
        bytes.put(content);
        while (bytes.position() % 8 != 0) {
            // The reader makes nothing of what stands in the padding.
            bytes.put((byte) 'x');
        }
        return this;
    }

    MadeRecord text(Tag tag, int argument, String text) {
        return section(tag, argument, text.getBytes(StandardCharsets.UTF_8));
    }

    /** A text that could not be read. */
    MadeRecord unreadable(Tag tag, int argument) {
        bytes.putShort((short) tag.ordinal()).putShort((short) argument).putInt(-1);
        return this;
    }

    MadeRecord numbers(Tag tag, int argument, int... numbers) {
        ByteBuffer content = ByteBuffer.allocate(4 * numbers.length).order(ByteOrder.nativeOrder());
        for (int number : numbers) {
            content.putInt(number);
        }
        return section(tag, argument, content.array());
    }

    /** Inode 17 on device 8:1, mode 0640, owner 9:42. */
    MadeRecord file(int argument, int flags, String fileSystem, String path) {
        return file(argument, flags, fileSystem, path.getBytes(StandardCharsets.UTF_8));
    }

    MadeRecord file(int argument, int flags, String fileSystem, byte[] path) {
        ByteBuffer content = ByteBuffer.allocate(56 + path.length).order(ByteOrder.nativeOrder());
        content.putLong(17).putInt(8 << 20 | 1).putInt(0100640).putInt(9).putInt(42);
        content.putInt(0).putInt(flags).putInt(5).putInt(0);
        content.put(Arrays.copyOf(fileSystem.getBytes(StandardCharsets.UTF_8), 16))
                .put(path);
        return section(Tag.FILE, argument, content.array());
    }

    /** @param port of the peer */
    MadeRecord socket(int argument, int family, int port, int... peer) {
        ByteBuffer content = ByteBuffer.allocate(48).order(ByteOrder.nativeOrder());
        content.putShort((short) family).putShort((short) 1).putShort((short) 0);
        content.put((byte) (port >> 8)).put((byte) port);
        for (int i = 0; i < peer.length; i++) {
            content.put(32 + i, (byte) peer[i]);
        }
        return section(Tag.SOCKET, argument, content.array());
    }

    MadeRecord task(int argument, int pid, String comm) {
        ByteBuffer content = ByteBuffer.allocate(24).order(ByteOrder.nativeOrder());
        content.putInt(pid).putInt(0).put(comm.getBytes(StandardCharsets.UTF_8));
        return section(Tag.TASK, argument, content.array());
    }

    byte[] bytes() {
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    List<KernelEvent> events(Counters counters) {
        List<KernelEvent> events = new ArrayList<>();
        byte[] record = bytes();
        new RecordDecoder(events::add, counters, true).frame(Channel.BPF, 0, record, 0, record.length, TIME);
        return events;
    }

    /** The one event that the record is. */
    <T extends KernelEvent> T event(Class<T> type) {
        List<KernelEvent> events = events(new Counters());
        assertThat(events).hasSize(1);
        assertThat(events.get(0)).isInstanceOf(type);
        return type.cast(events.get(0));
    }
}
