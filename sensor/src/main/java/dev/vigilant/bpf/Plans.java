// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.bpf;

import dev.vigilant.event.EventKind;
import dev.vigilant.source.Interest;
import dev.vigilant.source.Interest.Place;
import dev.vigilant.syscall.SyscallArguments;
import dev.vigilant.syscall.SyscallArguments.ArgumentTest;
import dev.vigilant.syscall.SyscallTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which system calls, signals, capabilities and operations of io_uring are sensed, derived from what the rules want. Never
 * narrower than the rules.
 */
final class Plans {
    /** Indexes of the kernel's table: 64-bit calls by number, 32-bit ones behind them, then what is no call. */
    static final int COUNT = 1024;

    static final int COMPAT = 512;
    static final int SIGNAL = 508;
    static final int CAPABILITY = 509;
    static final int MAX_ALTERNATIVES = 16;

    /** File types that rules may name, by their S_IFMT shifted to the right. */
    private static final Map<String, Integer> TYPES = Map.of(
            "fifo", 1,
            "character_device", 2,
            "directory", 4,
            "block_device", 6,
            "file", 8,
            "symlink", 10,
            "socket", 12);

    /** What everyday work does in great numbers. */
    private static final Set<EventKind> FLOOD = EnumSet.of(
            EventKind.FILE_OPEN,
            EventKind.FILE_RENAME,
            EventKind.FILE_LINK,
            EventKind.FILE_SYMLINK,
            EventKind.FILE_UNLINK,
            EventKind.FILE_MKDIR,
            EventKind.FILE_CHMOD,
            EventKind.FILE_CHOWN,
            EventKind.FILE_XATTR,
            EventKind.FILE_TRUNCATE,
            EventKind.FD_DUPLICATE,
            EventKind.NETWORK_SOCKET,
            EventKind.NETWORK_CONNECT,
            EventKind.NETWORK_BIND,
            EventKind.NETWORK_LISTEN,
            EventKind.NETWORK_ACCEPT,
            EventKind.PROCESS_EXEC,
            EventKind.SYSTEM_CALL);

    /** Operations of io_uring that do what a system call of the kind does: linux/io_uring.h. */
    private static final Map<EventKind, List<Integer>> URING = new EnumMap<>(Map.of(
            EventKind.FILE_OPEN, List.of(18, 28),
            EventKind.FILE_RENAME, List.of(35),
            EventKind.FILE_UNLINK, List.of(36),
            EventKind.FILE_MKDIR, List.of(37),
            EventKind.FILE_SYMLINK, List.of(38),
            EventKind.FILE_LINK, List.of(39),
            EventKind.NETWORK_SOCKET, List.of(45),
            EventKind.NETWORK_CONNECT, List.of(16)));

    /**
     * What is wanted of one entry of the table.
     *
     * @param label kind of event under which loss is counted
     */
    record Plan(EventKind label, List<Fetch> fetches, List<Alternative> alternatives) {
        Plan {
            fetches = List.copyOf(fetches);
            alternatives = List.copyOf(alternatives);
        }

        /** Components of which one has to be in the path, whatever else a rule asks; 0 when some ask for none. */
        long required(int scope) {
            long required = 0;
            for (Alternative alternative : alternatives) {
                if ((alternative.scope() & scope) != 0 && (alternative.outcome() & Alternative.SUCCESS) != 0) {
                    if (alternative.components() == 0) {
                        return 0;
                    }
                    required |= alternative.components();
                }
            }
            return required;
        }

        /** The scopes in which it is wanted, as bits. */
        int scope() {
            return alternatives.stream().mapToInt(Alternative::scope).reduce(0, (a, b) -> a | b);
        }
    }

    /** What is wanted of an operation of io_uring. */
    record UringPlan(EventKind label, int scope) {}

    private final Components components = new Components();
    private final Map<Integer, EventKind> labels = new TreeMap<>();
    private final Map<Integer, List<Alternative>> alternatives = new TreeMap<>();
    private final Map<Integer, UringPlan> uring = new TreeMap<>();
    private final List<Integer> architectures;

    private Plans(List<Integer> architectures) {
        this.architectures = architectures;
    }

    /** Plans for the architectures whose programs this host runs. */
    static Plans of(Collection<Interest> interests) {
        return of(interests, SyscallTable.hostArchitectures());
    }

    static Plans of(Collection<Interest> interests, List<Integer> architectures) {
        Plans plans = new Plans(architectures);
        // Attempts that failed; the others come from their own hook, always.
        plans.add(new Interest(EventKind.PROCESS_EXEC, List.of()));
        interests.forEach(plans::add);
        return plans;
    }

    private void add(Interest interest) {
        switch (interest.kind()) {
            case CAPABILITY_USE -> addSlot(CAPABILITY, interest, "capability", "granted");
            case SIGNAL_SENT -> {
                addSlot(SIGNAL, interest, "signal", "");
                addCalls(interest, Alternative.FAILURE);
            }
            case PROCESS_EXEC -> addCalls(interest, Alternative.FAILURE);
            case SYSTEM_CALL -> {
                List<ArgumentTest> tests = interest.conditions().stream()
                        .flatMap(condition -> SyscallArguments.bareTest(condition).stream())
                        .toList();
                interest.syscalls()
                        .forEach(name -> addCall(interest, name, tests, Alternative.SUCCESS | Alternative.FAILURE));
            }
            default -> addCalls(interest, Alternative.SUCCESS | Alternative.FAILURE);
        }
        for (int operation : URING.getOrDefault(interest.kind(), List.of())) {
            uring.merge(
                    operation,
                    new UringPlan(interest.kind(), scope(interest)),
                    (a, b) -> new UringPlan(a.label(), a.scope() | b.scope()));
        }
    }

    private void addCalls(Interest interest, int outcome) {
        for (SyscallArguments.Entry entry : SyscallArguments.of(interest.kind())) {
            if (!interest.syscalls().isEmpty() && !interest.syscalls().contains(entry.syscall())) {
                continue;
            }
            List<ArgumentTest> tests = interest.conditions().stream()
                    .flatMap(condition -> entry.test(condition).stream())
                    .filter(test -> test.argument() != SyscallArguments.FAMILY)
                    .distinct()
                    .toList();
            addCall(interest, entry.syscall(), tests, outcome);
        }
    }

    private void addCall(Interest interest, String name, List<ArgumentTest> tests, int outcome) {
        for (int arch : architectures) {
            for (int number : SyscallTable.numbers(arch, name)) {
                int index = arch == SyscallTable.I386 ? COMPAT + number : number;
                // The 16-bit ids of old i386 calls leave the upper half of the argument undefined.
                boolean narrow = SyscallTable.hasWiderVariant(arch, number);
                add(index, interest, narrow ? List.of() : tests, outcome);
            }
            if (arch == SyscallTable.I386 && interest.kind().name().startsWith("NETWORK_")) {
                SyscallTable.numbers(arch, "socketcall")
                        .forEach(number -> add(COMPAT + number, interest, List.of(), outcome));
            }
        }
    }

    /** What is no call: its numbers stand in the first two arguments. */
    private void addSlot(int slot, Interest interest, String first, String second) {
        List<ArgumentTest> tests = new ArrayList<>();
        for (Interest.Condition condition : interest.conditions()) {
            int argument = condition.component().equals(first)
                    ? 0
                    : condition.component().equals(second) ? 1 : -1;
            if (argument >= 0 && condition.value() >= 0 && condition.value() <= Integer.MAX_VALUE) {
                tests.add(new ArgumentTest(argument, condition.comparison(), (int) condition.value()));
            }
        }
        add(slot, interest, tests, Alternative.SUCCESS | Alternative.FAILURE);
    }

    private void add(int index, Interest interest, List<ArgumentTest> tests, int outcome) {
        Interest.FileDemand file = interest.file();
        int asked = interest.successful() ? outcome & Alternative.SUCCESS : outcome;
        if (asked == 0) {
            return;
        }
        labels.putIfAbsent(index, interest.kind());
        alternatives
                .computeIfAbsent(index, i -> new ArrayList<>())
                .add(new Alternative(
                        scope(interest),
                        asked,
                        !FLOOD.contains(interest.kind())
                                || !file.pathComponents().isEmpty(),
                        tests,
                        types(file.types()),
                        components.components(file.pathComponents()),
                        components.components(file.rawPathComponents()),
                        components.fileSystems(file.fileSystems())));
    }

    /** A service of the host with a mount namespace of its own is the host's, but the kernel side cannot tell. */
    private static int scope(Interest interest) {
        return interest.place() == Place.CONTAINER ? Alternative.CONTAINER : Alternative.HOST | Alternative.CONTAINER;
    }

    private static int types(Set<String> names) {
        int bits = 0;
        for (String name : names) {
            Integer type = TYPES.get(name);
            if (type == null) {
                return Alternative.ANY_TYPE;
            }
            bits |= 1 << type;
        }
        return names.isEmpty() ? Alternative.ANY_TYPE : bits;
    }

    /** What the rules ask of paths. */
    Components components() {
        return components;
    }

    /** The table's entries that are wanted, by index. */
    Map<Integer, Plan> table() {
        Map<Integer, Plan> table = new TreeMap<>();
        alternatives.forEach((index, list) -> {
            int arch = index >= COMPAT ? SyscallTable.I386 : architectures.get(0);
            List<Fetch> fetches = index == SIGNAL || index == CAPABILITY
                    ? List.of()
                    : Fetch.of(arch, index >= COMPAT ? index - COMPAT : index);
            table.put(index, new Plan(labels.getOrDefault(index, EventKind.SYSTEM_CALL), fetches, simplified(list)));
        });
        return table;
    }

    /** Wanted operations of io_uring, by opcode. */
    Map<Integer, UringPlan> uring() {
        return uring;
    }

    /** Without those that another one covers, and not more than the kernel looks at. */
    static List<Alternative> simplified(List<Alternative> list) {
        List<Alternative> kept = new ArrayList<>();
        for (Alternative alternative : list) {
            add(alternative, kept);
        }
        while (kept.size() > MAX_ALTERNATIVES) {
            kept = joined(kept);
        }
        return kept;
    }

    private static void add(Alternative alternative, List<Alternative> kept) {
        if (kept.stream().anyMatch(k -> k.covers(alternative))) {
            return;
        }
        kept.removeIf(alternative::covers);
        for (Alternative other : kept) {
            if (other.isUnitedWith(alternative)) {
                kept.remove(other);
                add(other.widened(alternative), kept);
                return;
            }
        }
        kept.add(alternative);
    }

    /** The two that are most alike, made one. */
    private static List<Alternative> joined(List<Alternative> list) {
        int first = 0;
        int second = 1;
        int best = -1;
        for (int i = 0; i < list.size(); i++) {
            for (int j = i + 1; j < list.size(); j++) {
                int likeness = likeness(list.get(i), list.get(j));
                if (likeness > best) {
                    best = likeness;
                    first = i;
                    second = j;
                }
            }
        }
        List<Alternative> result = new ArrayList<>(list);
        Alternative b = result.remove(second);
        Alternative a = result.remove(first);
        add(a.widened(b), result);
        return result;
    }

    /** How little is lost when the two become one: what they share weighs by how much it narrows. */
    private static int likeness(Alternative a, Alternative b) {
        int points = 0;
        points += (a.components() != 0) == (b.components() != 0) ? 16 : 0;
        points += (a.spelled() != 0) == (b.spelled() != 0) ? 8 : 0;
        points += (a.fileSystems() != 0) == (b.fileSystems() != 0) ? 8 : 0;
        points += (a.types() != -1) == (b.types() != -1) ? 8 : 0;
        points += a.tests().equals(b.tests()) ? 4 : 0;
        points += a.scope() == b.scope() ? 4 : 0;
        points += a.outcome() == b.outcome() ? 2 : 0;
        points += a.vital() == b.vital() ? 1 : 0;
        return points;
    }
}
