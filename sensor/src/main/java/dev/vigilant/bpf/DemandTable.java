// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.bpf;

import dev.vigilant.bpf.Alternative.Ring;
import dev.vigilant.syscall.SyscallArguments.ArgumentTest;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/**
 * The alternatives of a plan in one scope as the programs ask them: struct demands of control.h. For each fact it has those
 * that the fact leaves, bit {@code n} standing for alternative {@code n}.
 *
 * <pre>
 *    0 tests(4)
 *    4 outcomes[2], 4 bytes each: success, failure
 *   12 types[16], 4 bytes each
 *   76 rings[2], 4 bytes each: named, vital
 *   84 asks[4], 4 bytes each: components, spelled, file systems, programs
 *  100 of_file(4)
 *  104 any[4], 8 bytes each
 *  136 test[32]: argument(1) comparison(1) reserved(2) value(4) alternatives(4)
 *  520 alternative[32], 32 bytes each: asked[4], 8 bytes each
 * </pre>
 */
final class DemandTable {
    static final int SIZE = 1544;

    private static final int OUTCOMES = 4;
    private static final int TYPES = 12;
    private static final int TYPE_COUNT = 16;
    private static final int RINGS = 76;
    private static final int ASKS = 84;
    private static final int OF_FILE = 100;
    private static final int ANY = 104;
    private static final int TESTS = 136;
    private static final int TEST = 12;
    /** The kernel asks no more; without the others more is let through. */
    private static final int MAX_TESTS = 32;

    private static final int ALTERNATIVES = 520;
    private static final int ALTERNATIVE = 32;
    private static final List<ToLongFunction<Alternative>> ASKED =
            List.of(Alternative::components, Alternative::spelled, Alternative::fileSystems, Alternative::programs);

    private DemandTable() {}

    /** Writes the alternatives over what was there, at an offset of the memory. */
    static void write(ByteBuffer memory, int at, List<Alternative> alternatives) {
        memory.putInt(at + OUTCOMES, which(alternatives, a -> (a.outcome() & Alternative.SUCCESS) != 0));
        memory.putInt(at + OUTCOMES + 4, which(alternatives, a -> (a.outcome() & Alternative.FAILURE) != 0));
        for (int i = 0; i < TYPE_COUNT; i++) {
            int type = 1 << i;
            memory.putInt(at + TYPES + 4 * i, which(alternatives, a -> (a.types() & type) != 0));
        }
        memory.putInt(at + RINGS, which(alternatives, a -> a.ring() != Ring.FLOOD));
        memory.putInt(at + RINGS + 4, which(alternatives, a -> a.ring() == Ring.VITAL));
        memory.putInt(at + OF_FILE, which(alternatives, DemandTable::asksOfFile));
        for (int i = 0; i < ASKED.size(); i++) {
            writeAsked(memory, at, i, alternatives);
        }
        writeTests(memory, at, alternatives);
    }

    private static boolean asksOfFile(Alternative a) {
        return a.types() != Alternative.ANY_TYPE || a.components() != 0 || a.spelled() != 0 || a.fileSystems() != 0;
    }

    private static void writeAsked(ByteBuffer memory, int at, int demand, List<Alternative> alternatives) {
        ToLongFunction<Alternative> asked = ASKED.get(demand);
        memory.putInt(at + ASKS + 4 * demand, which(alternatives, a -> asked.applyAsLong(a) != 0));
        long any = 0;
        for (int i = 0; i < alternatives.size(); i++) {
            long bits = asked.applyAsLong(alternatives.get(i));
            memory.putLong(at + ALTERNATIVES + ALTERNATIVE * i + 8 * demand, bits);
            any |= bits;
        }
        memory.putLong(at + ANY + 8 * demand, any);
    }

    private static void writeTests(ByteBuffer memory, int at, List<Alternative> alternatives) {
        Map<ArgumentTest, Integer> tests = new LinkedHashMap<>();
        for (int i = 0; i < alternatives.size(); i++) {
            for (ArgumentTest test : alternatives.get(i).tests()) {
                tests.merge(test, 1 << i, (a, b) -> a | b);
            }
        }
        int count = 0;
        for (Map.Entry<ArgumentTest, Integer> test : tests.entrySet()) {
            if (count == MAX_TESTS) {
                break;
            }
            int testAt = at + TESTS + TEST * count;
            memory.put(testAt, (byte) test.getKey().argument());
            memory.put(testAt + 1, (byte) test.getKey().comparison().ordinal());
            memory.putInt(testAt + 4, test.getKey().value());
            memory.putInt(testAt + 8, test.getValue());
            count++;
        }
        memory.putInt(at, count);
    }

    private static int which(List<Alternative> alternatives, Predicate<Alternative> predicate) {
        int bits = 0;
        for (int i = 0; i < alternatives.size(); i++) {
            bits |= predicate.test(alternatives.get(i)) ? 1 << i : 0;
        }
        return bits;
    }
}
