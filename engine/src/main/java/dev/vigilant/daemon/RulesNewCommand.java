// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.daemon;

import dev.vigilant.rules.author.RuleTemplate;
import dev.vigilant.rules.author.TestReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rules new}: a rule to begin with. */
@Command(
        name = "new",
        mixinStandardHelpOptions = true,
        description = "Write a rule and its test, which pass as they are, to be made into another one.")
final class RulesNewCommand implements Callable<Integer> {
    @Parameters(paramLabel = "ID", description = "Id of the rule: lower case with dashes, such as web-shell.")
    private String id = "";

    @Option(names = "--dir", paramLabel = "DIR", description = "Where to. Default: the current directory.")
    private Path directory = Path.of("");

    @Override
    public Integer call() throws IOException {
        if (!id.matches("[a-z0-9]+(-[a-z0-9]+)*")) {
            throw new ConfigurationException(
                    "rules new " + id + ": write an id in lower case with dashes, such as web-shell");
        }
        Path rule = directory.resolve(id + ".drl");
        Path test = directory.resolve(id + TestReader.SUFFIX);
        for (Path file : new Path[] {rule, test}) {
            if (Files.exists(file)) {
                throw new ConfigurationException(file + " is there already: choose another id, or remove it");
            }
        }
        if (!directory.toString().isEmpty()) {
            Files.createDirectories(directory);
        }
        Files.writeString(rule, RuleTemplate.rule(id), StandardOpenOption.CREATE_NEW);
        Files.writeString(test, RuleTemplate.test(id), StandardOpenOption.CREATE_NEW);
        System.out.println(rule + " and " + test + ": edit them, then: vigilant rules test " + test);
        return 0;
    }
}
