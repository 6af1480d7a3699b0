// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.daemon;

import dev.vigilant.rules.author.RuleCoverage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rules coverage}: what the rules are about. */
@Command(
        name = "coverage",
        mixinStandardHelpOptions = true,
        description = "List the ATT&CK techniques and the controls that the rules are about.")
final class RulesCoverageCommand implements Callable<Integer> {
    private static final int SHOWN = 4;

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Option(
            names = "--navigator",
            paramLabel = "FILE",
            description = "Write a layer for MITRE's ATT&CK Navigator too (JSON).")
    private @Nullable Path navigator;

    @Override
    public Integer call() throws IOException {
        RuleCoverage coverage = RuleCoverage.of(Rules.load(common.config()).describe());
        System.out.println("technique  rules");
        coverage.techniques().forEach((technique, rules) -> print(technique, "", rules));
        System.out.println();
        System.out.println("control               rules");
        coverage.controls()
                .forEach((control, rules) -> print(
                        String.format(Locale.ROOT, "%-21s", control.label()),
                        rules.isEmpty() ? control.title() : "",
                        rules));
        if (navigator != null) {
            Files.writeString(navigator, coverage.navigatorLayer());
        }
        return 0;
    }

    private static void print(String name, String title, List<String> rules) {
        String shown = String.join(", ", rules.subList(0, Math.min(SHOWN, rules.size())));
        System.out.printf(
                Locale.ROOT,
                "%-10s %5d  %s%n",
                name,
                rules.size(),
                rules.isEmpty() ? "(" + title + ")" : rules.size() > SHOWN ? shown + ", ..." : shown);
    }
}
