// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.bpf;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The memory in which the programs are told what is wanted: struct control of control.h.
 *
 * <pre>
 *    0 own_tgid(4) host_mnt_ns(4)
 *    8 generation(4) reserved(4)
 *   16 tables[2], one of each generation
 * </pre>
 *
 * The tables of a generation, 2165904 bytes each:
 *
 * <pre>
 *    0 component_lengths(8)
 *    8 self_bits(8)
 *   16 wanted[1024]
 * 1040 uring_wanted[64] uring_labels[64]
 * 1168 component_bloom[8192]
 * 9360 candidates[2048]
 * 11408 plans[1024], 2104 bytes each:
 *        0 label(1) fetches(1) path(1) asks_program(1) alternatives[2] reserved(2)
 *        8 required[2], 8 bytes each
 *       24 fetch[8]: op(1) argument(1) more(1) flags(1)
 *       56 alternative[2][16], 64 bytes each:
 *            0 reserved(1) outcome(1) ring(1) conditions(1)
 *            4 condition[3]: argument(1) comparison(1) reserved(2) value(4)
 *           28 types(4)   32 components(8)   40 spelled(8)   48 file_systems(8)   56 programs(8)
 * </pre>
 *
 * <p>Programs go by the tables of the generation that was valid when their event began; the other ones may be written.
 */
final class ControlTables {
    static final int SIZE = 4_331_824;

    private static final VarHandle VALID = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());
    private static final int HOST_MOUNT_NAMESPACE = 4;
    private static final int GENERATION = 8;
    private static final int TABLES = 16;
    private static final int TABLES_SIZE = 2_165_904;
    private static final int COMPONENT_LENGTHS = 0;
    private static final int SELF_BITS = 8;
    private static final int WANTED = 16;
    private static final int URING_WANTED = 1040;
    private static final int URING_LABELS = 1104;
    private static final int URING_COUNT = 64;
    private static final int BLOOM = 1168;
    private static final int CANDIDATES = 9360;
    private static final int PLANS = 11_408;
    private static final int PLAN = 2104;
    private static final int COUNTS = 4;
    private static final int REQUIRED = 8;
    private static final int FETCHES = 24;
    private static final int MAX_FETCHES = 8;
    private static final int ALTERNATIVES = 56;
    private static final int ALTERNATIVE = 64;

    private final ByteBuffer memory;

    /** @param memory the programs' variables */
    ControlTables(ByteBuffer memory) {
        if (memory.capacity() < SIZE) {
            throw new IllegalArgumentException("the programs' variables have " + memory.capacity() + " bytes");
        }
        this.memory = memory;
    }

    /** Says who is not sensed, and whose mount namespace is the host's. */
    void identify(int ownPid, int hostMountNamespace) {
        memory.putInt(0, ownPid);
        memory.putInt(HOST_MOUNT_NAMESPACE, hostMountNamespace);
    }

    /** The generation that no program goes by, once those have ended that began with it. */
    int spare() {
        return memory.getInt(GENERATION) ^ 1;
    }

    /** The key of a component in the programs' map, where each generation has its own. */
    static long key(long hash, int generation) {
        return (hash & ~1L) | generation;
    }

    /** Makes the spare generation the valid one. Its components' bits must be in their map already. */
    void publish(Plans plans) {
        int generation = spare();
        write(TABLES + generation * TABLES_SIZE, plans);
        VALID.setRelease(memory, GENERATION, generation);
    }

    private void write(int at, Plans plans) {
        for (int i = at + BLOOM; i < at + PLANS; i += Long.BYTES) {
            memory.putLong(i, 0);
        }
        for (long hash : plans.components().bits().keySet()) {
            setBit(at + BLOOM, (int) (hash & 0xffff));
        }
        plans.components().candidates().forEach(bit -> setBit(at + CANDIDATES, bit));
        memory.putLong(at + COMPONENT_LENGTHS, plans.components().lengths());
        memory.putLong(at + SELF_BITS, plans.components().bitsOf("self"));
        Map<Integer, Plans.Plan> table = plans.table();
        for (int index = 0; index < Plans.COUNT; index++) {
            Plans.Plan plan = table.get(index);
            if (plan != null) {
                write(at + PLANS + index * PLAN, plan);
            }
            memory.put(at + WANTED + index, (byte) (plan == null ? 0 : plan.scope()));
        }
        for (int operation = 0; operation < URING_COUNT; operation++) {
            Plans.UringPlan plan = plans.uring().get(operation);
            memory.put(at + URING_LABELS + operation, (byte)
                    (plan == null ? 0 : plan.label().ordinal()));
            memory.put(at + URING_WANTED + operation, (byte) (plan == null ? 0 : plan.scope()));
        }
    }

    private void setBit(int at, int bit) {
        memory.put(at + bit / 8, (byte) (memory.get(at + bit / 8) | 1 << bit % 8));
    }

    private void write(int at, Plans.Plan plan) {
        List<Fetch> fetches = plan.fetches();
        int path = MAX_FETCHES;
        for (int i = 0; i < fetches.size(); i++) {
            Fetch fetch = fetches.get(i);
            int fetchAt = at + FETCHES + 4 * i;
            memory.put(fetchAt, (byte) fetch.op().ordinal());
            memory.put(fetchAt + 1, (byte) fetch.argument());
            memory.put(fetchAt + 2, (byte) fetch.more());
            memory.put(fetchAt + 3, (byte) fetch.flags());
            path = path == MAX_FETCHES && fetch.op().isFile() ? i : path;
        }
        write(at, 0, plan.host());
        write(at, 1, plan.container());
        memory.put(at, (byte) plan.label().ordinal());
        memory.put(at + 1, (byte) fetches.size());
        // Without a file to ask of, what is asked of it may hold: the fetch is none then.
        memory.put(at + 2, (byte) (path == MAX_FETCHES ? MAX_FETCHES - 1 : path));
        boolean asksProgram =
                Stream.concat(plan.host().stream(), plan.container().stream()).anyMatch(a -> a.programs() != 0);
        memory.put(at + 3, (byte) (asksProgram ? 1 : 0));
    }

    private void write(int at, int place, List<Alternative> alternatives) {
        for (int i = 0; i < alternatives.size(); i++) {
            write(at + ALTERNATIVES + ALTERNATIVE * (Plans.MAX_ALTERNATIVES * place + i), alternatives.get(i));
        }
        memory.put(at + COUNTS + place, (byte) alternatives.size());
        memory.putLong(at + REQUIRED + 8 * place, Plans.required(alternatives));
    }

    private void write(int at, Alternative alternative) {
        memory.put(at + 1, (byte) alternative.outcome());
        memory.put(at + 2, (byte) (alternative.ring().ordinal() + 1));
        memory.put(at + 3, (byte) alternative.tests().size());
        for (int i = 0; i < alternative.tests().size(); i++) {
            int testAt = at + 4 + 8 * i;
            memory.put(testAt, (byte) alternative.tests().get(i).argument());
            memory.put(
                    testAt + 1, (byte) alternative.tests().get(i).comparison().ordinal());
            memory.putInt(testAt + 4, alternative.tests().get(i).value());
        }
        memory.putInt(at + 28, alternative.types());
        memory.putLong(at + 32, alternative.components());
        memory.putLong(at + 40, alternative.spelled());
        memory.putLong(at + 48, alternative.fileSystems());
        memory.putLong(at + 56, alternative.programs());
    }
}
