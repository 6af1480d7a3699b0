// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vigilant.audit.AuditDecoder;
import dev.vigilant.audit.AuditLogReader;
import dev.vigilant.container.ContainerLookup;
import dev.vigilant.counter.Counters;
import dev.vigilant.enrich.Enricher;
import dev.vigilant.event.FileOpen;
import dev.vigilant.event.FileTarget;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.event.Process;
import dev.vigilant.rules.ast.Bindings;
import dev.vigilant.rules.ast.Pattern;
import dev.vigilant.rules.eval.ConditionCompiler;
import dev.vigilant.rules.eval.EventTest;
import dev.vigilant.rules.field.EventTypes;
import dev.vigilant.rules.gate.Gate;
import dev.vigilant.source.FileSystems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The gate never holds back what a pattern wants, and does hold back most of the rest. */
class GateTest {
    private static final Path SAMPLES = Path.of("../src/samples/audit");
    private static final Process SH =
            Events.process(10, "sh", Events.process(2, "nginx", Events.process(1, "init", null)), "sh", "-c", "id");

    @ParameterizedTest
    @CsvSource(delimiter = '¦', quoteCharacter = '^', textBlock = """
            FileOpen( container != null )                                          ¦ true
            FileOpen( container == null )                                          ¦ false
            FileOpen( write )                                                      ¦ true
            FileOpen( !write )                                                     ¦ false
            FileOpen( (flags & 0x2) != 0 )                                         ¦ false
            FileOpen( flags in (1, 5) )                                            ¦ true
            FileOpen( flags in (2, 5) )                                            ¦ false
            FileOpen( (flags & 0x3) == 1 )                                         ¦ true
            FileOpen( flags > 0, flags <= 1 )                                      ¦ true
            FileOpen( flags > 1 )                                                  ¦ false
            FileOpen( flags < 1 )                                                  ¦ false
            FileOpen( flags >= 2 )                                                 ¦ false
            FileOpen( file.path == "/etc/shadow" )                                 ¦ true
            FileOpen( file.path in ("/etc/passwd", "/etc/group") )                 ¦ false
            FileOpen( file.path str[startsWith] "/etc/sh" )                        ¦ true
            FileOpen( file.path str[startsWith] "/etc/shadow2" )                   ¦ false
            FileOpen( file.path str[endsWith] "shadow" )                           ¦ true
            FileOpen( file.path str[endsWith] "gshadow" )                          ¦ false
            FileOpen( file.path contains "c/sha" )                                 ¦ true
            FileOpen( file.path contains "c/shx" )                                 ¦ false
            FileOpen( file.path str[under] "/etc/" )                               ¦ true
            FileOpen( file.path str[under] "/et" )                                 ¦ false
            FileOpen( file.path matches "/etc/g?shadow-?" )                        ¦ true
            FileOpen( file.path matches "/etc/.*/shadow" )                         ¦ false
            FileOpen( file.name == "shadow" )                                      ¦ true
            FileOpen( file.name == "hadow" )                                       ¦ false
            FileOpen( file.name == "etc/shadow" )                                  ¦ false
            FileOpen( !(file.name str[startsWith] "etc") )                         ¦ true
            FileOpen( !(file.name contains "c/s") )                                ¦ true
            FileOpen( !(file.name == "etc/shadow") )                               ¦ true
            FileOpen( !(file.name str[endsWith] "c/shadow") )                      ¦ true
            FileOpen( !(file.name str[endsWith] "dow") )                           ¦ false
            FileOpen( !(file.name in ("x", "shadow")) )                            ¦ false
            FileOpen( file.name not matches "e.*" )                                ¦ true
            FileOpen( file.path != "/etc/shadow" )                                 ¦ false
            FileOpen( file.path not matches "(/.*)?/etc/.*" )                      ¦ false
            FileOpen( file.path not matches "(/.*)?/etc/(g|x)?shadow" )            ¦ false
            FileOpen( file.path not matches "(/.*)?/etc/[^/]+" )                   ¦ false
            FileOpen( file.path not matches "(/.*)?/etc/shadow.+" )                ¦ true
            FileOpen( file.path not matches ".*" )                                 ¦ false
            FileOpen( file.rawPath == null )                                       ¦ false
            FileOpen( process.name in (Shells) )                                   ¦ true
            FileOpen( process.parent.name in (Shells) )                            ¦ false
            FileOpen( process.ancestors.name contains "init" )                     ¦ true
            FileOpen( process.ancestors.name contains "sh" )                       ¦ false
            FileOpen( process.ancestors.name not memberOf Shells )                 ¦ true
            FileOpen( process.ancestors.name not in ("nginx") )                    ¦ false
            FileOpen( process.args in ("-c", "-x") )                               ¦ true
            FileOpen( process.args str[contains] "-x" )                            ¦ false
            FileOpen( process.commandLine matches ".*sh -c .*" )                   ¦ true
            FileOpen( process.commandLine contains "sh -i" )                       ¦ false
            FileOpen( process.parent.parent.parent.name == "x" )                   ¦ false
            FileOpen( process.parent.parent.parent.name != "x" )                   ¦ true
            FileOpen( lower(file.path) == "/etc/shadow" )                          ¦ true
            FileOpen( lower(file.path) str[endsWith] "/passwd" )                   ¦ false
            FileOpen( lower(file.name) == "shadow" )                               ¦ true
            FileOpen( lower(file.directory) == "/tmp" )                            ¦ false
            FileOpen( lower(process.args) == "-c" )                                ¦ true
            FileOpen( outcome == "success" )                                       ¦ true
            FileOpen( outcome == "failure" )                                       ¦ false
            FileOpen( context.origin == "audit" )                                  ¦ true
            FileOpen( context.origin == "bpf" )                                    ¦ false
            FileOpen( !write || file.path == "/x" )                                ¦ false
            FileOpen( !write || file.path == "/etc/shadow" )                       ¦ true
            FileOpen( !(write && file.path == "/etc/shadow") )                     ¦ false
            FileOpen( process.name == "sh" && (file.path == "/x" || user.auid == 1) ) ¦ false
            FileEvent( file.path == "/etc/shadow" )                                ¦ true
            KernelEvent( process.name == "sh" )                                    ¦ true
            KernelEvent( process.name == "bash" )                                  ¦ false
            ProcessExec( )                                                         ¦ false
            FileOpen( )                                                            ¦ true
            """)
    void knowsWhatAPatternCouldWant(String pattern, boolean expected) {
        String rule = Rules.rule("r", "$e : " + pattern);
        KernelEvent event = Events.open(Events.START, SH, Events.CONTAINER, "/etc/shadow", 1);

        assertThat(Rules.sound(rule).gate().mayMatch(event)).isEqualTo(expected);

        // Where another rule has the paths looked up, their forms decide conditions on them.
        String other =
                Rules.rule("other", "$e : FileOpen( file.path == \"/nowhere\", lower(file.path) == \"/there\" )");
        assertThat(Rules.sound(rule, other).gate().mayMatch(event)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '¦', quoteCharacter = '^', textBlock = """
            FileOpen( )                                            ¦ true
            FileOpen( container != null, outcome == "success" )    ¦ true
            FileOpen( process.name != "sh" )                       ¦ true
            FileOpen( write || process.name != "sh" )              ¦ true
            FileOpen( hostPath == "/etc/shadow" )                  ¦ false
            KernelEvent( user.euid == 0 )                          ¦ false
            FileEvent( !created )                                  ¦ refused
            FileEvent( process.name not in (Shells) )              ¦ true
            FileOpen( write )                                      ¦ false
            FileOpen( file.path matches ".*/shadow" )              ¦ false
            FileOpen( lower(file.path) str[endsWith] "/shadow" )   ¦ false
            FileOpen( upper(file.path) str[endsWith] "/SHADOW" )   ¦ true
            FileOpen( file.path matches "[a-z]*" )                 ¦ true
            KernelModule( )                                        ¦ false
            """)
    void checkWarnsOfPatternsThatNothingTellsApart(String pattern, String expected) {
        CheckReport report = CheckReport.of(Rules.load(Rules.rule("r", "$e : " + pattern)));

        assertThat(report.refused()).hasSize(expected.equals("refused") ? 1 : 0);
        assertThat(report.warnings())
                .extracting(p -> p.reason().substring(0, 4))
                .filteredOn("dear"::equals)
                .containsExactly(expected.equals("true") ? new String[] {"dear"} : new String[0]);
    }

    @Test
    void noBuiltInPatternIsDear() {
        assertThat(CheckReport.of(RuleLoader.builtIn()).warnings()).isEmpty();
    }

    @Test
    void asksNothingOfOtherEvents() {
        Gate gate = Rules.sound(Rules.rule(
                        "r",
                        "$a : ProcessExec( process.name == \"x\" )\n"
                                + "$e : FileOpen( write, file.path == $a.file.path, this after[0s,9s] $a )"))
                .gate();

        assertThat(gate.mayMatch(Events.open(Events.START, SH, null, "/x", 1))).isTrue();
        assertThat(gate.mayMatch(Events.open(Events.START, SH, null, "/x", 0))).isFalse();
        assertThat(gate.mayMatch(Events.exec(Events.START, SH, null, "/x"))).isFalse();
    }

    @Test
    void letsThroughWhatCannotBeRead() {
        Gate gate = Rules.sound(Rules.rule("r", "$e : FileOpen( file.type == \"file\", file.name == \"x\" )"))
                .gate();
        FileTarget none = null;

        assertThat(gate.mayMatch(new FileOpen(Events.context(Events.START, SH, null), none, 0, 0, false)))
                .isFalse();
        assertThat(Rules.sound(Rules.rule("r", "$e : FileOpen( user.uid == 0 )"))
                        .gate()
                        .mayMatch(new FileOpen(null, none, 0, 0, false)))
                .isTrue();
    }

    @Test
    void asksAnewOfAnotherImageOrContainerOfAPid() {
        Gate gate = Rules.sound(
                        Rules.rule("r", "$e : FileOpen( container != null, process.parent.name == \"sshd\", write )"))
                .gate();
        Process byInit = Events.process(10, "sh", Events.process(1, "init", null));
        Process bySshd = Events.process(10, "sh", Events.process(2, "sshd", null));
        assertThat(byInit).isEqualTo(bySshd);

        for (int round = 0; round < 2; round++) {
            assertThat(gate.mayMatch(Events.open(Events.START, byInit, Events.CONTAINER, "/x", 1)))
                    .isFalse();
            assertThat(gate.mayMatch(Events.open(Events.START, bySshd, Events.CONTAINER, "/x", 1)))
                    .isTrue();
            assertThat(gate.mayMatch(Events.open(Events.START, bySshd, Events.CONTAINER, "/x", 0)))
                    .isFalse();
            assertThat(gate.mayMatch(Events.open(Events.START, bySshd, null, "/x", 1)))
                    .isFalse();
            assertThat(gate.mayMatch(Events.open(Events.START, null, null, "/x", 1)))
                    .isFalse();
        }
    }

    @Test
    void asksAnewOfAnotherPath() {
        Gate gate = Rules.sound(
                        Rules.rule(
                                "r",
                                "$e : FileOpen( write, process.name == \"sh\", file.path not matches \"/tmp/.*\", file.name != \"b\" )"))
                .gate();

        for (int round = 0; round < 2; round++) {
            assertThat(gate.mayMatch(Events.open(Events.START, SH, null, "/etc/a", 1)))
                    .isTrue();
            assertThat(gate.mayMatch(Events.open(Events.START, SH, null, "/tmp/a", 1)))
                    .isFalse();
            assertThat(gate.mayMatch(Events.open(Events.START, SH, null, "/etc/b", 1)))
                    .isFalse();
            assertThat(gate.mayMatch(Events.open(Events.START, SH, null, "/etc/a", 0)))
                    .isFalse();
            assertThat(gate.mayMatch(Events.open(Events.START, SH, null, "/" + "d".repeat(600) + "/b", 1)))
                    .isFalse();
            assertThat(gate.mayMatch(Events.open(Events.START, SH, null, "/" + "d".repeat(600) + "/a", 1)))
                    .isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void neverHoldsBackWhatAPatternOfRandomRulesWants(long seed) {
        Random random = new Random(seed);
        int wanted = 0;
        int held = 0;
        for (int round = 0; round < 100; round++) {
            RuleSet set = RandomRules.ruleSet(random, 1 + random.nextInt(6));
            List<Wanting> wanting = Wanting.of(set);
            Gate gate = set.gate();
            for (KernelEvent event : RandomRules.events(random, 40)) {
                boolean wants = wants(wanting, event);
                boolean may = gate.mayMatch(event);
                assertThat(may || !wants)
                        .as("seed %d, round %d: %s of %s", seed, round, event, set.rules())
                        .isTrue();
                wanted += wants ? 1 : 0;
                held += may ? 0 : 1;
            }
        }
        assertThat(wanted).isGreaterThan(400);
        assertThat(held).isGreaterThan(400);
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13})
    void gateAndSessionTellWhatTheSessionAloneTells(long seed) {
        Random random = new Random(seed);
        int told = 0;
        for (int round = 0; round < 60; round++) {
            RuleSet set = RandomRules.ruleSet(random, 6);
            told += toldAlike(set, RandomRules.events(random, 40), "seed " + seed + ", round " + round);
        }
        assertThat(told).isGreaterThan(100);
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22})
    void neverHoldsBackWhatABuiltInRuleWants(long seed) {
        RuleSet set = RuleLoader.builtIn();
        Gate gate = set.gate();
        List<Wanting> wanting = Wanting.of(set);
        RandomEvents random = new RandomEvents(new Random(seed), set.rules());
        int wanted = 0;
        int held = 0;
        List<KernelEvent> events = new ArrayList<>();
        for (int i = 0; i < 8_000; i++) {
            KernelEvent event = random.next();
            boolean wants = wants(wanting, event);
            boolean may = gate.mayMatch(event);
            assertThat(may || !wants)
                    .as("seed %d, event %d: %s", seed, i, event)
                    .isTrue();
            wanted += wants ? 1 : 0;
            held += may ? 0 : 1;
            if (i < 1_500) {
                events.add(event);
            }
        }
        assertThat(wanted).isGreaterThan(1_500);
        assertThat(held).isGreaterThan(1_000);
        assertThat(toldAlike(set, events, "seed " + seed)).isGreaterThan(200);
    }

    @Test
    void holdsBackNothingThatMattersInTheSamples() throws IOException {
        RuleSet set = RuleLoader.builtIn();
        List<KernelEvent> events = samples();
        List<Wanting> wanting = Wanting.of(set);
        Gate gate = set.gate();

        // A session's time does not go back to an older sample.
        List<KernelEvent> inOrder = events.stream()
                .sorted(Comparator.comparingLong(e -> e.context().timeNanos()))
                .toList();
        assertThat(toldAlike(set, inOrder, "samples")).isPositive();
        assertThat(events).filteredOn(e -> wants(wanting, e)).isNotEmpty().allMatch(gate::mayMatch);
        assertThat(events).filteredOn(e -> !gate.mayMatch(e)).hasSizeGreaterThan(events.size() / 4);
    }

    /** How many matches are told, with the gate as without it. */
    private static int toldAlike(RuleSet set, List<KernelEvent> events, String what) {
        KernelEvent[] all = events.toArray(KernelEvent[]::new);
        List<List<String>> alone = DroolsAlone.told(set, all);
        assertThat(Rules.told(set, event -> true, all))
                .as("%s: %s", what, set.rules())
                .isEqualTo(alone);
        return alone.stream().mapToInt(List::size).sum();
    }

    private static List<KernelEvent> samples() throws IOException {
        List<KernelEvent> events = new ArrayList<>();
        List<Path> logs;
        try (Stream<Path> files = Files.list(SAMPLES)) {
            logs = files.filter(f -> f.toString().endsWith(".log")).sorted().toList();
        }
        for (Path log : logs) {
            Enricher enricher = new Enricher(ContainerLookup.NONE);
            Counters counters = new Counters();
            try (AuditLogReader reader = new AuditLogReader(List.of(log), counters)) {
                AuditDecoder decoder = new AuditDecoder(
                        event -> {
                            enricher.enrich(event);
                            events.add(event);
                        },
                        counters,
                        FileSystems.NONE,
                        AuditDecoder.Options.FILE);
                while (reader.read(decoder) >= 0) {
                    // Reads on to the end.
                }
                decoder.finish();
            }
        }
        assertThat(events).hasSizeGreaterThan(100);
        return events;
    }

    /** What a pattern asks of an event alone, by the tests that the session uses. */
    private record Wanting(Class<?> type, List<EventTest> tests) {
        static List<Wanting> of(RuleSet set) {
            return set.rules().stream()
                    .flatMap(rule -> rule.patterns().stream())
                    .map(Wanting::of)
                    .toList();
        }

        private static Wanting of(Pattern pattern) {
            return new Wanting(
                    pattern.type(),
                    pattern.conditions().stream()
                            .filter(c -> Bindings.of(c).isEmpty())
                            .map(c -> ConditionCompiler.compile(c, List.of()))
                            .toList());
        }

        boolean wants(KernelEvent event) {
            return type.isInstance(event)
                    && !EventTypes.HIDDEN.contains(event.kind())
                    && tests.stream().allMatch(t -> t.test(event, EventTest.NONE));
        }
    }

    private static boolean wants(List<Wanting> all, KernelEvent event) {
        return all.stream().anyMatch(w -> w.wants(event));
    }
}
