// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.bpf;

import dev.vigilant.syscall.SyscallArguments.ArgumentTest;
import java.util.List;

/**
 * One way in which a rule may want a system call: struct alternative of control.h.
 *
 * @param outcome bits: success, failure
 * @param ring where its records go
 * @param tests all of them hold
 * @param types bits of S_IFMT that the file may have, all set for any
 * @param components bit of the path's components, 0 for any
 * @param spelled bit of the components of the path as asked for, 0 for any
 * @param fileSystems bit of the types of file systems, 0 for any
 * @param programs bit of the names of the process, 0 for any
 */
record Alternative(
        int outcome,
        Ring ring,
        List<ArgumentTest> tests,
        int types,
        long components,
        long spelled,
        long fileSystems,
        long programs) {
    /** The order is that of enum ring in record.h, whose first is none. */
    enum Ring {
        /** What everyday work does in great numbers. */
        FLOOD,
        /** The same of files that rules name: with the vital unless one process or many tell too much of it. */
        NAMED,
        /** What no flood may take the room of. */
        VITAL
    }

    static final int SUCCESS = 1;
    static final int FAILURE = 2;
    static final int ANY_TYPE = -1;

    /** The kernel looks at no more; fewer tests let more through. */
    private static final int MAX_TESTS = 3;

    Alternative {
        tests = List.copyOf(tests.subList(0, Math.min(tests.size(), MAX_TESTS)));
    }

    /** Whether all that passes the other passes this one, and to no worse ring. */
    boolean covers(Alternative other) {
        return ring.compareTo(other.ring) >= 0
                && (other.outcome & ~outcome) == 0
                && other.tests.containsAll(tests)
                && (other.types & ~types) == 0
                && (components == 0 || components == other.components)
                && (spelled == 0 || spelled == other.spelled)
                && (fileSystems == 0 || fileSystems == other.fileSystems)
                && (programs == 0 || programs == other.programs);
    }

    /** Whether {@link #widened} lets through nothing that neither does: they differ in one demand only, and both have it. */
    boolean isUnitedWith(Alternative other) {
        if (outcome != other.outcome || ring != other.ring || !tests.equals(other.tests)) {
            return false;
        }
        int differing = differ(types, other.types)
                + differ(components, other.components)
                + differ(spelled, other.spelled)
                + differ(fileSystems, other.fileSystems)
                + differ(programs, other.programs);
        return differing <= 1
                && (components == 0) == (other.components == 0)
                && (spelled == 0) == (other.spelled == 0)
                && (fileSystems == 0) == (other.fileSystems == 0)
                && (programs == 0) == (other.programs == 0);
    }

    private static int differ(long a, long b) {
        return a == b ? 0 : 1;
    }

    /** One that lets through what either does. */
    Alternative widened(Alternative other) {
        return new Alternative(
                outcome | other.outcome,
                ring.compareTo(other.ring) >= 0 ? ring : other.ring,
                tests.stream().filter(other.tests::contains).toList(),
                types | other.types,
                either(components, other.components),
                either(spelled, other.spelled),
                either(fileSystems, other.fileSystems),
                either(programs, other.programs));
    }

    /** 0 asks nothing; otherwise a bit of either will do. */
    private static long either(long a, long b) {
        return a == 0 || b == 0 ? 0 : a | b;
    }
}
