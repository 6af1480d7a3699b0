// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vigilant.event.Container;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.rules.memory.Locality;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocalityTest {
    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            true;  $a : FileOpen( write )
            true;  $a : FileOpen( write ) $b : ProcessExec( container.id == $a.container.id, this after[0s,1s] $a )
            true;  $a : FileOpen( container == null ) $b : ProcessExec( container == null, this after[0s,1s] $a )
            true;  $a : FileOpen( write ) not ProcessExec( container.id == $a.container.id, this before[0s,1s] $a )
            true;  $a : FileOpen( write ) $b : FileOpen( container.id == $a.container.id, this after[0s,1s] $a ) $c : FileOpen( container.id == $b.container.id, this after[0s,1s] $b )
            false; $a : FileOpen( write ) $b : ProcessExec( process.pid == $a.process.pid, this after[0s,1s] $a )
            false; $a : FileOpen( container == null ) $b : ProcessExec( this after[0s,1s] $a )
            false; $a : FileOpen( write ) not ProcessExec( this before[0s,1s] $a )
            false; $a : FileOpen( write ) $b : ProcessExec( container.id != $a.container.id, this after[0s,1s] $a )
            false; $a : FileOpen( write ) $b : ProcessExec( container.id == $a.container.id || process.pid == 1, this after[0s,1s] $a )
            false; $a : FileOpen( write ) $b : FileOpen( container.id == $a.container.id, this after[0s,1s] $a ) $c : FileOpen( this after[0s,1s] $b )
            """)
    void goesByConditionsThatHoldOnTheirOwn(boolean local, String when) {
        RuleSet set = Rules.sound(Rules.rule("r", when, "alert( $a );"));

        assertThat(Locality.ofOneContainer(set.rules().get(0))).isEqualTo(local);
    }

    /** What rules tell that are local is the same when each container's events are judged alone. */
    @Test
    void losesNothingWhenContainersAreJudgedApart() {
        Random random = new Random(7);
        int chains = 0;
        int matched = 0;
        for (int round = 0; round < 300; round++) {
            RuleSet set = RandomRules.ruleSet(random, 10).where(Locality::ofOneContainer);
            KernelEvent[] events = RandomRules.events(random, 40).toArray(KernelEvent[]::new);
            List<List<String>> whole = Rules.told(set, event -> true, events);
            List<List<String>> apart = new ArrayList<>();
            for (Container container : new Container[] {null, Events.CONTAINER, Events.OTHER_CONTAINER}) {
                List<List<String>> one = Rules.told(set, event -> Objects.equals(event.container(), container), events);
                for (int i = 0; i < events.length; i++) {
                    if (apart.size() <= i) {
                        apart.add(new ArrayList<>());
                    }
                    apart.get(i).addAll(one.get(i));
                }
            }
            assertThat(apart).as("round %d: %s", round, set.rules()).isEqualTo(whole);
            chains += (int) set.rules().stream().filter(rule -> !rule.single()).count();
            matched += whole.stream().mapToInt(List::size).sum();
        }
        assertThat(chains).isGreaterThan(50);
        assertThat(matched).isGreaterThan(1000);
    }
}
