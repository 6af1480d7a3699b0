// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.audit;

import dev.vigilant.event.EventKind;
import dev.vigilant.source.Interest;
import dev.vigilant.source.Interest.Comparison;
import dev.vigilant.source.Interest.Condition;
import dev.vigilant.syscall.SyscallArguments;
import dev.vigilant.syscall.SyscallArguments.ArgumentTest;
import dev.vigilant.syscall.SyscallTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Under which filters the syscalls of one architecture are recorded: for each syscall the alternatives, each of them fields
 * that must all hold. Alternatives that another one covers are dropped, bit tests that differ only in their bits become
 * one, and syscalls with the same filter share a rule, because the kernel tries the rules one by one.
 */
final class SyscallFilters {
    /** Bits of clone that make namespaces; a clone without them is a fork or a thread, which is not audit's to tell. */
    private static final long CLONE_NAMESPACES = 0x7E020000L;

    /** Calls of socketcall(2), through which old i386 programs do all that has to do with sockets. */
    private static final Map<String, Integer> SOCKET_CALLS =
            Map.of("socket", 1, "bind", 2, "connect", 3, "listen", 4, "accept", 5, "accept4", 18);

    private final int arch;
    private final Map<Integer, List<List<AuditRule.Field>>> wanted = new TreeMap<>();

    SyscallFilters(int arch) {
        this.arch = arch;
    }

    /** Lets through what the interest wants. */
    void add(Interest interest) {
        if (interest.kind() == EventKind.SYSTEM_CALL) {
            List<AuditRule.Field> fields = interest.conditions().stream()
                    .flatMap(condition -> SyscallArguments.bareTest(condition).stream())
                    .map(SyscallFilters::field)
                    .toList();
            for (String name : interest.syscalls()) {
                SyscallTable.numbers(arch, name).forEach(number -> add(number, fields));
            }
            return;
        }
        for (SyscallArguments.Entry entry : SyscallArguments.of(interest.kind())) {
            List<AuditRule.Field> fields = new ArrayList<>();
            for (Condition condition : interest.conditions()) {
                Optional<AuditRule.Field> field = entry.test(condition).map(SyscallFilters::field);
                field.filter(f -> !fields.contains(f)).ifPresent(fields::add);
            }
            if (entry.syscall().equals("clone") && fields.isEmpty()) {
                fields.add(new AuditRule.Field(AuditRule.FIELD_ARG0, AuditRule.ANY_BIT, (int) CLONE_NAMESPACES));
            }
            add(entry.syscall(), fields);
        }
    }

    private static AuditRule.Field field(ArgumentTest test) {
        int field = test.argument() == SyscallArguments.FAMILY
                ? AuditRule.FIELD_SADDR_FAM
                : AuditRule.FIELD_ARG0 + test.argument();
        return new AuditRule.Field(field, operator(test.comparison()), test.value());
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

    private void add(String syscall, List<AuditRule.Field> fields) {
        for (int number : SyscallTable.numbers(arch, syscall)) {
            // The 16-bit ids of old i386 calls leave the upper half of the argument undefined.
            boolean narrow = SyscallTable.hasWiderVariant(arch, number);
            add(number, narrow ? List.of() : fields);
        }
        Integer call = arch == SyscallTable.I386 ? SOCKET_CALLS.get(syscall) : null;
        if (call != null) {
            List<AuditRule.Field> behindCall = new ArrayList<>();
            behindCall.add(new AuditRule.Field(AuditRule.FIELD_ARG0, AuditRule.EQUAL, call));
            fields.stream().filter(f -> f.field() == AuditRule.FIELD_SADDR_FAM).forEach(behindCall::add);
            SyscallTable.numbers(arch, "socketcall").forEach(number -> add(number, behindCall));
        }
    }

    private void add(int syscall, List<AuditRule.Field> fields) {
        wanted.computeIfAbsent(syscall, s -> new ArrayList<>()).add(List.copyOf(fields));
    }

    /** The rules, each with as many syscalls as have its filter. */
    List<AuditRule> rules(String key) {
        Map<List<AuditRule.Field>, Set<Integer>> shared = new LinkedHashMap<>();
        wanted.forEach((syscall, alternatives) -> {
            for (List<AuditRule.Field> alternative : simplified(alternatives)) {
                shared.computeIfAbsent(alternative, f -> new TreeSet<>()).add(syscall);
            }
        });
        List<AuditRule> rules = new ArrayList<>();
        shared.forEach((fields, syscalls) -> {
            List<AuditRule.Field> all = new ArrayList<>();
            all.add(new AuditRule.Field(AuditRule.FIELD_ARCH, AuditRule.EQUAL, arch));
            all.addAll(fields);
            rules.add(AuditRule.always(syscalls, all, key));
        });
        return rules;
    }

    private static List<List<AuditRule.Field>> simplified(List<List<AuditRule.Field>> alternatives) {
        List<List<AuditRule.Field>> kept = new ArrayList<>();
        for (List<AuditRule.Field> alternative : alternatives) {
            add(alternative, kept);
        }
        return kept;
    }

    private static void add(List<AuditRule.Field> alternative, List<List<AuditRule.Field>> kept) {
        for (List<AuditRule.Field> other : kept) {
            if (covers(other, alternative)) {
                return;
            }
        }
        kept.removeIf(other -> covers(alternative, other));
        for (List<AuditRule.Field> other : kept) {
            Optional<List<AuditRule.Field>> both = united(other, alternative);
            if (both.isPresent()) {
                kept.remove(other);
                add(both.get(), kept);
                return;
            }
        }
        kept.add(alternative);
    }

    /** Whether all that fulfils the narrower also fulfils the wider. */
    private static boolean covers(List<AuditRule.Field> wider, List<AuditRule.Field> narrower) {
        return wider.stream().allMatch(w -> narrower.stream().anyMatch(n -> implies(n, w)));
    }

    private static boolean implies(AuditRule.Field narrow, AuditRule.Field wide) {
        return narrow.equals(wide)
                || (narrow.field() == wide.field()
                        && narrow.operator() == AuditRule.ANY_BIT
                        && wide.operator() == AuditRule.ANY_BIT
                        && (narrow.value() & ~wide.value()) == 0);
    }

    /** One list for both, when they differ in the bits of a single test. */
    private static Optional<List<AuditRule.Field>> united(List<AuditRule.Field> a, List<AuditRule.Field> b) {
        List<AuditRule.Field> onlyA = a.stream().filter(f -> !b.contains(f)).toList();
        List<AuditRule.Field> onlyB = b.stream().filter(f -> !a.contains(f)).toList();
        if (onlyA.size() != 1 || onlyB.size() != 1) {
            return Optional.empty();
        }
        AuditRule.Field x = onlyA.get(0);
        AuditRule.Field y = onlyB.get(0);
        if (x.field() != y.field() || x.operator() != AuditRule.ANY_BIT || y.operator() != AuditRule.ANY_BIT) {
            return Optional.empty();
        }
        List<AuditRule.Field> both = new ArrayList<>(a);
        both.set(a.indexOf(x), new AuditRule.Field(x.field(), AuditRule.ANY_BIT, x.value() | y.value()));
        return Optional.of(both);
    }
}
