// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vigilant.counter.Counters;
import dev.vigilant.event.FileOpen;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.event.ProcessExec;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HandoverTest {
    private static final String CHAIN = Rules.rule("chain", """
            $w : FileOpen( write, file.path str[under] "/tmp" )
            $x : ProcessExec( file.path == $w.file.path, this after[0s,60s] $w )
            """, "alert( $w, $x );");
    private static final String EXISTS = Rules.rule("exists", """
            $w : FileOpen( write, file.path str[under] "/tmp" )
            exists ProcessExec( file.path == $w.file.path, this after[0s,60s] $w )
            """, "alert( $w );");
    private static final String NOT = Rules.rule("not", """
            $x : ProcessExec( file.path str[under] "/tmp" )
            not FileOpen( write, file.path == $x.file.path, this before[0s,60s] $x )
            """, "alert( $x );");
    private static final String OTHER =
            Rules.rule("other", "$o : FileOpen( file.path == \"/etc/shadow\" )", "alert( $o );");

    private final List<String> told = new ArrayList<>();
    private final Counters counters = new Counters();

    @Test
    void finishesAChainThatBeganBefore() {
        handover(Rules.sound(CHAIN), Rules.sound(OTHER, CHAIN), List.of(open(0, "/tmp/x")), List.of(exec(1, "/tmp/x")));

        assertThat(told).containsExactly("chain");
    }

    @Test
    void tellsNothingTwice() {
        handover(
                Rules.sound(CHAIN, EXISTS),
                Rules.sound(OTHER, EXISTS, CHAIN),
                List.of(open(0, "/tmp/x"), exec(1, "/tmp/x")),
                List.of(exec(2, "/tmp/x")));

        // The second exec completes the chain again, and is one more that exists.
        assertThat(told).containsExactlyInAnyOrder("chain", "exists", "chain");
    }

    @Test
    void remembersWhatANotAsksFor() {
        handover(
                Rules.sound(NOT),
                Rules.sound(NOT, OTHER),
                List.of(open(0, "/tmp/x")),
                List.of(exec(1, "/tmp/x"), exec(2, "/tmp/y")));

        assertThat(told).containsExactly("not");
    }

    @Test
    void forgetsWhatWasKeptForARuleThatIsGone() {
        try (RuleSession before = session(Rules.sound(CHAIN));
                RuleSession after = session(Rules.sound(OTHER))) {
            before.offer(open(0, "/tmp/x"));

            assertThat(after.adopt(before)).isZero();
            assertThat(after.remembered()).isZero();
        }
    }

    @Test
    void keepsTheWindowsOfWhatItTookOver() {
        try (RuleSession before = session(Rules.sound(CHAIN));
                RuleSession after = session(Rules.sound(CHAIN))) {
            before.offer(open(0, "/tmp/x"));
            before.pass(Events.START + 30 * Events.SECOND);

            assertThat(after.adopt(before)).isEqualTo(1);
            after.pass(Events.START + 61 * Events.SECOND);
            assertThat(after.remembered()).isZero();
        }
    }

    private void handover(RuleSet old, RuleSet fresh, List<KernelEvent> early, List<KernelEvent> late) {
        try (RuleSession before = session(old);
                RuleSession after = session(fresh)) {
            early.forEach(before::offer);
            after.adopt(before);
            late.forEach(after::offer);
        }
    }

    private RuleSession session(RuleSet rules) {
        return new RuleSession(rules, (rule, evidence) -> told.add(rule.id()), counters);
    }

    private static FileOpen open(int seconds, String path) {
        return Events.open(Events.START + seconds * Events.SECOND, Events.process(7, "cp", null), null, path, 1);
    }

    private static ProcessExec exec(int seconds, String path) {
        return Events.exec(Events.START + seconds * Events.SECOND, Events.process(8, "x", null), null, path);
    }
}
