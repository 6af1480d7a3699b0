// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.syscall;

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
import org.jspecify.annotations.Nullable;

/** Events of the syscalls that are about sockets, descriptors and the kernel itself. */
final class KernelEvents {
    private static final int SOCK_TYPE_MASK = 0xf;

    private KernelEvents() {}

    static @Nullable KernelEvent event(SyscallFacts v) {
        return switch (v.name()) {
            case "socket" ->
                new NetworkSocket(
                        v.context(), v.intArgument(0), v.intArgument(1) & SOCK_TYPE_MASK, v.intArgument(2), (int)
                                Math.max(-1, v.context().result()));
            case "connect" -> new NetworkConnect(v.context(), v.intArgument(0), v.address(1));
            case "bind" -> new NetworkBind(v.context(), v.intArgument(0), v.address(1));
            case "listen" -> new NetworkListen(v.context(), v.intArgument(0), v.intArgument(1));
            case "accept", "accept4" ->
                new NetworkAccept(v.context(), (int) Math.max(-1, v.context().result()), v.address(1));
            case "socketcall" -> socketcall(v);
            case "dup2", "dup3" -> new FdDuplicate(v.context(), v.intArgument(0), v.intArgument(1));
            case "init_module", "finit_module", "delete_module" ->
                new KernelModule(v.context(), v.name(), v.moduleName());
            case "bpf" -> new BpfCommand(v.context(), v.intArgument(0));
            case "perf_event_open" -> new PerfEventOpen(v.context(), v.intArgument(1));
            case "add_key", "request_key" -> new KeyringChange(v.context(), v.name(), -1);
            case "keyctl" -> new KeyringChange(v.context(), v.name(), v.argument(0));
            case "io_uring_setup", "io_uring_enter", "io_uring_register" -> new IoUringOperation(v.context(), v.name());
            case "kexec_load", "kexec_file_load" -> new KexecLoad(v.context(), v.name());
            default -> null;
        };
    }

    /** The old door of i386: the call's number, and its arguments in memory. */
    private static @Nullable KernelEvent socketcall(SyscallFacts v) {
        int first = (int) v.memory(1, 0, 4);
        int second = (int) v.memory(1, 1, 4);
        int third = (int) v.memory(1, 2, 4);
        int fd = (int) Math.max(-1, v.context().result());
        return switch (v.intArgument(0)) {
            case 1 -> new NetworkSocket(v.context(), first, second & SOCK_TYPE_MASK, third, fd);
            case 2 -> new NetworkBind(v.context(), first, v.address(1));
            case 3 -> new NetworkConnect(v.context(), first, v.address(1));
            case 4 -> new NetworkListen(v.context(), first, second);
            case 5, 18 -> new NetworkAccept(v.context(), fd, v.address(1));
            default -> null;
        };
    }
}
