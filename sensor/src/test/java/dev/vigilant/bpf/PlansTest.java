// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vigilant.bpf.Alternative.Ring;
import dev.vigilant.bpf.Plans.Plan;
import dev.vigilant.event.EventKind;
import dev.vigilant.source.Interest;
import dev.vigilant.source.Interest.Comparison;
import dev.vigilant.source.Interest.Condition;
import dev.vigilant.source.Interest.FileDemand;
import dev.vigilant.source.Interest.Place;
import dev.vigilant.syscall.SyscallArguments.ArgumentTest;
import dev.vigilant.syscall.SyscallTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PlansTest {
    private static final List<Integer> X86 = List.of(SyscallTable.X86_64, SyscallTable.I386);
    private static final int OPENAT = 257;
    private static final int MKNOD = 133;
    private static final int BOTH = Plans.HOST | Plans.CONTAINER;

    private static Plans plans(Interest... interests) {
        return Plans.of(List.of(interests), X86);
    }

    private static Plan plan(int index, Interest... interests) {
        return plans(interests).table().get(index);
    }

    private static Interest open(Place place, boolean successful, String... components) {
        return new Interest(
                EventKind.FILE_OPEN,
                List.of(),
                List.of(),
                place,
                successful,
                Set.of(),
                new FileDemand(Set.of(components), Set.of(), Set.of(), Set.of()));
    }

    @Test
    void namesOfProcessesAreAsked() {
        Interest insmod = new Interest(
                EventKind.FILE_OPEN, List.of(), List.of(), Place.CONTAINER, false, Set.of("insmod"), FileDemand.NONE);
        Plans plans = plans(insmod);
        assertThat(plans.table().get(OPENAT).container())
                .extracting(Alternative::programs)
                .containsExactly(plans.components().programs(Set.of("insmod")));
        // What any program does is wanted anyway.
        assertThat(plan(OPENAT, insmod, open(Place.CONTAINER, false)).container())
                .extracting(Alternative::programs)
                .containsExactly(0L);
    }

    private static Alternative alternative(long components, long fileSystems) {
        return new Alternative(BOTH, Ring.FLOOD, List.of(), Alternative.ANY_TYPE, components, 0, fileSystems, 0);
    }

    @Test
    void execsThatFailedAreWantedWhateverTheRules() {
        Plan plan = plan(59);

        assertThat(plan.label()).isEqualTo(EventKind.PROCESS_EXEC);
        assertThat(plan.host()).isEqualTo(plan.container()).hasSize(1);
        assertThat(plan.host().get(0).outcome()).isEqualTo(Alternative.FAILURE);
        assertThat(plan.scope()).isEqualTo(BOTH);
        assertThat(plan(OPENAT)).isNull();
    }

    @Test
    void openIsWantedByAllItsCallsOfBothArchitectures() {
        Plans plans = plans(open(Place.CONTAINER, true, "shadow"));

        for (String call : List.of("open", "openat", "openat2", "creat", "open_by_handle_at")) {
            int wide = SyscallTable.numbers(SyscallTable.X86_64, call).get(0);
            int narrow = SyscallTable.numbers(SyscallTable.I386, call).get(0);
            assertThat(plans.table()).containsKeys(wide, Plans.COMPAT + narrow);
        }
        assertThat(plans.table().get(OPENAT).host()).isEmpty();
        Alternative alternative = plans.table().get(OPENAT).container().get(0);
        assertThat(alternative.outcome()).isEqualTo(Alternative.SUCCESS);
        assertThat(alternative.components()).isEqualTo(plans.components().components(Set.of("shadow")));
        assertThat(plans.uring().keySet()).containsExactlyInAnyOrder(18, 28);
        assertThat(plans.uring().get(18).scope()).isEqualTo(Plans.CONTAINER);
    }

    @Test
    void rulesOnTheHostSenseEverywhereBecauseServicesHaveMountNamespacesToo() {
        assertThat(plan(OPENAT, open(Place.HOST, false, "shadow")).scope()).isEqualTo(BOTH);
    }

    @Test
    void conditionsBecomeTestsOfTheArgumentThatTheComponentLiesIn() {
        Interest writes = new Interest(EventKind.FILE_OPEN, List.of(new Condition("flags", Comparison.ANY_BIT, 3)));

        assertThat(plan(OPENAT, writes).container().get(0).tests())
                .containsExactly(new ArgumentTest(2, Comparison.ANY_BIT, 3));
        assertThat(plan(2, writes).container().get(0).tests())
                .containsExactly(new ArgumentTest(1, Comparison.ANY_BIT, 3));
        // The flags of openat2 lie behind a pointer.
        assertThat(plan(437, writes).container().get(0).tests()).isEmpty();
    }

    @Test
    void idsOf16BitsAreNotCompared() {
        Interest toRoot =
                new Interest(EventKind.CREDENTIAL_CHANGE, List.of(new Condition("targetId", Comparison.EQUAL, 0)));
        int old = Plans.COMPAT + 23;
        int wide = Plans.COMPAT + 213;

        assertThat(plan(old, toRoot).container()).allMatch(a -> a.tests().isEmpty());
        assertThat(plan(wide, toRoot).container()).allMatch(a -> a.tests().size() == 1);
    }

    @Test
    void onlyTheCallsThatARuleNamesAreWanted() {
        Interest named = new Interest(EventKind.MOUNT_CHANGE, List.of(), List.of("pivot_root"));

        assertThat(plan(155, named)).isNotNull();
        assertThat(plan(165, named)).isNull();
    }

    @Test
    void signalsAndCapabilitiesHaveSlotsOfTheirOwn() {
        Interest use = new Interest(
                EventKind.CAPABILITY_USE,
                List.of(
                        new Condition("capability", Comparison.EQUAL, 21),
                        new Condition("granted", Comparison.EQUAL, 1)));
        Interest signal = new Interest(EventKind.SIGNAL_SENT, List.of(new Condition("signal", Comparison.EQUAL, 9)));
        Plans plans = plans(use, signal);

        assertThat(plans.table().get(Plans.CAPABILITY).container().get(0).tests())
                .containsExactly(new ArgumentTest(0, Comparison.EQUAL, 21), new ArgumentTest(1, Comparison.EQUAL, 1));
        assertThat(plans.table().get(Plans.SIGNAL).container().get(0).tests())
                .containsExactly(new ArgumentTest(0, Comparison.EQUAL, 9));
        // kill that worked is told by the signal; one that failed by the call.
        assertThat(plans.table().get(62).container()).allMatch(a -> a.outcome() == Alternative.FAILURE);
    }

    @Test
    void whatIsRareOrNamesAPathGoesToTheVitalRing() {
        assertThat(plan(OPENAT, open(Place.ANYWHERE, false)).container()).allMatch(a -> a.ring() == Ring.FLOOD);
        assertThat(plan(OPENAT, open(Place.ANYWHERE, false, "shadow")).container())
                .allMatch(a -> a.ring() == Ring.NAMED);
        assertThat(plan(MKNOD, new Interest(EventKind.FILE_MKNOD, List.of())).container())
                .allMatch(a -> a.ring() == Ring.VITAL);
    }

    @Test
    void thoseThatDifferInOneDemandAreOneThatLetsNothingElseThrough() {
        assertThat(Plans.simplified(List.of(alternative(1, 0), alternative(2, 0))))
                .containsExactly(alternative(3, 0));
        assertThat(Plans.simplified(List.of(alternative(1, 4), alternative(2, 8))))
                .hasSize(2);
        assertThat(Plans.simplified(List.of(alternative(1, 0), alternative(1, 4))))
                .containsExactly(alternative(1, 0));
    }

    @Test
    void moreThan32AreJoinedAndEachGetsThroughStill() {
        List<Alternative> many = IntStream.range(0, 40)
                .mapToObj(i -> alternative(1L << i, 1L << (i + 20)))
                .toList();
        List<Alternative> joined = Plans.simplified(many);

        assertThat(joined).hasSizeLessThanOrEqualTo(Plans.MAX_ALTERNATIVES).hasSizeGreaterThan(1);
        many.forEach(a ->
                assertThat(joined).anyMatch(j -> passes(j, 1, new int[6], 8, a.components() | a.fileSystems(), 0)));
    }

    /** What any of the rules' demands lets through, what became of all of them together does. */
    @Test
    void simplifiedIsNeverNarrower() {
        Random random = new Random(7);
        for (int round = 0; round < 3000; round++) {
            List<Alternative> given = new ArrayList<>();
            int count = 1 + random.nextInt(30);
            for (int i = 0; i < count; i++) {
                given.add(any(random));
            }
            List<Alternative> kept = Plans.simplified(given);
            assertThat(kept).hasSizeLessThanOrEqualTo(Plans.MAX_ALTERNATIVES);
            for (int deed = 0; deed < 20; deed++) {
                int outcome = 1 + random.nextInt(2);
                int[] arguments = random.ints(6, 0, 4).toArray();
                int type = random.nextInt(16);
                long found = random.nextLong() & random.nextLong();
                long programs = random.nextLong() & random.nextLong();
                int ring = ring(given, outcome, arguments, type, found, programs);
                assertThat(ring(kept, outcome, arguments, type, found, programs))
                        .isGreaterThanOrEqualTo(ring);
            }
        }
    }

    private static Alternative any(Random random) {
        List<ArgumentTest> tests = new ArrayList<>();
        while (random.nextInt(3) == 0) {
            Comparison comparison = Comparison.values()[random.nextInt(Comparison.values().length)];
            tests.add(new ArgumentTest(random.nextInt(2), comparison, random.nextInt(4)));
        }
        return new Alternative(
                1 + random.nextInt(3),
                Ring.values()[random.nextInt(3)],
                tests,
                random.nextBoolean() ? Alternative.ANY_TYPE : 1 << random.nextInt(16),
                random.nextBoolean() ? 0 : 1L << random.nextInt(64),
                random.nextInt(4) > 0 ? 0 : 1L << random.nextInt(64),
                random.nextInt(4) > 0 ? 0 : 1L << random.nextInt(64),
                random.nextInt(4) > 0 ? 0 : 1L << random.nextInt(64));
    }

    private static int ring(List<Alternative> list, int outcome, int[] arguments, int type, long found, long programs) {
        return list.stream()
                .filter(a -> passes(a, outcome, arguments, type, found, programs))
                .mapToInt(a -> a.ring().ordinal() + 1)
                .max()
                .orElse(0);
    }

    /** As possible() and narrowed() of filter.h. */
    private static boolean passes(Alternative a, int outcome, int[] arguments, int type, long found, long programs) {
        return (a.outcome() & outcome) != 0
                && a.tests().stream().allMatch(t -> holds(t, arguments[t.argument()]))
                && (a.types() & 1 << type) != 0
                && (a.components() == 0 || (a.components() & found) != 0)
                && (a.spelled() == 0 || (a.spelled() & found) != 0)
                && (a.fileSystems() == 0 || (a.fileSystems() & found) != 0)
                && (a.programs() == 0 || (a.programs() & programs) != 0);
    }

    private static boolean holds(ArgumentTest test, int argument) {
        int order = Integer.compareUnsigned(argument, test.value());
        return switch (test.comparison()) {
            case EQUAL -> order == 0;
            case NOT_EQUAL -> order != 0;
            case LESS -> order < 0;
            case LESS_OR_EQUAL -> order <= 0;
            case GREATER -> order > 0;
            case GREATER_OR_EQUAL -> order >= 0;
            case ANY_BIT -> (argument & test.value()) != 0;
        };
    }
}
