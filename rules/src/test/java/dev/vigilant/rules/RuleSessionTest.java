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
import dev.vigilant.event.Actor;
import dev.vigilant.event.ClockTick;
import dev.vigilant.event.Context;
import dev.vigilant.event.FileOpen;
import dev.vigilant.event.FileTarget;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.event.Origin;
import dev.vigilant.event.Process;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RuleSessionTest {
    private static final Process SH = process(10, "sh", null, "sh", "-c", "id");
    private static final String DROP_AND_RUN = rule(
            "drop-and-run",
            "$w : FileOpen( write )\n$e : ProcessExec( file.path == $w.file.path, this after[0s,60s] $w )",
            "alert( $w, $e );");

    @Test
    void tellsEachRuleThatAnEventMatches() {
        RuleSet set = sound(
                rule("a", "$e : FileOpen( container != null, write, file.path str[endsWith] \"/release_agent\" )"),
                rule("b", "$e : FileOpen( process.name in (Shells, \"x\") )"),
                rule("c", "$e : FileEvent( file.path == \"/x\" )"),
                rule("d", "$e : KernelEvent( user.euid == 0 )"));

        assertThat(matches(
                        set,
                        open(START, SH, CONTAINER, "/sys/fs/cgroup/release_agent", 1),
                        open(START, SH, null, "/x", 1)))
                .containsExactlyInAnyOrder("a:0", "b:0", "d:0", "b:1", "c:1", "d:1");
    }

    @Test
    void joinsEventsWithinTheWindowOnly() {
        RuleSet set = sound(DROP_AND_RUN);

        assertThat(matches(
                        set,
                        open(START, SH, null, "/tmp/x", 1),
                        exec(START + 60 * SECOND, SH, null, "/tmp/y"),
                        exec(START + 60 * SECOND, SH, null, "/tmp/x"),
                        exec(START + 60 * SECOND + 1, SH, null, "/tmp/x")))
                .containsExactly("drop-and-run:0,2");
    }

    @Test
    void ordersEventsOfTheSameMillisecondByNanoseconds() {
        RuleSet set = sound(DROP_AND_RUN);

        assertThat(matches(
                        set,
                        open(START + 5, SH, null, "/tmp/x", 1),
                        exec(START + 4, SH, null, "/tmp/x"),
                        exec(START + 6, SH, null, "/tmp/x")))
                .containsExactly("drop-and-run:0,2");
    }

    @Test
    void tellsRulesApartThatNameTheSameEventsDifferently() {
        String first = " : FileOpen( file.path == \"/a\" )\n";
        String second = " : FileOpen( file.path == \"/b\", this coincides[9s] ";
        String last = "$e : ProcessExec( this after[0s,9s] $a, this after[0s,9s] $b, process.pid == $a.process.pid )";
        RuleSet set = sound(
                rule("same-as-a", "$a" + first + "$b" + second + "$a )\n" + last),
                rule("same-as-b", "$b" + first + "$a" + second + "$b )\n" + last));

        assertThat(matches(
                        set,
                        open(START, process(1, "x", null), null, "/a", 0),
                        open(START + 1, process(2, "y", null), null, "/b", 0),
                        exec(START + 2, process(1, "x", null), null, "/x"),
                        exec(START + 3, process(2, "y", null), null, "/x")))
                .containsExactly("same-as-a:2", "same-as-b:3");
    }

    @Test
    void forgetsEventsWhenTheirWindowsHavePassed() {
        try (RuleSession session = new RuleSession(sound(DROP_AND_RUN), (r, e) -> {}, new Counters())) {
            session.offer(exec(START, SH, null, "/tmp/x"));
            session.offer(open(START, SH, null, "/tmp/r", 0));
            assertThat(session.remembered()).isZero();
            for (int i = 0; i < 10; i++) {
                session.offer(open(START + i * SECOND, SH, null, "/tmp/x" + i, 1));
            }
            assertThat(session.remembered()).isEqualTo(10);
            session.offer(tick(START + 65 * SECOND));
            assertThat(session.remembered()).isEqualTo(5);
            session.offer(tick(START + 75 * SECOND));
            assertThat(session.remembered()).isZero();
        }
    }

    @Test
    void remembersNothingOfWhatCameTooEarlyToMatch() {
        RuleSet set = sound(rule(
                "copied",
                "$r : FileOpen( read, file.path str[startsWith] \"/tmp/\" )\n"
                        + "$w : FileOpen( write, process.pid == $r.process.pid, this after[0s,60s] $r )\n"
                        + "$e : ProcessExec( file.path == $w.file.path, this after[0s,60s] $w )"));
        List<KernelEvent> told = new ArrayList<>();
        try (RuleSession session = new RuleSession(set, (r, e) -> told.addAll(e), new Counters())) {
            session.offer(open(START, SH, null, "/opt/x", 1));
            session.offer(open(START + 1, process(7, "cp", null), null, "/tmp/x", 0));
            session.offer(open(START + 2, SH, null, "/opt/y", 1));
            assertThat(session.remembered()).isEqualTo(1);

            session.offer(open(START + 3, process(7, "cp", null), null, "/opt/z", 1));
            assertThat(session.remembered()).isEqualTo(2);
            session.offer(exec(START + 4, SH, null, "/opt/z"));
            assertThat(told).hasSize(1);
        }
    }

    @Test
    void countsAnEventThatIsTheFirstOfTheMatchToo() {
        RuleSet set = sound(rule(
                "counts-itself",
                "$a : FileOpen( file.path str[startsWith] \"/tmp/\" )\n"
                        + "$e : ProcessExec( process.pid == $a.process.pid, this after[0s,60s] $a )\n"
                        + "accumulate( $b : FileOpen( write, process.pid == $a.process.pid, this after[0s,60s] $a,"
                        + " this before[0s,60s] $e ); $n : count(); $n >= 1 )"));

        assertThat(matches(
                        set,
                        open(START, SH, null, "/opt/x", 1),
                        open(START + 1, SH, null, "/tmp/x", 1),
                        exec(START + 2, SH, null, "/bin/a")))
                .containsExactly("counts-itself:2");
    }

    @Test
    void putsIntoWorkingMemoryOnlyWhatMayMatch() {
        List<KernelEvent> told = new ArrayList<>();
        try (RuleSession session = new RuleSession(sound(DROP_AND_RUN), (r, e) -> told.addAll(e), new Counters())) {
            for (int i = 0; i < 100; i++) {
                session.offer(open(START + i, SH, null, "/tmp/x" + i, 1));
            }
            session.offer(exec(START + 200, SH, null, "/tmp/other"));
            assertThat(session.remembered()).isEqualTo(100);
            assertThat(session.factCount()).isZero();

            session.offer(exec(START + 201, SH, null, "/tmp/x7"));
            assertThat(session.factCount()).isEqualTo(1);
        }
        assertThat(told).hasSize(2);
    }

    @Test
    void evictsTheOldestWhenARuleKeepsTooMany() {
        Counters counters = new Counters();
        List<KernelEvent> first = new ArrayList<>();
        try (RuleSession session = new RuleSession(sound(DROP_AND_RUN), (r, e) -> first.add(e.get(0)), counters, 3)) {
            for (int i = 0; i < 5; i++) {
                session.offer(open(START + i, SH, null, "/tmp/x" + i, 1));
            }
            assertThat(session.remembered()).isEqualTo(3);
            assertThat(counters.get(Counter.FACTS_EVICTED)).isEqualTo(2);
            session.offer(exec(START + 9, SH, null, "/tmp/x1"));
            session.offer(exec(START + 9, SH, null, "/tmp/x2"));
            session.offer(tick(START + 100 * SECOND));
            assertThat(session.remembered()).isZero();
        }
        assertThat(first).hasSize(1);
    }

    @Test
    void tellsTheAbsenceOfAnEarlierEvent() {
        RuleSet set = sound(rule(
                "no-login",
                "$e : ProcessExec( process.name == \"sh\" )\n"
                        + "not FileOpen( file.path == \"/var/log/wtmp\", this before[0s,60s] $e )"));

        assertThat(matches(
                        set,
                        exec(START, SH, null, "/bin/a"),
                        open(START + SECOND, SH, null, "/var/log/wtmp", 1),
                        exec(START + 2 * SECOND, SH, null, "/bin/a"),
                        exec(START + 61 * SECOND, SH, null, "/bin/a"),
                        exec(START + 62 * SECOND, SH, null, "/bin/a")))
                .containsExactly("no-login:0", "no-login:4");
    }

    @Test
    void tellsAMatchOnceHoweverManyEventsExist() {
        RuleSet set = sound(rule(
                "then-read",
                "$e : ProcessExec( process.name == \"sh\" )\n"
                        + "exists FileOpen( file.path == \"/etc/shadow\", this after[0s,60s] $e )"));

        assertThat(matches(
                        set,
                        exec(START, SH, null, "/bin/a"),
                        open(START + SECOND, SH, null, "/etc/shadow", 0),
                        open(START + 2 * SECOND, SH, null, "/etc/shadow", 0),
                        exec(START + 3 * SECOND, SH, null, "/bin/a")))
                .containsExactly("then-read:0");
    }

    @Test
    void countsAConditionThatFailsAsFalseAndGoesOn() {
        Counters counters = new Counters();
        List<String> fired = new ArrayList<>();
        RuleSet set = sound(
                rule("breaks", "$e : FileOpen( file.name == \"x\" )"),
                rule("works", "$e : FileOpen( write )"),
                rule("both", "$w : FileOpen( file.name == \"x\" )\n$e : FileOpen( this after[0s,1s] $w )"));
        try (RuleSession session = new RuleSession(set, (r, e) -> fired.add(r.id()), counters)) {
            session.offer(new FileOpen(Events.context(START, SH, null), FileTarget.ofPath(null), 1, 0, false));
            session.offer(open(START, SH, null, "/x", 1));
            assertThat(fired).containsExactlyInAnyOrder("works", "breaks", "works");
            assertThat(counters.get(Counter.RULE_ERRORS)).isPositive();
            session.offer(tick(START + 10 * SECOND));
            assertThat(session.remembered()).isZero();
        }
    }

    @Test
    void goesOnWhenTheListenerFails() {
        Counters counters = new Counters();
        try (RuleSession session = new RuleSession(
                sound(rule("a", "$e : FileOpen()")),
                (r, e) -> {
                    throw new IllegalStateException("listener");
                },
                counters)) {
            session.offer(open(START, SH, null, "/x", 1));
            session.offer(open(START, SH, null, "/x", 1));
            assertThat(counters.get(Counter.RULE_ERRORS)).isEqualTo(2);
            assertThat(session.remembered()).isZero();
        }
    }

    private static ClockTick tick(long nanos) {
        return new ClockTick(Context.of(nanos, Origin.SENSOR, Actor.NONE));
    }
}
