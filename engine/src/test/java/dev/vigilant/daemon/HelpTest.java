// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class HelpTest {
    @ParameterizedTest
    @CsvSource({
        "run, true, true",
        "replay, true, true",
        "doctor, true, false",
        "events, false, false",
        "record, false, false",
    })
    void offersWhatTheCommandHeeds(String command, boolean sink, boolean summary) {
        CommandLine help = Vigilant.commandLine().getSubcommands().get(command);

        assertThat(help.getCommandSpec().optionsMap()).containsKeys("--config", "--rules", "--help", "--debug");
        assertThat(help.getCommandSpec().optionsMap().containsKey("--sink")).isEqualTo(sink);
        assertThat(help.getCommandSpec().optionsMap().containsKey("--summary")).isEqualTo(summary);
    }

    @Test
    void readsOnlyTheCommandThatIsNamed() {
        CommandLine run = Vigilant.commandLineFor("run", "--help");

        assertThat(run.getSubcommands()).containsOnlyKeys("run");
        assertThat(run.getSubcommands().get("run").getCommandSpec().optionsMap())
                .containsKeys("--sink", "--debug");
        assertThat(Vigilant.commandLineFor("--debug", "run").getSubcommands()).hasSize(7);
        assertThat(Vigilant.commandLineFor("rin").getSubcommands()).hasSize(7);
        assertThat(Vigilant.commandLineFor().getSubcommands()).hasSize(7);
    }
}
