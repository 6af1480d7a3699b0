// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.event;

/**
 * A process that entered or made namespaces by setns, unshare, clone or clone3.
 *
 * @param context when, who, and with what result
 * @param operation setns, unshare, clone or clone3
 * @param flags CLONE_NEW* bits asked for; 0 for setns means any type
 * @param fd the descriptor given to setns, -1 otherwise
 */
public record NamespaceChange(Context context, String operation, long flags, int fd) implements KernelEvent {
    @Override
    public EventKind kind() {
        return EventKind.NAMESPACE_CHANGE;
    }

    /** CLONE_NEWNS. */
    @Bits(component = "flags", mask = 0x00020000L)
    public boolean mount() {
        return (flags & 0x00020000L) != 0;
    }

    /** CLONE_NEWUSER. */
    @Bits(component = "flags", mask = 0x10000000L)
    public boolean userNamespace() {
        return (flags & 0x10000000L) != 0;
    }

    /** CLONE_NEWPID. */
    @Bits(component = "flags", mask = 0x20000000L)
    public boolean pid() {
        return (flags & 0x20000000L) != 0;
    }

    /** CLONE_NEWNET. */
    @Bits(component = "flags", mask = 0x40000000L)
    public boolean network() {
        return (flags & 0x40000000L) != 0;
    }

    /** Any CLONE_NEW* flag. */
    @Bits(component = "flags", mask = 0x7E020080L)
    public boolean anyNamespace() {
        return (flags & 0x7E020080L) != 0;
    }
}
