// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.bpf;

import dev.vigilant.bpf.BpfRecord.Kind;
import dev.vigilant.bpf.BpfRecord.Tag;
import dev.vigilant.event.Context;
import dev.vigilant.event.FileTarget;
import dev.vigilant.event.Outcome;
import dev.vigilant.event.SocketAddress;
import dev.vigilant.syscall.Sockaddr;
import dev.vigilant.syscall.SyscallFacts;
import org.jspecify.annotations.Nullable;

/** What a record tells of a system call, or of an operation of io_uring that does the same. */
final class RecordFacts implements SyscallFacts {
    private static final long MS_BIND_OR_MOVE = 0x3000;

    private final BpfRecord record;
    private final Context context;
    private final String name;

    RecordFacts(BpfRecord record, Context context, String name) {
        this.record = record;
        this.context = context;
        this.name = name;
    }

    @Override
    public Context context() {
        return context;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long argument(int index) {
        return record.argument(index);
    }

    @Override
    public FileTarget file(Role role, int path, int directory) {
        FileTarget open =
                role == Role.OPENED ? RecordFiles.open(record, BpfRecord.RETURNED, record.text(Tag.PATH, path)) : null;
        return open != null ? open : RecordFiles.named(record, path);
    }

    @Override
    public boolean created() {
        return (RecordFiles.flags(record, BpfRecord.RETURNED) & RecordFiles.CREATED) != 0;
    }

    @Override
    public @Nullable FileTarget mountPoint(int path, int directory) {
        return record.find(Tag.PATH, path) < 0 ? null : RecordFiles.named(record, path);
    }

    /** Only what is bound or moved is a path; a file system may call what it mounts anything. */
    @Override
    public @Nullable String mountSource(int path, int directory) {
        String raw = record.text(Tag.PATH, path);
        boolean isPath =
                raw != null && (raw.startsWith("/") || !name.equals("mount") || (argument(3) & MS_BIND_OR_MOVE) != 0);
        return isPath ? RecordFiles.named(record, path).path() : raw;
    }

    @Override
    public @Nullable Mounted mounted(int descriptor) {
        String type = record.text(Tag.MOUNT, descriptor);
        if (type == null || (name.equals("move_mount") && !"".equals(record.text(Tag.PATH, 1)))) {
            return null;
        }
        String path = RecordFiles.source(record, descriptor, context.outcome() == Outcome.FAILURE);
        return new Mounted(type, path == null ? record.text(Tag.TEXT, descriptor) : path);
    }

    @Override
    public @Nullable String text(int argument) {
        return record.text(Tag.TEXT, argument);
    }

    @Override
    public @Nullable String linkText() {
        return record.text(Tag.TEXT, 0);
    }

    @Override
    public long memory(int argument, int index, int size) {
        int at = record.find(Tag.BYTES, argument);
        if (at < 0) {
            // The kernel has copied struct open_how before io_uring's hook, and its first members stand for arguments.
            return record.kind() == Kind.URING && name.equals("openat2") ? record.argument(argument + index) : 0;
        }
        return size == 8 ? record.longAt(at, 8 * index) : record.intAt(at, 4 * index) & 0xffffffffL;
    }

    /** The address that the kernel's socket has, where it has one; else the one that the program gave. */
    @Override
    public SocketAddress address(int argument) {
        int peer = name.startsWith("accept") ? BpfRecord.RETURNED : name.equals("connect") ? 0 : -1;
        SocketAddress connected = peer < 0 ? null : Sockets.peer(record, peer);
        if (connected != null) {
            return connected;
        }
        byte[] given = record.bytes(Tag.BYTES, argument);
        return Sockaddr.of(given.length > 0 ? given : record.bytes(Tag.BYTES, BpfRecord.RETURNED));
    }

    @Override
    public @Nullable String moduleName() {
        FileTarget file = RecordFiles.open(record, 0, null);
        if (file == null) {
            return name.equals("delete_module") ? record.text(Tag.TEXT, 0) : null;
        }
        String module = file.name();
        int dot = module.indexOf(".ko");
        return dot < 0 ? module : module.substring(0, dot);
    }

    @Override
    public @Nullable Target target() {
        for (int argument = 0; argument < 2; argument++) {
            int at = record.find(Tag.TASK, argument);
            if (at >= 0) {
                return new Target(record.intAt(at, 0), record.textAt(at, 8, 16));
            }
        }
        return null;
    }

    /** Two structs of effective, permitted, inheritable: the lower and the upper halves (linux/capability.h). */
    @Override
    public long[] capabilitySets() {
        long[] sets = new long[3];
        for (int i = 0; i < sets.length; i++) {
            sets[i] = memory(1, i, 4) | memory(1, i + 3, 4) << 32;
        }
        return sets;
    }

    @Override
    public long @Nullable [] namespace(int argument) {
        int at = record.find(Tag.NAMESPACE, argument);
        return at < 0 ? null : new long[] {record.intAt(at, 0) & 0xffffffffL, record.intAt(at, 4) & 0xffffffffL};
    }
}
