// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.bpf;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * The memory in which the programs are told what is wanted: struct control of control.h.
 *
 * <pre>
 *    0 own_tgid(4) host_mnt_ns(4)
 *    8 generation(4) unwaking(4)
 *   16 tables[2], one of each generation
 * 6437152 key_candidates[2048]
 * </pre>
 *
 * The tables of a generation, 3218568 bytes each:
 *
 * <pre>
 *    0 self_bits(8)
 *    8 wanted[1024]
 * 1032 uring_wanted[64] uring_labels[64]
 * 1160 candidates[2048]
 * 3208 spelled_candidates[2048]
 * 5256 name_candidates[2048]
 * 7304 spelled_beginnings[8192]
 * 15496 plans[1024], 3128 bytes each:
 *        0 label(1) fetches(1) path(1) reserved(5)
 *        8 fetch[8]: op(1) argument(1) more(1) flags(1)
 *       40 demands[2]: {@link DemandTable}
 * </pre>
 *
 * <p>Programs go by the tables of the generation that was valid when their event began; the other ones may be written.
 */
final class ControlTables {
    static final int SIZE = 6_439_200;

    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());
    private static final int HOST_MOUNT_NAMESPACE = 4;
    private static final int GENERATION = 8;
    private static final int UNWAKING = 12;
    private static final int TABLES = 16;
    private static final int TABLES_SIZE = 3_218_568;
    private static final int KEY_CANDIDATES = 6_437_152;
    private static final int KEY_CANDIDATES_SIZE = 2048;
    private static final int SELF_BITS = 0;
    private static final int WANTED = 8;
    private static final int URING_WANTED = 1032;
    private static final int URING_LABELS = 1096;
    private static final int URING_COUNT = 64;
    private static final int CANDIDATES = 1160;
    private static final int SPELLED_CANDIDATES = 3208;
    private static final int NAME_CANDIDATES = 5256;
    private static final int SPELLED_BEGINNINGS = 7304;
    private static final int PLANS = 15_496;
    private static final int PLAN = 3128;
    private static final int FETCHES = 8;
    private static final int MAX_FETCHES = 8;
    private static final int DEMANDS = 40;

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

    /** Says whether the reader needs no waking; a program that looked just before goes by what was said before. */
    void unwaking(boolean is) {
        INT.setRelease(memory, UNWAKING, is ? 1 : 0);
    }

    /**
     * Says of which variables of the environment more than the first bytes is worth a look. Those that were and still are, are
     * all the time.
     */
    void environmentKeys(Collection<byte[]> keys) {
        BitSet bits = new BitSet(KEY_CANDIDATES_SIZE * Byte.SIZE);
        keys.forEach(key -> bits.set(Components.nameCandidate(key)));
        byte[] bytes = Arrays.copyOf(bits.toByteArray(), KEY_CANDIDATES_SIZE);
        for (int i = 0; i < KEY_CANDIDATES_SIZE; i++) {
            memory.put(KEY_CANDIDATES + i, bytes[i]);
        }
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
        INT.setRelease(memory, GENERATION, generation);
    }

    private void write(int at, Plans plans) {
        for (int i = at + CANDIDATES; i < at + PLANS; i += Long.BYTES) {
            memory.putLong(i, 0);
        }
        plans.components().candidates().forEach(bit -> setBit(at + CANDIDATES, bit));
        plans.components().nameCandidates().forEach(bit -> setBit(at + NAME_CANDIDATES, bit));
        plans.components().spelledCandidates().forEach(bit -> setBit(at + SPELLED_CANDIDATES, bit));
        plans.components().spelledBeginnings().stream().forEach(bit -> setBit(at + SPELLED_BEGINNINGS, bit));
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
        memory.put(at, (byte) plan.label().ordinal());
        memory.put(at + 1, (byte) fetches.size());
        // Without a file to ask of, what is asked of it may hold: the fetch is none then.
        memory.put(at + 2, (byte) (path == MAX_FETCHES ? MAX_FETCHES - 1 : path));
        DemandTable.write(memory, at + DEMANDS, plan.host());
        DemandTable.write(memory, at + DEMANDS + DemandTable.SIZE, plan.container());
    }
}
