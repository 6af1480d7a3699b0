// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules;

import static dev.vigilant.rules.Events.CONTAINER;
import static dev.vigilant.rules.Events.SECOND;
import static dev.vigilant.rules.Events.START;
import static dev.vigilant.rules.Events.exec;
import static dev.vigilant.rules.Events.open;
import static dev.vigilant.rules.Events.process;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vigilant.event.FileRename;
import dev.vigilant.event.FileTarget;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.event.NetworkConnect;
import dev.vigilant.event.Process;
import dev.vigilant.event.SocketAddress;
import dev.vigilant.rules.ast.Rule;
import dev.vigilant.rules.drl.RuleWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sigma's correlations: what they make of streams of events of which the truth is known. */
class SigmaCorrelationTest {
    private static final String CONNECT = """
            title: Connects
            name: connects
            logsource: {product: linux, category: network_connection}
            detection: {s: {Initiated: 'true'}, condition: s}
            """;
    private static final String WRITES = """
            title: Writes
            name: writes
            id: 11111111-0000-0000-0000-000000000001
            logsource: {product: linux, category: file_event}
            detection: {s: {TargetFilename|startswith: /data/}, condition: s}
            """;
    private static final String RUNS = """
            title: Runs %s
            name: runs_%s
            logsource: {product: linux, category: process_creation}
            detection: {s: {Image|endswith: /%s}, condition: s}
            """;
    private static final Process A = process(1, "a", null);
    private static final Process B = process(2, "b", null);

    private static String correlation(String type, String rules, String group, String more) {
        return "title: C\nlevel: high\ncorrelation:\n  type: " + type + "\n  rules: [" + rules + "]\n  group-by: ["
                + group + "]\n  timespan: 10s\n" + more;
    }

    private static RuleSet load(String... documents) {
        return RuleLoader.load(List.of(new RuleSource("x.yml", String.join("---\n", documents))));
    }

    /** The indexes of the events about which an alert is, checked against Drools alone and against the rules in DRL. */
    private static List<Integer> told(RuleSet set, KernelEvent... events) {
        assertThat(set.refused()).isEmpty();
        List<List<String>> told = Rules.told(set, e -> true, events);
        assertThat(told).isEqualTo(DroolsAlone.told(set, events));
        RuleSet converted = RuleLoader.load(List.of(
                new RuleSource("x.drl", RuleWriter.write("vigilant.site", "x", set.rules(), List.of(), List.of()))));
        assertThat(converted.refused()).isEmpty();
        List<List<String>> again = Rules.told(converted, e -> true, events);
        List<Integer> about = new ArrayList<>();
        for (int i = 0; i < told.size(); i++) {
            assertThat(again.get(i)).hasSameSizeAs(told.get(i));
            if (!told.get(i).isEmpty()) {
                about.add(i);
            }
        }
        return about;
    }

    @Test
    void countsEventsOfAGroup() {
        RuleSet set = load(CONNECT, correlation("event_count", "connects", "Image", "  condition: {gte: 3}\n"));

        assertThat(told(
                        set,
                        connect(0, A, 1),
                        connect(1, A, 1),
                        connect(2, B, 1),
                        connect(3, A, 1),
                        connect(4, A, 2),
                        connect(13, A, 1),
                        connect(25, A, 1)))
                .containsExactly(3, 4, 5);
        assertThat(set.describe()).singleElement().satisfies(d -> {
            assertThat(d.id()).isEqualTo("sigma-c");
            assertThat(d.severity().label()).isEqualTo("error");
        });
        assertThat(set.rules().get(0).limit().text()).isEqualTo("1 per 10s by process.executable");
        assertThat(set.tuning().limits()).containsOnlyKeys("sigma-c");
    }

    @Test
    void takesAGreaterThanAsOneMore() {
        RuleSet set = load(CONNECT, correlation("event_count", "connects", "Image", "  condition: {gt: 2}\n"));

        assertThat(told(set, connect(0, A, 1), connect(1, A, 1), connect(2, A, 1)))
                .containsExactly(2);
    }

    @Test
    void countsDifferentValues() {
        RuleSet set = load(
                CONNECT,
                correlation(
                        "value_count", "connects", "container.id", "  condition: {field: DestinationPort, gte: 3}\n"));

        assertThat(told(
                        set,
                        connect(0, A, 1),
                        connect(1, A, 1),
                        connect(2, A, 2),
                        connect(3, A, 2),
                        connect(4, B, 3),
                        connect(5, B, 1),
                        connect(15, B, 9)))
                .containsExactly(4, 5);
    }

    @Test
    void addsTheKindsOfEventsThatARuleIsAbout() {
        RuleSet set = load(
                WRITES,
                correlation(
                        "event_count", "11111111-0000-0000-0000-000000000001", "Computer", "  condition: {gte: 3}\n"));

        assertThat(set.rules()).hasSize(2);
        assertThat(told(
                        set,
                        write(0, A, "/data/x"),
                        rename(1, B, "/data/y"),
                        write(2, A, "/etc/x"),
                        write(3, B, "/data/z"),
                        rename(4, A, "/data/y")))
                .containsExactly(3, 4);
    }

    @Test
    void tellsEventsInAnyOrder() {
        RuleSet set = load(
                RUNS.formatted("id", "id", "id"),
                RUNS.formatted("ps", "ps", "ps"),
                correlation("temporal", "runs_id, runs_ps", "container.id", ""));

        KernelEvent[] events = {run(0, "id"), run(1, "ps"), run(20, "ps"), run(29, "id"), run(45, "ps"), run(46, "ps")};
        assertThat(told(set, events)).containsExactly(1, 3);
        assertThat(Rules.matches(set, events)).containsExactly("sigma-c:0,1", "sigma-c:2,3");
    }

    @Test
    void tellsEventsInTheirOrderOnly() {
        RuleSet set = load(
                RUNS.formatted("a", "a", "a"),
                RUNS.formatted("b", "b", "b"),
                RUNS.formatted("c", "c", "c"),
                correlation("temporal_ordered", "runs_a, runs_b, runs_c", "container.id", ""));

        KernelEvent[] events = {
            run(0, "b"), run(1, "a"), run(2, "c"), run(3, "b"), run(4, "c"), run(30, "a"), run(35, "b"), run(41, "c")
        };
        assertThat(told(set, events)).containsExactly(4);
        assertThat(Rules.matches(set, events)).containsExactly("sigma-c:1,3,4");
    }

    @Test
    void joinsFieldsByAliases() {
        RuleSet set = load(
                WRITES,
                RUNS.formatted("x", "x", "x"),
                correlation(
                        "temporal_ordered",
                        "writes, runs_x",
                        "file",
                        "  aliases:\n    file:\n      writes: TargetFilename\n      runs_x: Image\n"));

        assertThat(told(
                        set,
                        write(0, A, "/data/x"),
                        exec(START + SECOND, process(5, "x", null), CONTAINER, "/usr/bin/x"),
                        exec(START + 2 * SECOND, named("/data/x"), CONTAINER, "/data/x")))
                .containsExactly(2);
    }

    @Test
    void findsRulesInOtherFilesOfTheSameLoad() {
        RuleSet set = RuleLoader.load(List.of(
                new RuleSource("c.yml", correlation("event_count", "connects", "Image", "  condition: {gte: 2}\n")),
                new RuleSource("b.yml", CONNECT)));

        assertThat(told(set, connect(0, A, 1), connect(1, A, 1))).containsExactly(1);
    }

    @Test
    void letsItsRulesTellOnlyWhereItGeneratesThem() {
        String count = correlation("event_count", "connects", "Image", "  condition: {gte: 2}\n");

        assertThat(load(CONNECT, count).describe()).extracting(d -> d.id()).containsExactly("sigma-c");
        assertThat(load(CONNECT, count + "generate: true\n").describe())
                .extracting(d -> d.id())
                .containsExactlyInAnyOrder("sigma-connects", "sigma-c");
        assertThat(load(CONNECT, count + "  generate: true\n").describe()).hasSize(2);
        RuleSet refused = load(CONNECT, count.replace("gte", "lte"));
        assertThat(refused.refused()).hasSize(1);
        assertThat(refused.describe()).isEmpty();
    }

    @Test
    void countsAsOneWouldByHandOnRandomStreams() {
        RuleSet set = load(CONNECT, correlation("event_count", "connects", "Image", "  condition: {gte: 4}\n"));
        RuleSet ports = load(
                CONNECT,
                correlation("value_count", "connects", "Image", "  condition: {field: DestinationPort, gte: 3}\n"));
        Random random = new Random(3);
        int counted = 0;
        int different = 0;
        for (int round = 0; round < 20; round++) {
            NetworkConnect[] events = new NetworkConnect[60];
            int time = 0;
            for (int i = 0; i < events.length; i++) {
                time += 1 + random.nextInt(4);
                events[i] = connect(time, random.nextBoolean() ? A : B, 1 + random.nextInt(4));
            }
            List<Integer> many = new ArrayList<>();
            List<Integer> varied = new ArrayList<>();
            for (int i = 0; i < events.length; i++) {
                NetworkConnect last = events[i];
                List<NetworkConnect> group = Arrays.stream(events)
                        .limit(i + 1L)
                        .filter(e ->
                                e.process().executable().equals(last.process().executable()))
                        .filter(e -> last.context().timeNanos() - e.context().timeNanos() <= 10 * SECOND)
                        .toList();
                if (group.size() >= 4) {
                    many.add(i);
                }
                if (group.stream().map(e -> e.address().port()).distinct().count() >= 3) {
                    varied.add(i);
                }
            }
            assertThat(told(set, events)).isEqualTo(many);
            assertThat(told(ports, events)).isEqualTo(varied);
            counted += many.size();
            different += varied.size();
        }
        assertThat(counted).isBetween(100, 1100);
        assertThat(different).isBetween(100, 1100);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
            event_count|connects|Image|condition: {lt: 3}|`lt` is known only when the timespan is over
            event_count|connects|Image|condition: {gte: 3, lte: 9}|`lte` is known only when the timespan is over
            event_count|connects|Image|condition: {gte: 0}|counts from 1 to 9999
            event_count|connects|Image|condition: {gte: 3, feild: x}|unknown key `feild`: did you mean `field`?
            event_count|connects|Image|wait: 3|unknown key `wait`
            event_count|connect|Image|condition: {gte: 3}|no rule has the name or id `connect`: did you mean `connects`?
            event_count|connects|TargetFilename|condition: {gte: 3}|`TargetFilename` is no single value of network_connect events
            event_count|connects|Imge|condition: {gte: 3}|`Imge` is no single value of network_connect events, which the rule "Connects" is about: did you mean `Image`?
            value_count|connects|Image|condition: {gte: 3}|whose values? add one field
            value_count|writes|Image|condition: {field: TargetFilename, gte: 3}|counts the values of several kinds of events (file_open, file_rename)
            value_sum|connects|Image|condition: {gte: 3}|`value_sum`: events and different values are counted
            event_cuont|connects|Image|condition: {gte: 3}|unknown type `event_cuont`: did you mean `event_count`?
            temporal|connects|Image|generate: false|one rule alone is no sequence
            temporal|connects, writes|Image|condition: connects or writes|a sequence needs all of its rules here
            temporal|connects, other|Image|generate: false|`other` is a correlation itself
            temporal|connects, broken|Image|generate: false|its rule `broken` is refused: category `webserver` is not sensed
            temporal|connects, writes|f|aliases: {f: {connects: Image}}|alias `f` says no field for the rule `writes`
            """)
    void refusesWithAReason(String type, String rules, String group, String more, String reason) {
        String other = correlation("event_count", "connects", "Image", "  condition: {gte: 2}\n")
                .replace("title: C", "title: O\nname: other");
        String broken = CONNECT.replace("network_connection", "webserver")
                .replace("onnects", "onnects_no")
                .replace("name: connects_no", "name: broken");
        RuleSet set = load(CONNECT, WRITES, other, broken, correlation(type, rules, group, "  " + more + "\n"));

        assertThat(set.refused())
                .filteredOn(p -> p.rule().equals("C"))
                .singleElement()
                .satisfies(p -> assertThat(p.reason()).contains(reason));
    }

    @Test
    void takesAConditionThatNeedsAllRules() {
        for (String condition : List.of("runs_a AND runs_b", "{gte: 2}", "{gt: 1}", "{eq: 2}")) {
            RuleSet set = load(
                    RUNS.formatted("a", "a", "a"),
                    RUNS.formatted("b", "b", "b"),
                    correlation("temporal", "runs_a, runs_b", "Computer", "  condition: " + condition + "\n"));
            assertThat(set.refused()).as(condition).isEmpty();
            assertThat(set.rules()).extracting(Rule::evidence).hasSize(2);
        }
    }

    private static NetworkConnect connect(int seconds, Process process, int port) {
        return new NetworkConnect(
                Events.context(START + seconds * SECOND, process, CONTAINER),
                3,
                new SocketAddress(SocketAddress.AF_INET, "10.0.0.1", port, null, null));
    }

    private static KernelEvent write(int seconds, Process process, String path) {
        return open(START + seconds * SECOND, process, CONTAINER, path, 0x41);
    }

    private static KernelEvent rename(int seconds, Process process, String path) {
        return new FileRename(
                Events.context(START + seconds * SECOND, process, CONTAINER),
                FileTarget.ofPath("/tmp/old"),
                FileTarget.ofPath(path));
    }

    private static KernelEvent run(int seconds, String name) {
        return exec(START + seconds * SECOND, process(3, name, null), CONTAINER, "/usr/bin/" + name);
    }

    private static Process named(String path) {
        Process like = process(6, "x", null);
        return new Process(
                6,
                like.startNanos(),
                "x",
                path,
                false,
                List.of(),
                "/",
                like.credentials(),
                null,
                null,
                null,
                false,
                null);
    }
}
