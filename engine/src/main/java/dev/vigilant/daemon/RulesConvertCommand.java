// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.daemon;

import dev.vigilant.rules.RuleLoader;
import dev.vigilant.rules.RuleSet;
import dev.vigilant.rules.ast.Problem;
import dev.vigilant.rules.ast.Rule;
import dev.vigilant.rules.drl.RuleWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rules convert}: rules of other languages as DRL, to be read and kept. */
@Command(
        name = "convert",
        mixinStandardHelpOptions = true,
        description = "Write Falco's or Sigma's rules as DRL; exit code 1 when a rule is left out.")
final class RulesConvertCommand implements Callable<Integer> {
    private static final String PACKAGE = "vigilant.site";

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE",
            description = "Rule files or directories, read together: macros of one are known in the others.")
    private List<Path> files = new ArrayList<>();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "DIR",
            description = "Write a .drl file there for each file with rules. Default: all to standard output.")
    private @Nullable Path directory;

    @Override
    public Integer call() throws IOException {
        for (Path file : files) {
            if (!Files.exists(file)) {
                throw new ConfigurationException(file + ": no such file or directory");
            }
        }
        RuleSet rules = RuleLoader.load(files.toArray(Path[]::new));
        Map<String, List<Rule>> byFile = new LinkedHashMap<>();
        for (Rule rule : rules.rules()) {
            byFile.computeIfAbsent(rule.description().file(), f -> new ArrayList<>())
                    .add(rule);
        }
        Map<Path, String> written = new LinkedHashMap<>();
        for (Map.Entry<String, List<Rule>> of : byFile.entrySet()) {
            String name = Path.of(of.getKey()).getFileName().toString();
            String text = RuleWriter.write(
                    PACKAGE, name, of.getValue(), of(rules.refused(), of.getKey()), of(rules.warnings(), of.getKey()));
            if (directory == null) {
                System.out.println(text);
            } else {
                written.put(target(directory, name, written), text);
            }
        }
        for (Map.Entry<Path, String> file : written.entrySet()) {
            Files.createDirectories(file.getKey().toAbsolutePath().getParent());
            Files.writeString(file.getKey(), file.getValue(), StandardOpenOption.CREATE_NEW);
        }
        for (Problem problem : rules.refused()) {
            System.err.println("vigilant: refused: " + problem);
        }
        System.err.println("vigilant: " + rules.describe().size() + " rules converted, "
                + rules.refused().size() + " refused");
        return rules.refused().isEmpty() ? 0 : Vigilant.FINDINGS;
    }

    /** Nothing is overwritten, and files of one name in several directories would be one. */
    private static Path target(Path directory, String name, Map<Path, String> written) {
        int dot = name.lastIndexOf('.');
        Path target = directory.resolve((dot < 0 ? name : name.substring(0, dot)) + ".drl");
        if (written.containsKey(target)) {
            throw new ConfigurationException(target + " would be written twice: convert the directories one by one");
        }
        if (Files.exists(target)) {
            throw new ConfigurationException(target + " is there already: remove it, or choose another directory");
        }
        return target;
    }

    private static List<Problem> of(List<Problem> problems, String file) {
        return problems.stream()
                .filter(problem -> problem.position().file().equals(file))
                .toList();
    }
}
