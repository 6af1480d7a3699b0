// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vigilant.event.KernelEvent;
import dev.vigilant.rules.ast.Rule;
import dev.vigilant.rules.author.Explanation;
import dev.vigilant.rules.author.Explanation.ConstraintVerdict;
import dev.vigilant.rules.author.Explanation.EventVerdict;
import dev.vigilant.rules.author.Explanation.PatternVerdict;
import dev.vigilant.rules.drl.DrlReader;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExplanationTest {
    private static final long T = Events.START;

    @Test
    void tellsTheValueOfEachConstraintAndTheFirstThatFails() {
        Rule rule = rule(
                "$o : FileOpen( write, file.path str[under] \"/etc\", process.name == \"cp\" || process.name == \"mv\" )");
        Explanation explanation = Explanation.of(
                rule,
                List.of(
                        Events.open(T, Events.process(7, "vi", null), null, "/var/x", 1),
                        Events.open(T + 1, Events.process(8, "cp", null), null, "/etc/passwd", 1)));

        PatternVerdict pattern = explanation.patterns().get(0);
        EventVerdict first = pattern.events().get(0);
        assertThat(pattern.fitting()).isEqualTo(1);
        assertThat(first.constraints()).extracting(ConstraintVerdict::holds).containsExactly(true, false, false);
        assertThat(first.constraints().get(0).saw()).isEqualTo("true");
        assertThat(first.firstFailed().map(ConstraintVerdict::saw)).contains("\"/var/x\"");
        assertThat(first.constraints().get(2).parts())
                .extracting(ConstraintVerdict::saw)
                .containsExactly("\"vi\"", "\"vi\"");
        assertThat(pattern.events().get(1).fits()).isTrue();
    }

    @Test
    void saysWhichPatternOfAChainFoundNothing() {
        Rule rule = rule("""
                $drop : FileOpen( write, file.path str[under] "/tmp" )
                $run : ProcessExec( file.path == $drop.file.path, this after[0s,60s] $drop )
                """);
        KernelEvent read = Events.open(T, Events.process(7, "sh", null), null, "/tmp/x", 0);
        KernelEvent drop = Events.open(T, Events.process(7, "sh", null), null, "/tmp/x", 1);
        KernelEvent late = Events.exec(T + 90 * Events.SECOND, Events.process(8, "x", null), null, "/tmp/x");

        Explanation nothing = Explanation.of(rule, List.of(read, late));
        assertThat(nothing.patterns().get(0).fitting()).isZero();
        assertThat(nothing.patterns().get(1).missing()).containsExactly("$drop");

        Explanation tooLate = Explanation.of(rule, List.of(drop, late));
        assertThat(tooLate.patterns().get(0).fitting()).isEqualTo(1);
        EventVerdict run = tooLate.patterns().get(1).events().get(0);
        assertThat(run.constraints().get(0).saw()).isEqualTo("\"/tmp/x\", $drop.file.path is \"/tmp/x\"");
        assertThat(run.firstFailed().map(ConstraintVerdict::saw)).contains("90.0 s after $drop");
    }

    private static Rule rule(String patterns) {
        String text = "package t;\nrule \"r\" @id(\"r\") @severity(\"error\") @description(\"d\")\nwhen\n" + patterns
                + "\nthen alert( " + (patterns.contains("$run") ? "$run" : "$o") + " );\nend\n";
        return DrlReader.read("r.drl", text, Map.of()).rules().get(0);
    }
}
