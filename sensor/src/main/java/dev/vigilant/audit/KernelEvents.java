// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.audit;

import dev.vigilant.event.BpfCommand;
import dev.vigilant.event.FdDuplicate;
import dev.vigilant.event.IoUringOperation;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.event.KernelModule;
import dev.vigilant.event.KexecLoad;
import dev.vigilant.event.KeyringChange;
import dev.vigilant.event.NetworkAccept;
import dev.vigilant.event.NetworkBind;
import dev.vigilant.event.NetworkConnect;
import dev.vigilant.event.NetworkListen;
import dev.vigilant.event.NetworkSocket;
import dev.vigilant.event.PerfEventOpen;
import dev.vigilant.event.SocketAddress;
import dev.vigilant.syscall.Sockaddr;
import org.jspecify.annotations.Nullable;

/** Events of the syscalls that are about sockets, descriptors and the kernel itself. */
final class KernelEvents {
    private static final int SOCK_TYPE_MASK = 0xf;

    private KernelEvents() {}

    static @Nullable KernelEvent event(SyscallView v) {
        return switch (v.name()) {
            case "socket" ->
                new NetworkSocket(
                        v.context(), v.intArgument(0), v.intArgument(1) & SOCK_TYPE_MASK, v.intArgument(2), (int)
                                Math.max(-1, v.context().result()));
            case "connect" -> new NetworkConnect(v.context(), v.intArgument(0), address(v));
            case "bind" -> new NetworkBind(v.context(), v.intArgument(0), address(v));
            case "listen" -> new NetworkListen(v.context(), v.intArgument(0), v.intArgument(1));
            case "accept", "accept4" ->
                new NetworkAccept(v.context(), (int) Math.max(-1, v.context().result()), address(v));
            case "socketcall" -> socketcall(v);
            case "dup2", "dup3" -> new FdDuplicate(v.context(), v.intArgument(0), v.intArgument(1));
            case "init_module", "finit_module", "delete_module" ->
                new KernelModule(v.context(), v.name(), moduleName(v));
            case "bpf" -> new BpfCommand(v.context(), v.intArgument(0));
            case "perf_event_open" -> new PerfEventOpen(v.context(), v.intArgument(1));
            case "add_key", "request_key" -> new KeyringChange(v.context(), v.name(), -1);
            case "keyctl" -> new KeyringChange(v.context(), v.name(), v.argument(0));
            case "io_uring_setup", "io_uring_enter", "io_uring_register" -> new IoUringOperation(v.context(), v.name());
            case "kexec_load", "kexec_file_load" -> new KexecLoad(v.context(), v.name());
            default -> null;
        };
    }

    private static SocketAddress address(SyscallView v) {
        Fields record = v.record(RecordType.SOCKADDR);
        return Sockaddr.of(record == null ? new byte[0] : record.hexBytes("saddr"));
    }

    private static @Nullable String moduleName(SyscallView v) {
        Fields record = v.record(RecordType.KERN_MODULE);
        return record == null ? null : record.text("name");
    }

    /** The old door of i386: the call's number, and its arguments in a record of their own. */
    private static @Nullable KernelEvent socketcall(SyscallView v) {
        Fields record = v.record(RecordType.SOCKETCALL);
        int first = record == null ? -1 : (int) record.number("a0", 16, -1);
        int second = record == null ? 0 : (int) record.number("a1", 16, 0);
        int third = record == null ? 0 : (int) record.number("a2", 16, 0);
        int fd = (int) Math.max(-1, v.context().result());
        return switch (v.intArgument(0)) {
            case 1 -> new NetworkSocket(v.context(), first, second & SOCK_TYPE_MASK, third, fd);
            case 2 -> new NetworkBind(v.context(), first, address(v));
            case 3 -> new NetworkConnect(v.context(), first, address(v));
            case 4 -> new NetworkListen(v.context(), first, second);
            case 5, 18 -> new NetworkAccept(v.context(), fd, address(v));
            default -> null;
        };
    }
}
