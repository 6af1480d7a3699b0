// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.bpf;

import dev.vigilant.bpf.Alternative.Ring;
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
    static final int MAX_ALTERNATIVES = 32;

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

    /** Where the kernel side takes a process to run, as bits. */
    static final int HOST = 1;

    static final int CONTAINER = 2;

    /**
     * What is wanted of one entry of the table.
     *
     * @param label kind of event under which loss is counted
     * @param host alternatives on the host
     * @param container alternatives in containers
     */
    record Plan(EventKind label, List<Fetch> fetches, List<Alternative> host, List<Alternative> container) {
        Plan {
            fetches = List.copyOf(fetches);
            host = List.copyOf(host);
            container = List.copyOf(container);
        }

        /** Where it is wanted. */
        int scope() {
            return (host.isEmpty() ? 0 : HOST) | (container.isEmpty() ? 0 : CONTAINER);
        }
    }

    /** What is wanted of an operation of io_uring. */
    record UringPlan(EventKind label, int scope) {}

    private final Components components = new Components();
    private final Map<Integer, EventKind> labels = new TreeMap<>();
    private final Map<Integer, List<Alternative>> ofHost = new TreeMap<>();
    private final Map<Integer, List<Alternative>> ofContainers = new TreeMap<>();
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
        Alternative alternative = new Alternative(
                asked,
                ring(interest),
                tests,
                types(file.types()),
                components.components(file.pathComponents()),
                components.spelled(file.rawPathComponents(), file.rawPathPrefixes()),
                components.fileSystems(file.fileSystems()),
                components.programs(interest.programs()));
        ofContainers.computeIfAbsent(index, i -> new ArrayList<>()).add(alternative);
        if ((scope(interest) & HOST) != 0) {
            ofHost.computeIfAbsent(index, i -> new ArrayList<>()).add(alternative);
        }
    }

    private static Ring ring(Interest interest) {
        if (!FLOOD.contains(interest.kind())) {
            return Ring.VITAL;
        }
        return interest.file().pathComponents().isEmpty() ? Ring.FLOOD : Ring.NAMED;
    }

    /** A service of the host with a mount namespace of its own is the host's, but the kernel side cannot tell. */
    private static int scope(Interest interest) {
        return interest.place() == Place.CONTAINER ? CONTAINER : HOST | CONTAINER;
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
        ofContainers.forEach((index, list) -> {
            int arch = index >= COMPAT ? SyscallTable.I386 : architectures.get(0);
            List<Fetch> fetches = index == SIGNAL || index == CAPABILITY
                    ? List.of()
                    : Fetch.of(arch, index >= COMPAT ? index - COMPAT : index);
            List<Alternative> host = simplified(ofHost.getOrDefault(index, List.of()));
            table.put(
                    index,
                    new Plan(labels.getOrDefault(index, EventKind.SYSTEM_CALL), fetches, host, simplified(list)));
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

    /** The two that lose least, made one. */
    private static List<Alternative> joined(List<Alternative> list) {
        int first = 0;
        int second = 1;
        int least = Integer.MAX_VALUE;
        for (int i = 0; i < list.size(); i++) {
            for (int j = i + 1; j < list.size(); j++) {
                Alternative both = list.get(i).widened(list.get(j));
                int lost = lost(list.get(i), both) + lost(list.get(j), both);
                if (lost < least) {
                    least = lost;
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

    /** How much less the wider one turns away: what is demanded weighs by how much of everyday work it excludes. */
    private static int lost(Alternative narrow, Alternative wide) {
        int points = 0;
        points += narrow.components() != 0 && wide.components() == 0 ? 32 : 0;
        points += narrow.spelled() != 0 && wide.spelled() == 0 ? 32 : 0;
        points += narrow.fileSystems() != 0 && wide.fileSystems() == 0 ? 32 : 0;
        points += narrow.types() != Alternative.ANY_TYPE && wide.types() == Alternative.ANY_TYPE ? 16 : 0;
        points += narrow.programs() != 0 && wide.programs() == 0 ? 16 : 0;
        points += 8 * (narrow.tests().size() - wide.tests().size());
        points += narrow.outcome() == wide.outcome() ? 0 : 1;
        points += narrow.ring() == wide.ring() ? 0 : 1;
        return isWithoutDemand(wide) && !isWithoutDemand(narrow) ? points + 100 : points;
    }

    private static boolean isWithoutDemand(Alternative a) {
        return a.components() == 0
                && a.spelled() == 0
                && a.fileSystems() == 0
                && a.programs() == 0
                && a.types() == Alternative.ANY_TYPE
                && a.tests().isEmpty();
    }
}
