// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that were made to hurt: each is refused, in bounded time and memory, and the file beside it goes on. */
@Timeout(30)
class HostileFilesTest {
    private static final String DRL =
            "package vigilant.x;\nrule \"r\" @id(\"r\") @severity(\"error\") @description(\"d\")\n"
                    + "when $e : FileOpen( %s ) then alert( $e ); end\n";
    private static final String FALCO =
            "- rule: r\n  desc: d\n  output: o\n  priority: INFO\n  condition: evt.type = execve and %s\n";
    private static final String SIGMA = "title: t\nlogsource: {product: linux, category: process_creation}\n"
            + "detection:\n  selection: {Image|endswith: /nc}\n  condition: %s\n";

    private static String nested(String open, String inner, String close, int depth) {
        return open.repeat(depth) + inner + close.repeat(depth);
    }

    private static String bomb(String before) {
        StringBuilder yaml = new StringBuilder(before + "a0: &a0 [x, x]\n");
        for (int i = 1; i < 40; i++) {
            yaml.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
        }
        return yaml.toString();
    }

    static Stream<Arguments> files() {
        return Stream.of(
                Arguments.of("nested.drl", DRL.formatted(nested("(", "write", ")", 20_000))),
                Arguments.of("negated.drl", DRL.formatted(nested("!(", "write", ")", 20_000))),
                Arguments.of("binary.drl", "\0\1\2\uFFFD".repeat(10_000)),
                Arguments.of("line.drl", "x".repeat(16 << 20)),
                Arguments.of("nested.yaml", FALCO.formatted(nested("(", "proc.name = x", ")", 20_000))),
                Arguments.of("negated.yaml", FALCO.formatted("not ".repeat(20_000) + "proc.name = x")),
                Arguments.of("bomb.yaml", bomb("") + "- rule: r\n"),
                Arguments.of("flow.yaml", "[".repeat(20_000)),
                Arguments.of("binary.yaml", "\0\1\2".repeat(10_000)),
                Arguments.of("nested.yml", SIGMA.formatted(nested("(", "selection", ")", 20_000))),
                Arguments.of("bomb.yml", bomb("title: t\ndetection: {}\n")),
                Arguments.of("bomb.lists.yaml", bomb("")),
                Arguments.of("nested.lists.yaml", "A: " + "[".repeat(20_000)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("files")
    void areRefused(String name, String text) {
        RuleSet set = RuleLoader.load(List.of(
                new RuleSource(name, text),
                new RuleSource("good.drl", "package vigilant.good;\n" + Rules.rule("sound", "$e : FileOpen()"))));

        assertThat(set.refused()).isNotEmpty();
        assertThat(set.refused()).allSatisfy(p -> {
            assertThat(p.position().file()).isEqualTo(name);
            assertThat(p.toString()).hasSizeLessThan(2_000);
        });
        assertThat(set.describe()).extracting(d -> d.id()).contains("sound");
    }
}
