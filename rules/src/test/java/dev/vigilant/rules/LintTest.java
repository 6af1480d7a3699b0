// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vigilant.rules.ast.Problem;
import dev.vigilant.rules.author.Contradictions;
import dev.vigilant.rules.author.MissingMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LintTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "container == null, container.name == \"web\"~`container == null` excludes",
                "write, !write~`write` is asked for and excluded",
                "file.path == \"/a\", file.path == \"/b\"~excludes `file.path == \"/b\"`",
                "file.path == \"/a\", file.path str[under] \"/b\"~excludes `file.path str[under] \"/b\"`",
                "file.path in (\"/a\", \"/b\"), file.path not in (\"/a\", \"/b\")~excludes `!(",
                "outcome == \"sucess\"~`outcome` is one of [failure, success, unknown]",
                "context.result == 3, context.result < 0~excludes `context.result < 0`",
                "(write && !write) || (file.name == \"a\" && file.name == \"b\")~is asked for and excluded",
            })
    void tellsOfPatternsThatNoEventFits(String conditions, String reason) {
        RuleSet set = Rules.sound(Rules.rule("r", "$o : FileOpen( " + conditions + " )", "alert( $o );"));

        assertThat(Contradictions.of(set.rules()))
                .extracting(Problem::reason)
                .singleElement()
                .satisfies(
                        told -> assertThat(told).startsWith("can never match: ").contains(reason));
        assertThat(CheckReport.of(set).warnings()).anyMatch(w -> w.reason().contains(reason));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "container != null, container.name == \"web\"",
                "file.path in (\"/a\", \"/b\"), file.path != \"/a\"",
                "process.ancestors.name == \"a\", process.ancestors.name == \"b\"",
                "(write && !write) || file.name == \"a\"",
                "(flags & 1) != 0, (flags & 2) == 0",
                "file.path matches \"/a.*\", file.path str[endsWith] \"b\"",
            })
    void leavesAloneWhatCanMatch(String conditions) {
        RuleSet set = Rules.sound(Rules.rule("r", "$o : FileOpen( " + conditions + " )", "alert( $o );"));

        assertThat(Contradictions.of(set.rules())).isEmpty();
    }

    @Test
    void asksForWhatAnAnalystWantsToKnow() {
        RuleSet set = Rules.sound(Rules.rule("r", "$o : FileOpen( write )", "alert( $o );")
                .replace("@id", "@tags(\"control:secomp\") @id"));

        assertThat(MissingMetadata.of(set.rules()))
                .extracting(Problem::reason)
                .satisfiesExactly(
                        first ->
                                assertThat(first).isEqualTo("no @technique, no @falsePositives, no @message: add them"),
                        second -> assertThat(second).isEqualTo("unknown control `secomp`: did you mean `seccomp`?"));
    }

    @Test
    void tellsOfRulesThatHaveSecretsSensed() {
        RuleSet whole = Rules.sound(
                Rules.rule("r", "$x : ProcessExec( process.environmentLine matches \".*A=b.*\" )", "alert( $x );"));
        RuleSet part = Rules.sound(Rules.rule(
                "r",
                "$x : ProcessExec( process.environment.A == \"b\", process.environmentLine str[contains] \"A=\" )",
                "alert( $x );"));

        assertThat(CheckReport.of(whole).warnings()).anyMatch(w -> w.reason().startsWith("has the whole environment"));
        assertThat(CheckReport.of(part).warnings()).noneMatch(w -> w.reason().contains("environment"));
    }

    @Test
    void findsNothingOfTheKindInTheBuiltInRules() {
        assertThat(Contradictions.of(RuleLoader.builtIn().rules())).isEmpty();
        assertThat(MissingMetadata.of(RuleLoader.builtIn().rules())).isEmpty();
    }
}
