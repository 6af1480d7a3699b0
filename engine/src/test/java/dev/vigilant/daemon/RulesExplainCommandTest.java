// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RulesExplainCommandTest {
    private static final String SAMPLE = "../src/samples/audit/escape.log";

    @Test
    void showsWhyARuleFires() {
        String out = Captured.run(0, "rules", "explain", "escape-release-agent", SAMPLE);

        assertThat(out)
                .contains("fires 1 time")
                .contains(": fits")
                .contains("holds  file.name == \"release_agent\"")
                .contains("<- \"release_agent\"");
    }

    @Test
    void showsWhyARuleDoesNot() {
        String out = Captured.run(Vigilant.FINDINGS, "rules", "explain", "controls-aslr", "--limit", "1", SAMPLE);

        assertThat(out)
                .contains("does not fire")
                .contains("0 fit: it found nothing")
                .contains("(the first that fails)")
                .contains("more, by the first that fails:");
    }

    @Test
    void hintsAtTheRuleThatWasMeant() {
        Captured.run(Vigilant.USAGE, "rules", "explain", "controls-aslrr", SAMPLE);
    }
}
