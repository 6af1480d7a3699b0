// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vigilant.bpf.Alternative.Ring;
import dev.vigilant.event.EventKind;
import dev.vigilant.source.Interest;
import dev.vigilant.source.Interest.Comparison;
import dev.vigilant.source.Interest.Condition;
import dev.vigilant.source.Interest.FileDemand;
import dev.vigilant.source.Interest.Place;
import dev.vigilant.syscall.SyscallArguments.ArgumentTest;
import dev.vigilant.syscall.SyscallTable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Numbers are control.h's, where the compiler holds the structs to them. */
class ControlTablesTest {
    private static final int SIZE = ControlTables.SIZE;
    /** The first tables that are written are those of generation 1. */
    private static final int TABLES = 16 + 3_218_568;

    private static final int PLAN_OF_OPENAT = TABLES + 15_496 + 257 * 3128;
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
                .hasMessageContaining("6439199");
    }

    @Test
    void saysWhoIsNotSensed() {
        tables.identify(4711, 0xf0000001);
        assertThat(memory.getInt(0)).isEqualTo(4711);
        assertThat(memory.getInt(4)).isEqualTo(0xf0000001);
    }

    @Test
    void saysWhetherTheReaderNeedsNoWaking() {
        tables.unwaking(true);
        assertThat(memory.getInt(12)).isOne();
        tables.unwaking(false);
        assertThat(memory.getInt(12)).isZero();
    }

    @Test
    void keysOfTheEnvironmentHaveTheBitOfTheirFirstBytes() {
        byte[] key = "LD_AUDIT".getBytes(StandardCharsets.UTF_8);
        int bit = (int) (0x54494455415f444cL * 0x9E3779B97F4A7C15L >>> 50);
        tables.environmentKeys(List.of("LD_AUDITOR".getBytes(StandardCharsets.UTF_8), Arrays.copyOf(key, 64)));
        assertThat(memory.get(6_437_152 + bit / 8)).isEqualTo((byte) (1 << bit % 8));

        tables.environmentKeys(List.of(new byte[] {'A'}));
        assertThat(memory.get(6_437_152 + bit / 8)).isZero();
    }

    @Test
    void planLiesWhereTheProgramsLookForIt() {
        Plans plans = plans(SHADOW);
        tables.publish(plans);
        long component = plans.components().components(Set.of("shadow"));
        int plan = PLAN_OF_OPENAT;

        assertThat(memory.get(TABLES + 8 + 257)).isEqualTo((byte) 2);
        assertThat(memory.get(TABLES + 8 + 258)).isZero();
        assertThat(memory.get(plan)).isEqualTo((byte) EventKind.FILE_OPEN.ordinal());
        assertThat(memory.get(plan + 1)).isOne();
        assertThat(memory.get(plan + 2)).isZero();
        assertThat(bytes(plan + 8, 4)).containsExactly(4, 1, 0, 255);
    }

    @Test
    void demandsLieWhereTheProgramsLookForThem() {
        Plans plans = plans(SHADOW);
        tables.publish(plans);
        int host = PLAN_OF_OPENAT + 40;
        int container = host + 1544;
        List<Long> asked = List.of(
                plans.components().components(Set.of("shadow")),
                plans.components().components(Set.of("etc")),
                plans.components().fileSystems(Set.of("overlay")),
                plans.components().programs(Set.of("cat")));

        assertThat(memory.getInt(host + 4)).isZero();
        assertThat(memory.getInt(container)).isOne();
        assertThat(memory.getInt(container + 4)).isOne();
        assertThat(memory.getInt(container + 8)).isZero();
        for (int type = 0; type < 16; type++) {
            assertThat(memory.getInt(container + 12 + 4 * type)).isEqualTo(type == 8 || type == 10 ? 1 : 0);
        }
        assertThat(memory.getInt(container + 76)).isOne();
        assertThat(memory.getInt(container + 80)).isZero();
        assertThat(memory.getInt(container + 100)).isOne();
        for (int i = 0; i < 4; i++) {
            assertThat(memory.getInt(container + 84 + 4 * i)).isOne();
            assertThat(memory.getLong(container + 104 + 8 * i)).isEqualTo(asked.get(i));
            assertThat(memory.getLong(container + 520 + 8 * i)).isEqualTo(asked.get(i));
        }
        assertThat(bytes(container + 136, 2)).containsExactly(2, 6);
        assertThat(memory.getInt(container + 140)).isEqualTo(0x40);
        assertThat(memory.getInt(container + 144)).isOne();
    }

    @Test
    void testThatSeveralHaveIsAskedOnce() {
        List<Alternative> alternatives = List.of(
                alternative(2, new ArgumentTest(2, Comparison.ANY_BIT, 3)),
                alternative(4, new ArgumentTest(2, Comparison.ANY_BIT, 3), new ArgumentTest(1, Comparison.EQUAL, 7)),
                alternative(0));
        DemandTable.write(memory, 0, alternatives);

        assertThat(memory.getInt(0)).isEqualTo(2);
        assertThat(memory.getInt(144)).isEqualTo(0b011);
        assertThat(memory.getInt(156)).isEqualTo(0b010);
        assertThat(memory.getInt(84)).isEqualTo(0b011);
        assertThat(memory.getLong(104)).isEqualTo(6);
        assertThat(memory.getInt(100)).isEqualTo(0b011);
    }

    @Test
    void pathsAsAskedForAreLookedAtByHowTheyBegin() {
        tables.publish(plans(Sensing.demand(
                new FileDemand(Set.of(), Set.of("fd"), Set.of("/proc/", "é", "x"), Set.of(), Set.of()))));
        int beginnings = TABLES + 7304;

        assertThat(isSet(beginnings, "/p")).isTrue();
        assertThat(isSet(beginnings, "/q")).isFalse();
        assertThat(isSet(beginnings, "p/")).isFalse();
        assertThat(isSet(beginnings, "é")).isTrue();
        assertThat(isSet(beginnings, "xa") && isSet(beginnings, "xz")).isTrue();

        tables.publish(plans(Sensing.demand(new FileDemand(Set.of(), Set.of("fd"), Set.of(), Set.of()))));
        assertThat(isSet(beginnings - TABLES + 16, "/q")).isTrue();
    }

    private boolean isSet(int table, String beginning) {
        byte[] two = beginning.getBytes(StandardCharsets.UTF_8);
        int bit = Byte.toUnsignedInt(two[0]) | Byte.toUnsignedInt(two[1]) << 8;
        return (memory.get(table + bit / 8) >> bit % 8 & 1) != 0;
    }

    private static Alternative alternative(long components, ArgumentTest... tests) {
        return new Alternative(
                Alternative.SUCCESS, Ring.FLOOD, List.of(tests), Alternative.ANY_TYPE, components, 0, 0, 0);
    }

    private byte[] bytes(int at, int length) {
        byte[] bytes = new byte[length];
        memory.get(at, bytes);
        return bytes;
    }

    @Test
    void callWithoutAFileAsksAFetchThatBringsNone() {
        tables.publish(plans(new Interest(EventKind.MEMFD_CREATE, List.of())));
        int plan = TABLES + 15_496 + 319 * 3128;

        assertThat(memory.get(plan + 1)).isOne();
        assertThat(memory.get(plan + 2)).isEqualTo((byte) 7);
        assertThat(memory.getInt(plan + 8 + 4 * 7)).isZero();
    }

    private static int candidate(long first, int length) {
        return (int) ((first ^ length) * 0x9E3779B97F4A7C15L >>> 50);
    }

    @Test
    void componentsHaveTheirBits() {
        Plans plans = plans(SHADOW);
        tables.publish(plans);

        int shadow = candidate(0x776f64616873L, 6);
        int etc = candidate(0x637465L, 3);
        assertThat(memory.get(TABLES + 1160 + shadow / 8) >> shadow % 8 & 1).isOne();
        assertThat(memory.get(TABLES + 1160 + etc / 8) >> etc % 8 & 1).isOne();
        assertThat(memory.get(TABLES + 3208 + shadow / 8) >> shadow % 8 & 1).isZero();
        assertThat(memory.get(TABLES + 3208 + etc / 8) >> etc % 8 & 1).isOne();
        int cat = (int) (0x746163L * 0x9E3779B97F4A7C15L >>> 50);
        assertThat(memory.get(TABLES + 5256 + cat / 8) >> cat % 8 & 1).isOne();
    }

    @Test
    void operationsOfIoUringHaveScopeAndLabel() {
        tables.publish(plans(SHADOW));

        assertThat(memory.get(TABLES + 1032 + 18)).isEqualTo((byte) 2);
        assertThat(memory.get(TABLES + 1096 + 18)).isEqualTo((byte) EventKind.FILE_OPEN.ordinal());
        assertThat(memory.get(TABLES + 1032 + 16)).isZero();
    }

    @Test
    void whatIsWantedNoMoreGoesWithTheSecondChange() {
        tables.publish(plans(SHADOW));
        assertThat(memory.getInt(8)).isOne();
        tables.publish(plans());
        assertThat(memory.getInt(8)).isZero();
        assertThat(memory.get(TABLES + 8 + 257)).isEqualTo((byte) 2);
        assertThat(memory.get(16 + 8 + 257)).isZero();

        tables.publish(plans());
        assertThat(memory.getInt(8)).isOne();
        assertThat(memory.get(TABLES + 8 + 257)).isZero();
        assertThat(memory.get(TABLES + 1032 + 18)).isZero();
        assertThat(memory.get(TABLES + 8 + 59)).isEqualTo((byte) 3);
        int shadow = candidate(0x776f64616873L, 6);
        assertThat(memory.get(TABLES + 1160 + shadow / 8) >> shadow % 8 & 1).isZero();
    }
}
