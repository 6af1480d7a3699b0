// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.audit;

import dev.vigilant.event.EventKind;
import dev.vigilant.source.Interest;
import dev.vigilant.source.Interest.Comparison;
import dev.vigilant.source.Interest.Condition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

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

    /** Bits that make namespaces; a clone without them is a fork or a thread, which is not audit's to tell. */
    private static final long CLONE_NAMESPACES = 0x7E020000L;

    public AuditRules {
        rules = List.copyOf(rules);
        blindSpots = List.copyOf(blindSpots);
    }

    /**
     * Derives the rules.
     *
     * @param interests what the loaded rules want
     * @param ownPid the daemon, which is never recorded
     */
    public static AuditRules of(Collection<Interest> interests, int ownPid) {
        Map<String, Set<List<AuditRule.Field>>> filters = new LinkedHashMap<>();
        Set<String> blindSpots = new LinkedHashSet<>();
        for (Interest interest : interests) {
            add(interest, filters, blindSpots);
        }
        Map<List<AuditRule.Field>, Set<String>> syscalls = new LinkedHashMap<>();
        filters.forEach((syscall, alternatives) -> {
            boolean all = alternatives.contains(List.<AuditRule.Field>of());
            for (List<AuditRule.Field> alternative : all ? Set.of(List.<AuditRule.Field>of()) : alternatives) {
                syscalls.computeIfAbsent(alternative, f -> new TreeSet<>()).add(syscall);
            }
        });
        List<AuditRule> rules = new ArrayList<>();
        if (!syscalls.isEmpty()) {
            rules.add(AuditRule.never(List.of(new AuditRule.Field(AuditRule.FIELD_PID, AuditRule.EQUAL, ownPid)), KEY));
        }
        for (int arch : SyscallTable.hostArchitectures()) {
            syscalls.forEach((fields, names) -> addRule(arch, fields, names, rules));
        }
        return new AuditRules(rules, List.copyOf(blindSpots));
    }

    private static void add(
            Interest interest, Map<String, Set<List<AuditRule.Field>>> filters, Set<String> blindSpots) {
        if (interest.kind() == EventKind.SYSTEM_CALL) {
            for (String name : interest.syscalls()) {
                filters.computeIfAbsent(name, s -> new LinkedHashSet<>()).add(List.of());
            }
            if (interest.syscalls().isEmpty()) {
                blindSpots.add("SystemCall without a name: name the syscalls in the rule (name == \"userfaultfd\")");
            }
            return;
        }
        for (SyscallArguments.Entry entry : SyscallArguments.of(interest.kind())) {
            List<AuditRule.Field> fields = new ArrayList<>();
            for (Condition condition : interest.conditions()) {
                Integer field = entry.fields().get(condition.component());
                if (field != null && fits(condition.value())) {
                    fields.add(new AuditRule.Field(field, operator(condition.comparison()), (int) condition.value()));
                }
            }
            if (entry.syscall().equals("clone") && fields.isEmpty()) {
                fields.add(new AuditRule.Field(AuditRule.FIELD_ARG0, AuditRule.ANY_BIT, (int) CLONE_NAMESPACES));
            }
            filters.computeIfAbsent(entry.syscall(), s -> new LinkedHashSet<>()).add(List.copyOf(fields));
        }
        String blind = blindSpot(interest.kind());
        if (blind != null) {
            blindSpots.add(blind);
        }
    }

    private static @org.jspecify.annotations.Nullable String blindSpot(EventKind kind) {
        return switch (kind) {
            case NAMESPACE_CHANGE ->
                "namespaces made by clone3: its flags lie behind a pointer that audit cannot filter";
            case IO_URING_OPERATION -> "operations submitted to io_uring: audit tells only that a ring was made";
            case CAPABILITY_USE -> "use of capabilities: audit has no record of it";
            default -> null;
        };
    }

    private static void addRule(int arch, List<AuditRule.Field> fields, Set<String> names, List<AuditRule> rules) {
        Set<Integer> numbers = new TreeSet<>();
        for (String name : names) {
            numbers.addAll(SyscallTable.numbers(arch, name));
        }
        if (numbers.isEmpty()) {
            return;
        }
        List<AuditRule.Field> all = new ArrayList<>();
        all.add(new AuditRule.Field(AuditRule.FIELD_ARCH, AuditRule.EQUAL, arch));
        all.addAll(fields);
        rules.add(AuditRule.always(numbers, all, KEY));
    }

    private static boolean fits(long value) {
        return value == (int) value || value >>> 32 == 0;
    }

    private static int operator(Comparison comparison) {
        return switch (comparison) {
            case EQUAL -> AuditRule.EQUAL;
            case NOT_EQUAL -> AuditRule.NOT_EQUAL;
            case LESS -> AuditRule.LESS;
            case LESS_OR_EQUAL -> AuditRule.LESS_OR_EQUAL;
            case GREATER -> AuditRule.GREATER;
            case GREATER_OR_EQUAL -> AuditRule.GREATER_OR_EQUAL;
            case ANY_BIT -> AuditRule.ANY_BIT;
        };
    }
}
