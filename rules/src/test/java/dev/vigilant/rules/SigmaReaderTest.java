// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vigilant.alert.RuleDescription;
import dev.vigilant.alert.Severity;
import dev.vigilant.event.Process;
import dev.vigilant.rules.ast.ParsedFile;
import dev.vigilant.rules.sigma.SigmaReader;
import dev.vigilant.rules.translate.Accounts;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Modifiers, conditions and metadata of Sigma's rules, and what is refused. */
class SigmaReaderTest {
    private static final String HEAD = """
            title: A Title
            id: 0d2bd5d6-5a4b-4a3e-8f4e-1f0f5a0b0c0d
            description: Says what it sees
            logsource: {product: linux, category: process_creation}
            """;

    private static ParsedFile read(String text) {
        SigmaReader reader = new SigmaReader(Accounts.NONE);
        reader.read("x.yml", text);
        return reader.compile();
    }

    private static ParsedFile detect(String selection) {
        return read(HEAD + "detection:\n  selection:\n    " + selection + "\n  condition: selection\n");
    }

    private static boolean fires(ParsedFile file, String commandLine) {
        assertThat(file.refused()).isEmpty();
        Process parent = Events.process(1, "sshd", null, "sshd:", "bob");
        Process process = Events.process(2, "sh", parent, commandLine.split(" ", -1));
        RuleSet set = new RuleSet(file.rules(), List.of(), List.of(), Map.of());
        return !Rules.matches(
                        set,
                        Events.exec(
                                Events.START,
                                process,
                                null,
                                "/usr/bin/sh",
                                process.args().toArray(String[]::new)))
                .isEmpty();
    }

    private static void decides(String selection, String matching, String other) {
        ParsedFile file = detect(selection);
        assertThat(fires(file, matching)).as(selection + " of " + matching).isTrue();
        assertThat(fires(file, other)).as(selection + " of " + other).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '~',
            value = {
                "CommandLine: 'nc -L'; NC -l; nc -lv",
                "CommandLine: ['a', 'b c']; b c; c",
                "CommandLine|contains: 'Dev'; cat /dev/x; cat /de v",
                "CommandLine|startswith: nc; NC -l; xnc",
                "CommandLine|endswith: ' -l'; nc -L; nc -l x",
                "CommandLine|contains|all: [a1, b2]; x B2 a1; x a1",
                "CommandLine|cased: nc; nc; Nc",
                "CommandLine|contains|cased: Nc; xNc; xnc",
                "CommandLine|neq: nc; ncat; NC",
                "CommandLine|re: 'n[cd]$'; x nd; x nd y",
                "CommandLine|re: 'N'; xN; xn",
                "CommandLine|re|i: 'n[cd]$'; x ND; x NE",
                "CommandLine|re|m|i: '^b$'; B; ab",
                "CommandLine|windash|contains: ' -x '; a /x b; a x b",
                "CommandLine|windash|contains: ' -x '; a \u2013x b; a +x b",
                "CommandLine|windash|contains|all: [' -x', ' -y']; a /x -y; a /x",
                "CommandLine: 'a*b?c'; aXXbYc; aXXbc",
                "CommandLine: 'a\\*b'; a*b; axb",
                "CommandLine: 'a\\?b'; a?b; axb",
                "CommandLine: 'a\\\\*b'; a\\xb; a*b",
                "CommandLine: 'a\\nb'; a\\nb; anb",
                "CommandLine: '*nc*'; xNCx; n c",
                "CommandLine: 7; 7; 77",
                "Image|endswith: '/SH'; x; ~~",
                "ParentImage: /usr/bin/sshd; x; ~~",
                "ParentCommandLine|contains: 'SSHD: bob'; x; ~~",
                "CurrentDirectory: /; x; ~~",
                "User: root; x; ~~",
                "ProcessId|gt: 1; x; ~~",
                "ProcessId|gte: 2; x; ~~",
                "ProcessId|lt: 3; x; ~~",
                "ProcessId|lte: 2; x; ~~",
                "ProcessId: [1, 2]; x; ~~",
                "ParentProcessId: 1; x; ~~",
                "CurrentDirectory|exists: true; x; ~~",
                "CommandLine|fieldref: Image; /USR/bin/sh; /usr/bin/bash",
                "CommandLine|fieldref|startswith: Image; /usr/bin/sh -c; sh",
                "CommandLine|fieldref|endswith: Image; exec /usr/bin/sh; /usr/bin/sh x",
                "CommandLine|contains|fieldref: Image; x /usr/bin/sh y; x",
                "CommandLine|fieldref|cased: Image; /usr/bin/sh; /USR/bin/sh",
                "CommandLine|fieldref|neq: Image; x; /usr/bin/sh",
            })
    void comparesAsSigmaDoes(String selection, String matching, String other) {
        if (other == null || other.isEmpty()) {
            ParsedFile file = detect(selection);
            assertThat(fires(file, matching)).as(selection).isTrue();
            String field = selection.replaceFirst("[|:].*", "");
            ParsedFile contrary = read(HEAD + "detection:\n  s:\n    " + selection + "\n  condition: not s\n");
            assertThat(fires(contrary, matching)).as("not " + field).isFalse();
        } else {
            decides(selection, matching, other);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ProcessId|gt, 2",
        "ProcessId|gte, 3",
        "ProcessId|lt, 2",
        "ProcessId|lte, 1",
        "ProcessId, 3",
        "User, 1",
        "Image|endswith, /bash",
        "ParentImage, /usr/bin/sh",
        "CurrentDirectory, /tmp",
        "ParentProcessId, 2",
        "CurrentDirectory|exists, false",
        "ParentCommandLine|contains, alice",
        "LogonId, 7",
        "CommandLine, null",
    })
    void doesNotMatchOthers(String key, String value) {
        assertThat(fires(detect(key + ": " + value), "x")).isFalse();
    }

    @Test
    void looksForTextsInBase64() {
        String plain = "/bin/bash -i >& /dev/tcp/";
        decides("CommandLine|base64|contains: '" + plain + "'", "echo " + base64(plain), "echo " + base64("x" + plain));
        for (String before : List.of("", "1", "22", "333")) {
            decides(
                    "CommandLine|base64offset|contains: '" + plain + "'",
                    "echo " + base64(before + plain + "10.0.0.1"),
                    "echo " + base64(before + "/bin/bash -c >& /dev/tcp/"));
        }
        String wide = Base64.getEncoder().encodeToString("x ping y".getBytes(StandardCharsets.UTF_16LE));
        decides("CommandLine|wide|base64offset|contains: 'ping'", "echo " + wide, "echo " + base64("x ping y"));
        decides("CommandLine|utf16le|base64offset|contains: 'ping'", "echo " + wide, "echo " + base64("x ping y"));
        String big = Base64.getEncoder().encodeToString("ping".getBytes(StandardCharsets.UTF_16BE));
        decides("CommandLine|utf16be|base64|contains: 'ping'", "echo " + big, "echo " + wide);
        String marked = Base64.getEncoder().encodeToString("\uFEFFping".getBytes(StandardCharsets.UTF_16LE));
        decides("CommandLine|utf16|base64|contains: 'ping'", "echo " + marked, "echo " + big);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static final String ABC = """
            detection:
              sel_a: {CommandLine|contains: 'a'}
              sel_b: {CommandLine|contains: 'b'}
              other: [{CommandLine|contains: 'c'}, {CommandLine|contains: 'd'}]
              _hidden: {CommandLine|contains: 'zz'}
              condition: %s
            """;

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "sel_a and sel_b; ab; a",
                "sel_a or sel_b; b; c",
                "sel_a and not sel_b; a; ab",
                "not sel_a and sel_b; b; ab",
                "sel_a or sel_b and other; a; b",
                "(sel_a or sel_b) and other; bd; a",
                "1 of sel_*; b; c",
                "any of sel_*; b; c",
                "all of sel_*; ab; a",
                "not 1 of sel_*; c; b",
                "1 of them; d; zz",
                "all of them; abd; ab",
                "sel_a AND NOT sel_b; a; ab",
                "[sel_a, other]; c; b",
            })
    void joinsSelections(String condition, String matching, String other) {
        ParsedFile file = read(HEAD + ABC.formatted(condition));
        assertThat(fires(file, matching)).as(condition + " of " + matching).isTrue();
        assertThat(fires(file, other)).as(condition + " of " + other).isFalse();
    }

    @Test
    void takesMetadata() {
        ParsedFile file = read("""
                title: Web {shell}
                level: high
                status: deprecated
                tags: [attack.t1059.004, attack.execution, attack.T1505]
                falsepositives: [Backups, Admins]
                logsource: {product: linux, category: process_creation}
                detection: {s: {CommandLine: x}, condition: s}
                """);
        RuleDescription d = file.rules().get(0).description();
        assertThat(d.id()).isEqualTo("sigma-web-shell");
        assertThat(d.severity()).isEqualTo(Severity.ERROR);
        assertThat(d.techniques()).containsExactly("T1059.004", "T1505");
        assertThat(d.falsePositives()).isEqualTo("Backups; Admins");
        assertThat(file.warnings()).singleElement().asString().contains("deprecated");
        assertThat(detect("CommandLine: x").rules().get(0).description().id())
                .isEqualTo("sigma-0d2bd5d6-5a4b-4a3e-8f4e-1f0f5a0b0c0d");
    }

    @Test
    void warnsOfWhatItCannotKnow() {
        ParsedFile file = read(HEAD + "detection: {s: {CommandLine: x}, h: {Hashes: y}, condition: s or h}\n");
        assertThat(file.rules()).hasSize(1);
        assertThat(file.warnings()).singleElement().asString().contains("`Hashes` is not sensed");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '~',
            value = {
                "CommandLine|contians: x; did you mean `contains`?",
                "CommandLine|re: '(?=x)'; RE2 does not take the expression",
                "CommandLine|expand: '%servers%'; the placeholder in `%servers%`",
                "CommandLine|wide|contains: x; write `wide|base64offset|contains`",
                "CommandLine|base64: 'x*'; takes plain texts",
                "CommandLine|gt: 4; texts have no order",
                "CommandLine|cidr: 10.0.0.0/99; neither an address nor a network",
                "ProcessId: many; `many` is not a whole number",
                "ProcessId|contains: 1; `*1*` is not a whole number",
                "User: nobody-here; is not a user of this node's /etc/passwd",
                "CommandLine|minute: 3; takes a part of a time",
                "Hashes: x; can never match here: `Hashes` is not sensed",
            })
    void saysWhatIsWrong(String selection, String reason) {
        ParsedFile file = detect(selection);
        assertThat(file.rules()).isEmpty();
        assertThat(file.refused())
                .singleElement()
                .asString()
                .startsWith("x.yml:")
                .contains(reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "sel; did you mean `sel_a`?",
                "sel_a and; ends where a selection's name is expected",
                "(sel_a; `(` without `)`",
                "sel_a); unexpected `)`",
                "2 of sel_*; write `1 of`, `any of` or `all of`",
                "1 of nothing*; no selection `nothing*`",
                "sel_a | count() > 3; counts events, as Sigma did before 2.0",
            })
    void refusesBrokenConditions(String condition, String reason) {
        ParsedFile file = read(HEAD + ABC.formatted("'" + condition + "'"));
        assertThat(file.rules()).isEmpty();
        assertThat(file.refused()).singleElement().asString().contains("x.yml:").contains(reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{product: windows, category: process_creation}; Vigilant senses Linux",
                "{product: linux, service: sshd}; its log is not read",
                "{product: linux}; lines of logs are not read",
                "{product: linux, category: dns_query}; is not sensed",
            })
    void refusesOtherLogSources(String source, String reason) {
        ParsedFile file = read("title: T\nlogsource: " + source + "\ndetection: {k: [x], condition: k}\n");
        assertThat(file.refused()).singleElement().asString().contains(reason);
    }

    @Test
    void refusesNumbersOfCalls() {
        ParsedFile file = read("title: T\nlogsource: {product: linux, service: auditd}\n"
                + "detection: {k: {type: SYSCALL, syscall: 59}, condition: k}\n");
        assertThat(file.refused()).singleElement().asString().contains("`59` is no name of a system call");
    }

    @Test
    void readsSeveralDocuments() {
        String second = "title: Other\nlogsource: {category: file_event}\n"
                + "detection: {s: {TargetFilename|startswith: /etc/}, condition: s}\n";
        ParsedFile file = read(HEAD + "detection: {s: {CommandLine: x}, condition: s}\n---\n" + second
                + "---\ntitle: C\naction: global\n");
        assertThat(file.rules()).hasSize(3); // a file is opened or renamed
        assertThat(file.refused()).singleElement().asString().contains("`action` is of Sigma before 2.0");
    }

    @Test
    void isLoadedBesideRulesOfFalco() {
        RuleSet set = RuleLoader.load(List.of(
                new RuleSource("a.yaml", HEAD + "detection: {s: {CommandLine: x}, condition: s}\n"),
                new RuleSource(
                        "b.yaml",
                        "- rule: F\n  desc: d\n  priority: INFO\n  output: o\n  condition: evt.type=execve\n")));
        assertThat(set.refused()).isEmpty();
        assertThat(set.describe()).extracting(RuleDescription::pack).containsExactlyInAnyOrder("sigma", "falco");
    }
}
