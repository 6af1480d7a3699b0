// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vigilant.rules.RuleLoader;
import dev.vigilant.rules.RuleSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class RulesConvertCommandTest {
    @TempDir
    private Path directory;

    private int convert(String... arguments) {
        return new CommandLine(new RulesConvertCommand()).execute(arguments);
    }

    @Test
    void writesADrlFileForEachFileAndOverwritesNone() throws IOException {
        Path macros = directory.resolve("a.yaml");
        Path rules = directory.resolve("b.yaml");
        Path out = directory.resolve("out");
        Files.writeString(macros, "- macro: netcat\n  condition: proc.name in (nc, ncat)\n");
        Files.writeString(rules, """
                - rule: Netcat run
                  desc: d
                  output: ran %proc.cmdline
                  priority: WARNING
                  condition: evt.type = execve and netcat
                """);

        assertThat(convert(macros.toString(), rules.toString(), "-o", out.toString()))
                .isZero();

        RuleSet converted = RuleLoader.load(out.resolve("b.drl"));
        assertThat(converted.refused()).isEmpty();
        assertThat(converted.describe()).extracting(d -> d.id()).containsExactly("falco-netcat-run");
        assertThat(out.resolve("a.drl")).doesNotExist();
        assertThat(convert(macros.toString(), rules.toString(), "-o", out.toString()))
                .isNotZero();
    }

    @Test
    void saysByItsExitCodeThatARuleIsLeftOut() throws IOException {
        Path rules = directory.resolve("b.yaml");
        Files.writeString(
                rules,
                "- rule: r\n  desc: d\n  output: o\n  priority: WARNING\n  condition: evt.type = execve and proc.nmae = x\n");

        assertThat(convert(rules.toString())).isEqualTo(Vigilant.FINDINGS);
    }
}
