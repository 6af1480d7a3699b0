// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules;

import static dev.vigilant.rules.Events.CONTAINER;
import static dev.vigilant.rules.Events.SECOND;
import static dev.vigilant.rules.Events.START;
import static dev.vigilant.rules.Events.exec;
import static dev.vigilant.rules.Events.open;
import static dev.vigilant.rules.Events.process;
import static dev.vigilant.rules.Rules.matches;
import static dev.vigilant.rules.Rules.rule;
import static dev.vigilant.rules.Rules.sound;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vigilant.counter.Counter;
import dev.vigilant.counter.Counters;
import dev.vigilant.event.EventKind;
import dev.vigilant.event.FileOpen;
import dev.vigilant.event.FileTarget;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.event.Process;
import dev.vigilant.rules.drl.DrlReader;
import dev.vigilant.rules.drl.RuleWriter;
import dev.vigilant.source.Interest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Rules that count earlier events. */
class CountTest {
    private static final Process A = process(1, "a", null);
    private static final Process B = process(2, "b", null);
    private static final String THREE = rule("three", """
            $e : FileOpen( write )
            accumulate( FileOpen( write, process.pid == $e.process.pid, this before[0s,10s] $e );
                $n : count(); $n >= 3 )
            """);
    private static final String PATHS = rule("paths", """
            $e : FileOpen( write )
            accumulate( $o : FileOpen( write, process.pid == $e.process.pid, this before[0s,10s] $e );
                $paths : collectSet( $o.file.path ); $paths.size >= 3 )
            """);

    @Test
    void countsTheLastEventToo() {
        assertThat(matches(sound(THREE), write(0, A, "/x"), write(1, A, "/x"), write(2, A, "/x"), write(3, A, "/x")))
                .containsExactly("three:2", "three:3");
    }

    @Test
    void countsOthersOnlyWhereTheRuleSaysSo() {
        RuleSet set = sound(THREE.replace("this before", "this != $e, this before"));

        assertThat(matches(set, write(0, A, "/x"), write(1, A, "/x"), write(2, A, "/x"), write(3, A, "/x")))
                .containsExactly("three:3");
    }

    @Test
    void countsToTheNanosecondWithinTheWindow() {
        RuleSet set = sound(THREE);

        assertThat(matches(
                        set,
                        open(START, A, null, "/x", 1),
                        open(START + 1, A, null, "/x", 1),
                        open(START + 10 * SECOND, A, null, "/x", 1),
                        open(START + 10 * SECOND + 1, A, null, "/x", 1),
                        open(START + 10 * SECOND + 2, A, null, "/x", 1)))
                .containsExactly("three:2", "three:3", "three:4");
        assertThat(matches(
                        set,
                        open(START, A, null, "/x", 1),
                        open(START + 1, A, null, "/x", 1),
                        open(START + 10 * SECOND + 1, A, null, "/x", 1)))
                .isEmpty();
    }

    @Test
    void countsEachGroupApart() {
        assertThat(matches(
                        sound(THREE),
                        write(0, A, "/x"),
                        write(1, B, "/x"),
                        write(2, A, "/x"),
                        open(START + 3 * SECOND, A, null, "/x", 0),
                        write(4, null, "/x"),
                        write(5, B, "/x"),
                        write(6, B, "/x")))
                .containsExactly("three:6");
    }

    @Test
    void countsDifferentValuesOnce() {
        RuleSet set = sound(PATHS);

        assertThat(matches(
                        set,
                        write(0, A, "/x"),
                        write(1, A, "/x"),
                        write(2, A, "/y"),
                        write(3, A, "/y"),
                        write(4, B, "/z"),
                        write(5, A, "/z"),
                        write(6, A, "/x"),
                        write(16, A, "/y")))
                .containsExactly("paths:5", "paths:6");
    }

    @Test
    void doesNotCountWhatIsMissing() {
        RuleSet set = sound(rule("programs", """
                $e : FileOpen( write )
                accumulate( $o : FileOpen( this before[0s,10s] $e );
                    $programs : collectSet( $o.process.name ); $programs.size >= 3 )
                """));

        assertThat(matches(set, write(0, A, "/x"), write(1, null, "/x"), write(2, B, "/x")))
                .isEmpty();
        assertThat(matches(set, write(0, A, "/x"), write(1, process(3, "c", null), "/x"), write(2, B, "/x")))
                .containsExactly("programs:2");
    }

    @Test
    void addsCountsOfSeveralKinds() {
        RuleSet set = sound(rule("both", """
                $e : FileOpen( write )
                accumulate( FileOpen( write, this before[0s,10s] $e ); $opened : count() )
                accumulate( ProcessExec( this before[0s,10s] $e ); $run : count(); $opened + $run >= 4 )
                """));

        assertThat(matches(
                        set,
                        write(0, A, "/x"),
                        exec(START + SECOND, A, null, "/bin/x"),
                        write(2, A, "/x"),
                        write(3, A, "/x"),
                        exec(START + 4 * SECOND, A, null, "/bin/x"),
                        write(14, A, "/x")))
                .containsExactly("both:3");
    }

    @Test
    void tellsFieldsApartWhoseValuesTwoRulesCount() {
        String programs = PATHS.replace("\"paths\"", "\"programs\"").replace("$o.file.path", "$o.file.name");

        assertThat(matches(sound(PATHS, programs), write(0, A, "/a/x"), write(1, A, "/b/x"), write(2, A, "/c/x")))
                .containsExactly("paths:2");
    }

    @Test
    void neverTakesTooFewForNotTooMany() {
        RuleSet set = sound(THREE, rule("alone", "$e : FileOpen( write )"), rule("few", """
                        $e : FileOpen( write )
                        accumulate( FileOpen( write, process.pid == $e.process.pid, this before[0s,10s] $e );
                            $n : count(); $n <= 2 )
                        """), rule("never", """
                        $e : FileOpen( write )
                        accumulate( ProcessExec( process.pid == $e.process.pid, this before[0s,10s] $e );
                            $n : count(); $n == 0 )
                        """));

        List<KernelEvent> events = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            events.add(write(i, A, "/x"));
        }
        events.add(exec(START + 6 * SECOND, A, null, "/bin/x"));
        events.add(write(7, A, "/x"));
        KernelEvent[] all = events.toArray(KernelEvent[]::new);
        assertThat(matches(set, all))
                .filteredOn(m -> !m.startsWith("alone"))
                .containsExactlyInAnyOrder(
                        "few:0", "few:1", "three:2", "three:3", "three:4", "three:5", "three:7", "never:0", "never:1",
                        "never:2", "never:3", "never:4", "never:5");
        assertThat(Rules.told(set, e -> true, all)).isEqualTo(DroolsAlone.told(set, all));
    }

    @Test
    void putsIntoWorkingMemoryOnlyWhatDecides() {
        List<KernelEvent> told = new ArrayList<>();
        try (RuleSession session = new RuleSession(sound(THREE, PATHS), (r, e) -> told.addAll(e), new Counters())) {
            session.offer(write(0, A, "/x"));
            session.offer(write(1, A, "/x"));
            assertThat(session.factCount()).isZero();
            for (int i = 0; i < 500; i++) {
                session.offer(open(START + 2 * SECOND + i, A, null, "/x", 1));
            }
            assertThat(told).hasSize(500);
            assertThat(session.remembered()).isEqualTo(502);
            assertThat(session.factCount()).isZero();
            session.pass(START + 20 * SECOND);
            assertThat(session.remembered()).isZero();
        }
    }

    @Test
    void saysWhenItForgetsWhatItHadToCount() {
        Counters counters = new Counters();
        List<String> told = new ArrayList<>();
        try (RuleSession session = new RuleSession(sound(THREE), (r, e) -> told.add(r.id()), counters, 2)) {
            for (int i = 0; i < 4; i++) {
                session.offer(write(i, A, "/x"));
            }
        }
        assertThat(told).isEmpty();
        assertThat(counters.get(Counter.FACTS_EVICTED)).isEqualTo(2);
    }

    @Test
    void countsOnAfterAReload() {
        List<String> told = new ArrayList<>();
        String other = rule("other", "$e : ProcessExec( process.name == \"x\" )");
        try (RuleSession before = new RuleSession(sound(THREE), (r, e) -> told.add(r.id()), new Counters());
                RuleSession after = new RuleSession(sound(other, THREE), (r, e) -> told.add(r.id()), new Counters())) {
            before.offer(write(0, A, "/x"));
            before.offer(write(1, A, "/x"));
            assertThat(after.adopt(before)).isEqualTo(2);
            assertThat(after.factCount()).isZero();
            after.offer(write(2, A, "/x"));
        }
        assertThat(told).containsExactly("three");
    }

    @Test
    void countsNothingThatCannotBeDecided() {
        Counters counters = new Counters();
        List<String> told = new ArrayList<>();
        RuleSet set = sound(rule("broken", """
                $e : FileOpen( write )
                accumulate( FileOpen( file.name == "x", this before[0s,10s] $e ); $n : count(); $n >= 2 )
                """));
        try (RuleSession session = new RuleSession(set, (r, e) -> told.add(r.id()), counters)) {
            session.offer(new FileOpen(Events.context(START, A, null), FileTarget.ofPath(null), 1, 0, false));
            session.offer(write(1, A, "/x"));
            assertThat(told).isEmpty();
            session.offer(write(2, A, "/x"));
            assertThat(told).containsExactly("broken");
        }
    }

    @Test
    void hasWhatItCountsSensed() {
        RuleSet set = sound(rule("reads", """
                $e : ProcessExec( container != null )
                accumulate( FileOpen( file.path str[under] "/etc", container.id == $e.container.id,
                    this before[0s,10s] $e ); $n : count(); $n >= 3 )
                """));

        assertThat(set.interests())
                .filteredOn(i -> i.kind() == EventKind.FILE_OPEN)
                .singleElement()
                .satisfies(i -> {
                    assertThat(i.place()).isEqualTo(Interest.Place.CONTAINER);
                    assertThat(i.file().pathComponents()).isEqualTo(java.util.Set.of("etc"));
                });
    }

    @Test
    void readsBackWhatItWrites() {
        String limited = THREE.replace("\nwhen", " @limit(\"2 per 5m by process.pid, file.path\")\nwhen");
        RuleSet set = sound(limited, PATHS, rule("range", """
                $e : FileOpen( write, container != null )
                accumulate( FileOpen( write, this before[1s,10s] $e ); $opened : count() )
                accumulate( ProcessExec( this before[0s,10s] $e ); $run : count(); $opened + $run >= 4 && $run + $opened < 9 )
                accumulate( FileOpen( this before[0s,3s] $e ); $all : count(); $all == 7 )
                """));
        assertThat(set.rules())
                .first()
                .extracting(dev.vigilant.rules.ast.Rule::limit)
                .isNotNull();
        String written = RuleWriter.write("vigilant.test", "x", set.rules(), List.of(), List.of());

        assertThat(DrlReader.read("x.drl", written, Map.of()).rules())
                .as(written)
                .extracting(rule -> rule.text() + rule.limit())
                .containsExactlyElementsOf(set.rules().stream()
                        .map(rule -> rule.text() + rule.limit())
                        .toList());
    }

    private static FileOpen write(int seconds, Process process, String path) {
        return open(START + seconds * SECOND, process, CONTAINER, path, 1);
    }
}
