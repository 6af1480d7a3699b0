// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.daemon;

import dev.vigilant.alert.RuleDescription;
import dev.vigilant.rules.CheckReport;
import dev.vigilant.rules.RuleLoader;
import dev.vigilant.rules.RuleSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code vigilant rules}: what analysts do with rule files. */
@Command(
        name = "rules",
        mixinStandardHelpOptions = true,
        description = "Check, list, test, explain, profile and convert rules, and begin new ones.",
        subcommands = {
            RulesCommand.Check.class,
            RulesCommand.Listing.class,
            RulesTestCommand.class,
            RulesExplainCommand.class,
            RulesCoverageCommand.class,
            RulesNewCommand.class,
            RulesProfileCommand.class,
            RulesConvertCommand.class,
        })
final class RulesCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "rules needs a command: check, list, test, explain, coverage, profile, new or convert");
    }

    /** {@code rules check}. */
    @Command(
            name = "check",
            mixinStandardHelpOptions = true,
            description = "Read rule files and say what is wrong with them; exit code 1 when a rule is refused.")
    static final class Check implements Callable<Integer> {
        @Parameters(
                arity = "0..*",
                paramLabel = "FILE",
                description = "Rule files or directories; none: the built-in packs.")
        private List<Path> files = new ArrayList<>();

        @Option(
                names = "--site",
                paramLabel = "FILE",
                description = "Check what the site says of the rules too (YAML).")
        private @Nullable Path site;

        @Option(names = "--format", paramLabel = "FORMAT", description = "text or json. Default: text.")
        private String format = "text";

        @Override
        public Integer call() throws IOException {
            for (Path file : files) {
                if (!Files.exists(file)) {
                    throw new ConfigurationException(file + ": no such file or directory");
                }
            }
            RuleSet rules = files.isEmpty() ? RuleLoader.builtIn() : RuleLoader.load(files.toArray(Path[]::new));
            if (site != null) {
                rules = rules.tuned(site.toString(), Files.readString(site), System.currentTimeMillis() * 1_000_000L);
            }
            CheckReport report = CheckReport.of(rules);
            System.out.println(
                    switch (format) {
                        case "json" -> report.json();
                        case "text" -> report.toString();
                        default -> throw new ConfigurationException("--format " + format + ": write text or json");
                    });
            return rules.refused().isEmpty() ? 0 : Vigilant.FINDINGS;
        }
    }

    /** {@code rules list}. */
    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "List the rules that would run: id, severity, techniques, title.")
    static final class Listing implements Callable<Integer> {
        @Mixin
        private CommonOptions common = new CommonOptions();

        @Override
        public Integer call() throws IOException {
            RuleSet rules = Rules.load(common.config());
            List<RuleDescription> sorted = new ArrayList<>(rules.describe());
            sorted.sort(Comparator.comparing(RuleDescription::severity).thenComparing(RuleDescription::id));
            for (RuleDescription rule : sorted) {
                System.out.printf(
                        "%-36s %-13s %-22s %s%n",
                        rule.id(), rule.severity().label(), String.join(",", rule.techniques()), rule.name());
            }
            return 0;
        }
    }
}
