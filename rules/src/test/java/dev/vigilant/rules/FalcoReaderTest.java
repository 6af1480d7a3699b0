// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vigilant.alert.RuleDescription;
import dev.vigilant.alert.Severity;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.rules.ast.Problem;
import dev.vigilant.source.Interest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FalcoReaderTest {
    private static final Map<String, KernelEvent> EVENTS = FalcoEvents.all();

    private static RuleSet load(String... files) {
        List<RuleSource> sources = new ArrayList<>();
        for (int i = 0; i < files.length; i++) {
            sources.add(new RuleSource((char) ('a' + i) + ".yaml", files[i]));
        }
        return RuleLoader.load(sources);
    }

    private static String rule(String name, String condition) {
        return "- rule: " + name + "\n  desc: d\n  output: o\n  priority: INFO\n  condition: " + condition + "\n";
    }

    /** The events that a set of rules matches. */
    private static List<String> matches(RuleSet set) {
        assertThat(set.refused()).isEmpty();
        List<String> names = List.copyOf(EVENTS.keySet());
        TreeSet<String> matched = new TreeSet<>();
        for (String match : Rules.matches(set, EVENTS.values().toArray(KernelEvent[]::new))) {
            matched.add(names.get(Integer.parseInt(match.substring(match.indexOf(':') + 1))));
        }
        return List.copyOf(matched);
    }

    @Test
    void readsTheMetadata() {
        RuleSet set = load("""
                - required_engine_version: 0.57.0
                - required_plugin_versions:
                    - name: container
                      version: 0.4.0
                - rule: A shell (in a container)
                  desc: >
                    A shell
                    was run.
                  condition: evt.type in (execve, connect) and proc.name in (sh, curl) and container.id != host
                  output: Run | file=%fd.name by=%proc.name of=%proc.pname line=%proc.cmdline user=%user.uid gone=%evt.cpu e=%evt.type
                  priority: Critical
                  tags: [maturity_stable, container, mitre_execution, T1059.004, T1611]
                """);
        RuleDescription rule = set.describe().get(0);

        assertThat(set.describe()).hasSize(1);
        assertThat(set.rules()).hasSize(2);
        assertThat(rule.id()).isEqualTo("falco-a-shell-in-a-container");
        assertThat(rule.name()).isEqualTo("A shell (in a container)");
        assertThat(rule.pack()).isEqualTo("falco");
        assertThat(rule.description()).isEqualTo("A shell was run.");
        assertThat(rule.severity()).isEqualTo(Severity.CRITICAL);
        assertThat(rule.techniques()).containsExactly("T1059.004", "T1611");
        assertThat(rule.tags()).contains("maturity_stable", "mitre_execution");
        assertThat(rule.file()).isEqualTo("a.yaml");
        assertThat(rule.line()).isEqualTo(5);
        assertThat(set.message(rule, List.of(EVENTS.get("exec"))))
                .isEqualTo("Run | file=<NA> by=sh of=nginx line=sh -c cat /etc/shadow user=0 gone=<NA> e=execve");
        assertThat(set.message(rule, List.of(EVENTS.get("connect"))))
                .startsWith("Run | file=10.1.2.3:443 by=curl of=sh ");
        assertThat(set.interests()).hasSize(2);
    }

    @Test
    void laterDefinitionsReplaceEarlierOnesWhereTheyStood() {
        String file = "- list: names\n  items: [cat]\n- macro: m\n  condition: proc.name in (names)\n"
                + "- macro: n\n  condition: m\n" + rule("r", "n");

        assertThat(matches(load(file))).containsExactly("open");
        assertThat(matches(load(file, "- list: names\n  items: [pause]"))).containsExactly("unknown");
        assertThat(matches(load(file, "- macro: m\n  condition: evt.type = bpf")))
                .containsExactly("bpf");
        assertThat(matches(load(file, rule("r", "evt.type = setuid")))).containsExactly("setuid");
    }

    @Test
    void overridesAndAppends() {
        String file = "- list: names\n  items: [cat]\n- macro: m\n  condition: (proc.name in (names))\n"
                + rule("r", "m and evt.type in (openat, execve, bpf)");

        assertThat(matches(load(file, "- list: names\n  items: [sh]\n  override: {items: append}")))
                .containsExactly("exec", "open");
        assertThat(matches(load(file, "- list: names\n  items: [sh]\n  append: true")))
                .containsExactly("exec", "open");
        assertThat(matches(load(file, "- list: names\n  items: [sh]\n  override: {items: replace}")))
                .containsExactly("exec");
        assertThat(matches(load(file, "- macro: m\n  condition: or proc.name = vi\n  override: {condition: append}")))
                .containsExactly("bpf", "failed", "open");
        assertThat(matches(load(file, "- rule: r\n  condition: and fd.num < 0\n  override: {condition: append}")))
                .isEmpty();
        assertThat(matches(load(file, "- rule: r\n  condition: or evt.type = setuid\n  append: true")))
                .containsExactly("open", "setuid");
        RuleSet changed = load(
                file,
                "- rule: r\n  priority: error\n  tags: [x]\n  output: and more\n  condition: evt.type = bpf\n"
                        + "  override: {priority: replace, tags: append, output: append, condition: replace}");
        assertThat(matches(changed)).containsExactly("bpf");
        assertThat(changed.describe().get(0).severity()).isEqualTo(Severity.ERROR);
        assertThat(changed.describe().get(0).tags()).containsExactly("x");
        assertThat(changed.describe().get(0).message()).isEqualTo("o and more");
    }

    @Test
    void switchesRulesOnAndOff() {
        String off = rule("r", "evt.type = bpf") + "  enabled: false\n";

        assertThat(load(off).describe()).isEmpty();
        assertThat(load(off).refused()).isEmpty();
        assertThat(matches(load(off, "- rule: r\n  enabled: true"))).containsExactly("bpf");
        assertThat(matches(load(off, "- rule: r\n  enabled: true\n  override: {enabled: replace}")))
                .containsExactly("bpf");
        assertThat(load(rule("r", "evt.type = bpf"), "- rule: r\n  enabled: false")
                        .describe())
                .isEmpty();
    }

    @Test
    void leavesOutWhatIsExcepted() {
        String file =
                "- list: cats\n  items: [cat, tac]\n" + rule("r", "evt.type in (openat, open, execve, bpf)") + """
                  exceptions:
                    - name: names
                      fields: proc.name
                      values: [vi, x]
                    - name: pairs
                      fields: [proc.name, fd.name]
                      comps: [in, startswith]
                      values:
                        - [[cats], /etc]
                        - [[nginx, httpd], /usr]
                    - name: later
                      fields: [proc.pname, evt.type]
                """;

        assertThat(matches(load(rule("r", "evt.type in (openat, open, execve, bpf)"))))
                .containsExactly("bpf", "exec", "failed", "open", "start", "unknown", "write");
        assertThat(matches(load(file))).containsExactly("exec", "start", "unknown");
        assertThat(matches(load(
                        file,
                        "- rule: r\n  exceptions:\n    - name: later\n      values: [[systemd, execve]]\n"
                                + "  override: {exceptions: append}")))
                .containsExactly("exec", "unknown");
        assertThat(matches(load(
                        file,
                        "- rule: r\n  exceptions:\n    - name: one\n      fields: [proc.cmdline]\n"
                                + "      values: [[\"sh -c cat /etc/shadow\"]]\n  override: {exceptions: replace}")))
                .containsExactly("bpf", "failed", "open", "start", "unknown", "write");
    }

    @Test
    void listsSeeEarlierListsAndMacrosEarlierMacros() {
        assertThat(matches(load("- list: all\n  items: [late, cat]\n- list: late\n  items: [vi]\n"
                        + rule("r", "evt.type in (openat, bpf) and proc.name in (all)"))))
                .containsExactly("open");
        assertThat(matches(load(rule("r", "proc.name in (late)") + "- list: late\n  items: [cat]\n")))
                .containsExactly("open");
        assertThat(matches(load(rule("r", "late") + "- macro: late\n  condition: proc.name = cat\n")))
                .containsExactly("open");
        assertThat(load("- macro: a\n  condition: b\n- macro: b\n  condition: proc.name = cat\n" + rule("r", "a"))
                        .refused())
                .extracting(Problem::toString)
                .containsExactly("a.yaml:2:14: rule \"r\": the macro `b` is defined later, at a.yaml:3:3:"
                        + " macros see those before them");
    }

    @Test
    void saysWhatOfARuleCannotBeKnown() {
        RuleSet set = load(rule("env", "evt.type = execve and evt.buffer contains LD_PRELOAD")
                + rule("part", "evt.type = execve and (evt.buffer contains LD_PRELOAD or proc.name = sh)")
                + rule("empty", "evt.type = execve and proc.name in ()")
                + rule("other", "ka.verb = create")
                + "- rule: audit\n  source: k8s_audit\n  desc: d\n  output: o\n  priority: INFO\n"
                + "  condition: ka.verb = create\n");

        assertThat(set.describe()).extracting(RuleDescription::name).containsExactly("part", "empty");
        assertThat(set.refused())
                .extracting(Problem::toString)
                .containsExactly(
                        "a.yaml:1:3: rule \"env\": can never match here: `evt.buffer`: what is read and written is"
                                + " not sensed",
                        "a.yaml:16:3: rule \"other\": can never match here: `ka.verb` comes from another source than"
                                + " system calls",
                        "a.yaml:21:3: rule \"audit\": source `k8s_audit`: Vigilant senses the kernel's events, source"
                                + " `syscall`");
        assertThat(set.warnings())
                .extracting(Problem::toString)
                .containsExactly(
                        "a.yaml:6:3: rule \"part\": a part of it counts as false: `evt.buffer`: what is read"
                                + " and written is not sensed",
                        "a.yaml:11:3: rule \"empty\": can never match as it is written: fill the lists and macros that"
                                + " it leaves empty");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
            proc.name = cat vi                       | 6:29 expected `and`, `or` or the end instead of `vi`
            proc.name in (cat, vi                    | 6:33 expected `,` or `)` instead of the end
            proc.name in cat                         | 6:26 expected `(` after `in` instead of `cat`
            (proc.name = cat                         | 6:28 expected `)` instead of the end
            proc.name = "cat                         | 6:25 a string without its closing quote
            proc.name contians cat                   | 6:23 unknown operator `contians`: did you mean `contains`?
            proc.name                                | 6:21 expected an operator after `proc.name` instead of the end
            proc.nmae = cat                          | 6:13 unknown field `proc.nmae`: did you mean `proc.name`?
            proc.name = val(proc.nmae)               | 6:13 unknown field `proc.nmae`: did you mean `proc.name`?
            name = cat                               | 6:13 `name` is no field: fields have a dot
            spawned                                  | 6:13 unknown macro `spawned`: define it before
            proc.name = cat and                      | 6:31 expected a field or a macro instead of the end
            proc.name > 3                            | 6:13 `proc.name` cannot be compared with `>`: only numbers have an order
            proc.pid = x                             | 6:13 `proc.pid` cannot be compared with `=`: `x` is no whole number
            fd.sip = example.com                     | 6:13 `fd.sip` cannot be compared with `=`: `example.com` is neither an address nor a network
            fd.name regex "(a"                       | 6:13 RE2 does not take the expression "(a"
            fd.name glob "!(a)"                      | 6:13 `!(` in `!(a)` has no regular expression: write `not ... glob`
            concat(proc.name, proc.pname) = x        | 6:13 the transformer `concat` is not taken
            """)
    void refusesAConditionWithItsPlaceAndARemedy(String condition, String expected) {
        List<Problem> refused = load("- rule: r\n  desc: d\n  output: o\n  priority: INFO\n  condition: >\n            "
                        + condition + "\n" + rule("sound", "evt.type = bpf"))
                .refused();

        assertThat(refused).hasSize(1);
        assertThat(refused.get(0).rule()).isEqualTo("r");
        String place = refused.get(0).position().line() + ":"
                + refused.get(0).position().column();
        assertThat(place + " " + refused.get(0).reason()).startsWith(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
            x: y                                                            | 1:1 Falco's rule files are lists: begin with `- rule: ...`
            - x                                                             | 1:3 expected `rule: ...`, `macro: ...` or `list: ...`
            - x: y                                                          | 1:3 neither `rule`, `macro`, `list` nor `required_engine_version`
            - rule: r\\n  desc: [x                                           | 2: not YAML
            - rule: r                                                       | 1:3 no `desc`: add `desc: a sentence for the analyst`
            - rule: r\\n  desc: d\\n  condition: evt.type=bpf\\n  output: o   | 1:3 no `priority`: add `priority: WARNING`
            - rule: r\\n  desc: d\\n  condition: evt.type=bpf\\n  output: o\\n  priority: WARNNG | 5:13 unknown priority `WARNNG`: did you mean `WARNING`?
            - rule: r\\n  desc: [d]                                          | 2:9 `desc` takes one text
            - list: l\\n  items: {a: b}                                      | 2:10 `items` takes a list of texts
            - macro: m                                                      | 1:3 no `condition`: add
            - rule: r\\n  enabled: true                                      | 1:3 rule "r" is not defined before: there is nothing to change
            - rule: r\\n  condition: x\\n  append: true                       | 1:3 rule "r" is not defined before
            - list: l\\n  items: [a]\\n  append: true                         | 1:3 list l is not defined before: there is nothing to change
            - macro: m\\n  condition: x\\n  override: {condition: append}     | 1:3 macro m is not defined before
            - macro: sound\\n  condition: x\\n  override: {condition: add}    | 3:13 `add`: write append or replace
            - macro: sound\\n  condition: x\\n  append: true\\n  override: {condition: append} | 3:11 `append` and `override` together: leave `append` out
            - rule: sound\\n  priority: INFO\\n  override: {priority: append} | 2:13 `priority` can only be replaced
            - rule: sound\\n  priority: INFO\\n  tags: [a]\\n  override: {tags: append} | 4:13 `priority` is given and not in `override`: add `priority: replace`
            - rule: sound\\n  override: {tags: append}                       | 2:20 override of `tags`, which is not given here: add `tags: ...`
            - rule: sound\\n  enabled: perhaps                               | 2:12 `enabled: perhaps`: write true or false
            - rule: sound\\n  exceptions: [{name: e, fields: [proc.name, fd.name], comps: [in]}]\\n  append: true | 2:16 exception `e` has 2 fields and 1 comps: give each field one
            - rule: sound\\n  exceptions: [{name: e, fields: [proc.name, fd.name], values: [[a]]}]\\n  append: true | exception `e` has 2 fields, and one of its values 1 parts: give each field a value
            - required_engine_version: new                                  | 1:28 no version: write `0.57.0`
            """)
    void refusesAnEntryWithItsPlaceAndARemedy(String text, String expected) {
        RuleSet set = load(
                "- macro: sound\n  condition: evt.type = bpf\n" + rule("sound", "sound"), text.replace("\\n", "\n"));

        assertThat(set.refused()).hasSize(1);
        Problem problem = set.refused().get(0);
        assertThat(problem.position().file()).isEqualTo("b.yaml");
        String shown = problem.position().line() + ":" + problem.position().column() + " " + problem.reason();
        assertThat(shown.replaceFirst("^2:\\d+ not YAML", "2: not YAML")).contains(expected);
        assertThat(matches(load("- macro: sound\n  condition: evt.type = bpf\n" + rule("sound", "sound"))))
                .containsExactly("bpf");
        assertThat(set.describe()).extracting(RuleDescription::name).containsExactly("sound");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
            evt.type in (open, openat, openat2) and evt.is_open_write=true and fd.typechar='f' and fd.num>=0 and fd.name startswith /root/.ssh | FILE_OPEN ANYWHERE success flags ANY_BIT 3 [root]
            evt.type in (open, openat) and evt.is_open_read=true and fd.num>=0 and container.id != host and fd.directory = /etc/pam.d | FILE_OPEN CONTAINER success [pam.d]
            evt.type = open and fd.name in (/etc/shadow, /etc/sudoers) and container.id = host  | FILE_OPEN HOST open [shadow, sudoers]
            evt.type = chmod and evt.arg.mode contains S_ISUID            | FILE_CHMOD ANYWHERE mode ANY_BIT 2048
            evt.type in (dup, dup2) and evt.rawres in (0, 1, 2)           | FD_DUPLICATE ANYWHERE success newFd GREATER_OR_EQUAL 0 newFd LESS_OR_EQUAL 2
            evt.type = userfaultfd                                        | SYSTEM_CALL ANYWHERE userfaultfd
            evt.type = ptrace and evt.arg.request = PTRACE_ATTACH         | PROCESS_ACCESS ANYWHERE request EQUAL 16
            """)
    void asksTheSensorForWhatARuleSays(String condition, String expected) {
        List<String> interests = load(rule("r", condition)).interests().stream()
                .filter(i -> !i.syscalls().equals(List.of("dup")))
                .map(FalcoReaderTest::shown)
                .toList();

        assertThat(interests).containsExactly(expected);
    }

    private static String shown(Interest interest) {
        StringBuilder shown = new StringBuilder(interest.kind() + " " + interest.place());
        shown.append(interest.successful() ? " success" : "");
        interest.syscalls().forEach(s -> shown.append(' ').append(s));
        interest.conditions()
                .forEach(c -> shown.append(' ')
                        .append(c.component())
                        .append(' ')
                        .append(c.comparison())
                        .append(' ')
                        .append(c.value()));
        TreeSet<String> components = new TreeSet<>(interest.file().pathComponents());
        return shown.append(components.isEmpty() ? "" : " " + components).toString();
    }

    @Test
    void warnsOfUnknownKeysAndOfANewerLanguage() {
        RuleSet set = load("- required_engine_version: 0.99.0\n" + rule("r", "evt.type = bpf") + "  conditon: x\n");

        assertThat(set.warnings())
                .extracting(Problem::toString)
                .containsExactly(
                        "a.yaml:1:28: written for engine version 0.99.0, and this reads the language of 0.57.0: what is"
                                + " not known is refused by rule",
                        "a.yaml:7:13: rule \"r\": unknown key `conditon`: did you mean `condition`?");
    }

    @Test
    void loadsBesideOtherRules(@TempDir Path directory) throws IOException {
        Files.writeString(directory.resolve("a.yaml"), rule("one", "evt.type = bpf"));
        Files.writeString(
                directory.resolve("b.yml"), rule("two", "shells") + "- macro: shells\n  condition: proc.name = sh");
        Files.writeString(directory.resolve("c.drl"), "package c;\n" + Rules.rule("three", "$e : FileOpen( write )"));
        Files.writeString(directory.resolve("d.lists.yaml"), "A: [x]");

        assertThat(RuleLoader.load(directory).refused()).isEmpty();
        assertThat(RuleLoader.load(directory).describe())
                .extracting(RuleDescription::id)
                .containsExactly("three", "falco-one", "falco-two");
    }
}
