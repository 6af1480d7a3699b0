// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.event;

import org.jspecify.annotations.Nullable;

/**
 * Something that happened on the node, as the kernel told it. Every source gives the same kinds, so a rule never asks
 * where an event came from. Immutable but for the identity that {@link Context} is given once, by the enriching stage.
 */
public sealed interface KernelEvent
        permits ProcessFork,
                ProcessExit,
                ProcessRename,
                ProcessSnapshot,
                ContainerSnapshot,
                CredentialChange,
                CapabilitySet,
                CapabilityUse,
                NamespaceChange,
                MountChange,
                MemfdCreate,
                FdDuplicate,
                ProcessAccess,
                SignalSent,
                NetworkSocket,
                NetworkConnect,
                NetworkBind,
                NetworkListen,
                NetworkAccept,
                KernelModule,
                BpfCommand,
                PerfEventOpen,
                KeyringChange,
                IoUringOperation,
                KexecLoad,
                PersonalityChange,
                SeccompAction,
                LsmDenial,
                MacStatus,
                IntegrityViolation,
                NetfilterConfig,
                AuditConfig,
                UserRecord,
                SystemCall,
                AuditMessage,
                SensorHealth,
                ClockTick,
                FileEvent {
    /** When, who, and with what result. */
    Context context();

    /** The kind, for switches that must know all kinds. */
    EventKind kind();

    /** The process with its lineage; null before enrichment or without a process. */
    default @Nullable Process process() {
        return context().process();
    }

    /** How long ago the process was made, in nanoseconds, -1 when not known. */
    default long processAgeNanos() {
        Process process = process();
        return process == null || process.startNanos() == 0
                ? -1
                : Math.max(0, context().timeNanos() - process.startNanos());
    }

    /** The container of the process; null on the host. */
    default @Nullable Container container() {
        return context().container();
    }

    /** User and group ids of the process at the moment of the event. */
    default Credentials user() {
        return context().actor().credentials();
    }

    /** Whether what was asked for succeeded, if known: {@code success}, {@code failure} or {@code unknown}. */
    default String outcome() {
        return context().outcome().label();
    }

    /** Return value of the syscall; a negated errno on failure. */
    default long result() {
        return context().result();
    }

    /** Name of the syscall behind the event, null if none. */
    default @Nullable String syscall() {
        return context().syscall();
    }
}
