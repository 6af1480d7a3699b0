// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.audit;

import dev.vigilant.event.EventKind;
import dev.vigilant.jna.ForeignSyscalls;
import dev.vigilant.source.Interest;
import dev.vigilant.syscall.SyscallTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The audit rules that bring what the loaded rules are interested in: as few as possible, as narrow as the kernel's filter
 * can be, never too narrow.
 *
 * @param rules in the order in which they are to be added
 * @param blindSpots what audit cannot give, a sentence each
 */
public record AuditRules(List<AuditRule> rules, List<String> blindSpots) {
    /** Marks a rule as ours, so that it can be recognised after a crash. */
    public static final String KEY = "vigilant";

    /** No rule: what audit tells without being asked. */
    public static final AuditRules NONE = new AuditRules(List.of(), List.of());

    public AuditRules {
        rules = List.copyOf(rules);
        blindSpots = List.copyOf(blindSpots);
    }

    /**
     * Derives the rules. Programs executed are always recorded: lineage needs them.
     *
     * @param interests what the loaded rules want
     * @param ownPid the daemon, which is never recorded
     */
    public static AuditRules of(Collection<Interest> interests, int ownPid) {
        AuditRules rules = of(interests, ownPid, SyscallTable.hostArchitectures());
        if (!ForeignSyscalls.x32()) {
            return rules;
        }
        List<String> blindSpots = new ArrayList<>(rules.blindSpots());
        blindSpots.add("x32 programs: their syscalls match no audit rule; boot with syscall.x32=n");
        return new AuditRules(rules.rules(), blindSpots);
    }

    static AuditRules of(Collection<Interest> interests, int ownPid, List<Integer> architectures) {
        List<AuditRule> rules = new ArrayList<>();
        for (int arch : architectures) {
            SyscallFilters filters = new SyscallFilters(arch);
            filters.add(new Interest(EventKind.PROCESS_EXEC, List.of()));
            interests.forEach(filters::add);
            rules.addAll(filters.rules(KEY));
        }
        if (!rules.isEmpty()) {
            rules.add(
                    0,
                    AuditRule.never(List.of(new AuditRule.Field(AuditRule.FIELD_PID, AuditRule.EQUAL, ownPid)), KEY));
        }
        Set<String> blindSpots = new LinkedHashSet<>();
        for (Interest interest : interests) {
            String blind = blindSpot(interest);
            if (blind != null) {
                blindSpots.add(blind);
            }
        }
        if (architectures.contains(SyscallTable.AARCH64)) {
            blindSpots.add("32-bit ARM programs: no rules are made for their syscalls");
        }
        return new AuditRules(rules, List.copyOf(blindSpots));
    }

    private static @Nullable String blindSpot(Interest interest) {
        return switch (interest.kind()) {
            case NAMESPACE_CHANGE ->
                "namespaces made by clone3: its flags lie behind a pointer that audit cannot filter";
            case IO_URING_OPERATION -> "operations submitted to io_uring: audit tells only that a ring was made";
            case CAPABILITY_USE -> "use of capabilities: audit has no record of it";
            case SYSTEM_CALL ->
                interest.syscalls().isEmpty()
                        ? "SystemCall without a name: name the syscalls in the rule (name == \"userfaultfd\")"
                        : null;
            default ->
                isReachedByRing(interest.kind())
                        ? "files and sockets that are reached through io_uring: audit tells only that a ring was made"
                        : null;
        };
    }

    private static boolean isReachedByRing(EventKind kind) {
        return switch (kind) {
            case FILE_OPEN,
                    FILE_RENAME,
                    FILE_LINK,
                    FILE_SYMLINK,
                    FILE_UNLINK,
                    FILE_MKDIR,
                    FILE_XATTR,
                    FILE_TRUNCATE,
                    NETWORK_SOCKET,
                    NETWORK_CONNECT,
                    NETWORK_BIND,
                    NETWORK_LISTEN,
                    NETWORK_ACCEPT -> true;
            default -> false;
        };
    }
}
