// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vigilant.event.EventKind;
import dev.vigilant.source.Interest;
import dev.vigilant.source.Interest.Comparison;
import dev.vigilant.source.Interest.Condition;
import dev.vigilant.source.Interest.FileDemand;
import dev.vigilant.source.Interest.Place;
import dev.vigilant.syscall.SyscallTable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Numbers are control.h's, where the compiler holds the structs to them. */
class ControlTablesTest {
    private static final int SIZE = ControlTables.SIZE;
    /** The first tables that are written are those of generation 1. */
    private static final int TABLES = 16 + 2_165_904;

    private static final int PLAN_OF_OPENAT = TABLES + 11_408 + 257 * 2104;
    private static final Interest SHADOW = new Interest(
            EventKind.FILE_OPEN,
            List.of(new Condition("flags", Comparison.ANY_BIT, 0x40)),
            List.of(),
            Place.CONTAINER,
            true,
            Set.of("cat"),
            new FileDemand(Set.of("shadow"), Set.of("etc"), Set.of("file", "symlink"), Set.of("overlay")));

    private final ByteBuffer memory = ByteBuffer.allocate(SIZE).order(ByteOrder.nativeOrder());
    private final ControlTables tables = new ControlTables(memory);

    private static Plans plans(Interest... interests) {
        return Plans.of(List.of(interests), List.of(SyscallTable.X86_64, SyscallTable.I386));
    }

    @Test
    void memoryThatIsTooSmallIsRefused() {
        assertThatThrownBy(() -> new ControlTables(ByteBuffer.allocate(SIZE - 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("4331823");
    }

    @Test
    void saysWhoIsNotSensed() {
        tables.identify(4711, 0xf0000001);
        assertThat(memory.getInt(0)).isEqualTo(4711);
        assertThat(memory.getInt(4)).isEqualTo(0xf0000001);
    }

    @Test
    void planLiesWhereTheProgramsLookForIt() {
        Plans plans = plans(SHADOW);
        tables.publish(plans);
        long component = plans.components().components(Set.of("shadow"));
        int plan = PLAN_OF_OPENAT;

        assertThat(memory.get(TABLES + 16 + 257)).isEqualTo((byte) 2);
        assertThat(memory.get(TABLES + 16 + 258)).isZero();
        assertThat(memory.get(plan)).isEqualTo((byte) EventKind.FILE_OPEN.ordinal());
        assertThat(memory.get(plan + 1)).isOne();
        assertThat(memory.get(plan + 2)).isZero();
        assertThat(memory.get(plan + 3)).isOne();
        assertThat(memory.getShort(plan + 4)).isEqualTo((short) 0x100);
        assertThat(memory.getLong(plan + 8)).isZero();
        assertThat(memory.getLong(plan + 16)).isEqualTo(component);
        assertThat(bytes(plan + 24, 4)).containsExactly(4, 1, 0, 255);
        plan += 16 * 64;
        assertThat(bytes(plan + 56, 4)).containsExactly(0, 1, 2, 1);
        assertThat(bytes(plan + 60, 2)).containsExactly(2, 6);
        assertThat(memory.getInt(plan + 64)).isEqualTo(0x40);
        assertThat(memory.getInt(plan + 84)).isEqualTo(1 << 8 | 1 << 10);
        assertThat(memory.getLong(plan + 88)).isEqualTo(component);
        assertThat(memory.getLong(plan + 96)).isEqualTo(plans.components().components(Set.of("etc")));
        assertThat(memory.getLong(plan + 104)).isEqualTo(plans.components().fileSystems(Set.of("overlay")));
        assertThat(memory.getLong(plan + 112)).isEqualTo(plans.components().programs(Set.of("cat")));
    }

    private byte[] bytes(int at, int length) {
        byte[] bytes = new byte[length];
        memory.get(at, bytes);
        return bytes;
    }

    @Test
    void callWithoutAFileAsksAFetchThatBringsNone() {
        tables.publish(plans(new Interest(EventKind.MEMFD_CREATE, List.of())));
        int plan = TABLES + 11_408 + 319 * 2104;

        assertThat(memory.get(plan + 1)).isOne();
        assertThat(memory.get(plan + 2)).isEqualTo((byte) 7);
        assertThat(memory.getInt(plan + 24 + 4 * 7)).isZero();
    }

    @Test
    void componentsHaveTheirBits() {
        Plans plans = plans(SHADOW);
        tables.publish(plans);

        assertThat(memory.getLong(TABLES)).isEqualTo(plans.components().lengths());
        plans.components().bits().keySet().forEach(hash -> {
            int bit = (int) (hash & 0xffff);
            assertThat(memory.get(TABLES + 1168 + bit / 8) >> bit % 8 & 1).isOne();
        });
        int shadow = 6 << 8 | 's';
        assertThat(memory.get(TABLES + 9360 + shadow / 8) >> shadow % 8 & 1).isOne();
    }

    @Test
    void operationsOfIoUringHaveScopeAndLabel() {
        tables.publish(plans(SHADOW));

        assertThat(memory.get(TABLES + 1040 + 18)).isEqualTo((byte) 2);
        assertThat(memory.get(TABLES + 1104 + 18)).isEqualTo((byte) EventKind.FILE_OPEN.ordinal());
        assertThat(memory.get(TABLES + 1040 + 16)).isZero();
    }

    @Test
    void whatIsWantedNoMoreGoesWithTheSecondChange() {
        tables.publish(plans(SHADOW));
        assertThat(memory.getInt(8)).isOne();
        tables.publish(plans());
        assertThat(memory.getInt(8)).isZero();
        assertThat(memory.get(TABLES + 16 + 257)).isEqualTo((byte) 2);
        assertThat(memory.get(16 + 16 + 257)).isZero();

        tables.publish(plans());
        assertThat(memory.getInt(8)).isOne();
        assertThat(memory.get(TABLES + 16 + 257)).isZero();
        assertThat(memory.get(TABLES + 1040 + 18)).isZero();
        assertThat(memory.get(TABLES + 16 + 59)).isEqualTo((byte) 3);
        int shadow = 6 << 8 | 's';
        assertThat(memory.get(TABLES + 9360 + shadow / 8) >> shadow % 8 & 1).isZero();
    }
}
