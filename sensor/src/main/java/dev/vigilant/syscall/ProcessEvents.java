// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.syscall;

import dev.vigilant.event.CapabilitySet;
import dev.vigilant.event.CredentialChange;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.event.MemfdCreate;
import dev.vigilant.event.NamespaceChange;
import dev.vigilant.event.PersonalityChange;
import dev.vigilant.event.ProcessAccess;
import dev.vigilant.event.ProcessFork;
import dev.vigilant.event.SignalSent;
import org.jspecify.annotations.Nullable;

/** Events of the syscalls that are about processes: fork, ids, capabilities, namespaces, signals. */
final class ProcessEvents {
    /** CLONE_NEW* of linux/sched.h. */
    private static final long CLONE_NAMESPACES = 0x7E020000L;

    /** A thread, and no process, is made. */
    private static final long CLONE_THREAD = 0x10000;

    private ProcessEvents() {}

    static @Nullable KernelEvent event(SyscallFacts v) {
        return switch (v.name()) {
            case "fork", "vfork" -> fork(v, 0);
            case "clone" -> cloned(v, v.argument(0));
            case "clone3" -> cloned(v, v.memory(0, 0, 8));
            case "setns" -> setns(v);
            case "unshare" -> new NamespaceChange(v.context(), v.name(), v.argument(0) & 0xffffffffL, -1);
            case "setuid", "setgid", "setfsuid", "setfsgid", "setuid32", "setgid32" ->
                new CredentialChange(v.context(), v.name(), v.intArgument(0));
            case "setreuid",
                    "setregid",
                    "setresuid",
                    "setresgid",
                    "setreuid32",
                    "setregid32",
                    "setresuid32",
                    "setresgid32" -> new CredentialChange(v.context(), v.name(), v.intArgument(1));
            case "setgroups", "setgroups32" -> new CredentialChange(v.context(), v.name(), -1);
            case "capset" -> capset(v);
            case "memfd_create" -> new MemfdCreate(v.context(), v.text(0), v.argument(1));
            case "memfd_secret" -> new MemfdCreate(v.context(), null, v.argument(0));
            case "personality" -> new PersonalityChange(v.context(), v.argument(0) & 0xffffffffL);
            default -> reach(v);
        };
    }

    private static @Nullable KernelEvent cloned(SyscallFacts v, long flags) {
        if ((flags & CLONE_NAMESPACES) != 0) {
            return new NamespaceChange(v.context(), v.name(), flags & 0xffffff00L, -1);
        }
        return (flags & CLONE_THREAD) != 0 ? null : fork(v, flags);
    }

    /** The type that the call asked for may be 0, any: then what the descriptor is says it. */
    private static NamespaceChange setns(SyscallFacts v) {
        long asked = v.argument(1) & 0xffffffffL;
        long[] namespace = v.namespace(0);
        return new NamespaceChange(
                v.context(), v.name(), asked == 0 && namespace != null ? namespace[0] : asked, v.intArgument(0));
    }

    private static @Nullable KernelEvent reach(SyscallFacts v) {
        return switch (v.name()) {
            case "ptrace" -> access(v, v.argument(0), v.intArgument(1));
            case "process_vm_readv", "process_vm_writev", "pidfd_getfd" -> access(v, 0, v.intArgument(0));
            case "kill", "tkill", "pidfd_send_signal" -> signal(v, v.intArgument(0), v.intArgument(1));
            case "tgkill" -> signal(v, v.intArgument(1), v.intArgument(2));
            default -> null;
        };
    }

    private static ProcessFork fork(SyscallFacts v, long flags) {
        return new ProcessFork(v.context(), (int) Math.max(0, v.context().result()), flags);
    }

    private static CapabilitySet capset(SyscallFacts v) {
        long[] sets = v.capabilitySets();
        return new CapabilitySet(v.context(), sets[0], sets[1], sets[2]);
    }

    private static ProcessAccess access(SyscallFacts v, long request, int pid) {
        SyscallFacts.Target target = v.target();
        return new ProcessAccess(v.context(), v.name(), request, pid, target == null ? null : target.name());
    }

    private static SignalSent signal(SyscallFacts v, int pid, int signal) {
        SyscallFacts.Target target = v.target();
        return target == null
                ? new SignalSent(v.context(), pid, signal, null)
                : new SignalSent(v.context(), target.pid(), signal, target.name());
    }
}
