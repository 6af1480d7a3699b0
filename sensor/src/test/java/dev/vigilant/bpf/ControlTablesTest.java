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
    private static final int PLAN_OF_OPENAT = 11_416 + 257 * 2104;
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
                .hasMessageContaining("2165911");
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
        tables.write(plans);
        long component = plans.components().components(Set.of("shadow"));
        int plan = PLAN_OF_OPENAT;

        assertThat(memory.get(24 + 257)).isEqualTo((byte) 2);
        assertThat(memory.get(24 + 258)).isZero();
        assertThat(memory.get(plan)).isEqualTo((byte) EventKind.FILE_OPEN.ordinal());
        assertThat(memory.get(plan + 1)).isOne();
        assertThat(memory.get(plan + 2)).isZero();
        assertThat(memory.get(plan + 3)).isOne();
        assertThat(memory.getShort(plan + 4)).isEqualTo((short) 0x100);
        assertThat(memory.getLong(plan + 8)).isZero();
        assertThat(memory.getLong(plan + 16)).isEqualTo(component);
        assertThat(bytes(plan + 24, 4)).containsExactly(4, 1, 0, 0);
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
        tables.write(plans(new Interest(EventKind.MEMFD_CREATE, List.of())));
        int plan = 11_416 + 319 * 2104;

        assertThat(memory.get(plan + 1)).isOne();
        assertThat(memory.get(plan + 2)).isEqualTo((byte) 7);
        assertThat(memory.getInt(plan + 24 + 4 * 7)).isZero();
    }

    @Test
    void componentsHaveTheirBits() {
        Plans plans = plans(SHADOW);
        tables.write(plans);

        assertThat(memory.getLong(8)).isEqualTo(plans.components().lengths());
        plans.components().bits().keySet().forEach(hash -> {
            int bit = (int) (hash & 0xffff);
            assertThat(memory.get(1176 + bit / 8) >> bit % 8 & 1).isOne();
        });
        int shadow = 6 << 8 | 's';
        assertThat(memory.get(9368 + shadow / 8) >> shadow % 8 & 1).isOne();
    }

    @Test
    void operationsOfIoUringHaveScopeAndLabel() {
        tables.write(plans(SHADOW));

        assertThat(memory.get(1048 + 18)).isEqualTo((byte) 2);
        assertThat(memory.get(1112 + 18)).isEqualTo((byte) EventKind.FILE_OPEN.ordinal());
        assertThat(memory.get(1048 + 16)).isZero();
    }

    @Test
    void whatIsWantedNoMoreGoes() {
        tables.write(plans(SHADOW));
        tables.write(plans());

        assertThat(memory.get(24 + 257)).isZero();
        assertThat(memory.get(1048 + 18)).isZero();
        assertThat(memory.get(24 + 59)).isEqualTo((byte) 3);
    }
}
