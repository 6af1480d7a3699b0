// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.daemon;

import dev.vigilant.alert.RuleDescription;
import dev.vigilant.rules.RuleSet;
import dev.vigilant.rules.ast.Problem;
import dev.vigilant.rules.author.RuleTest;
import dev.vigilant.rules.author.TestReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rules test}: do rules raise what their tests say. */
@Command(
        name = "test",
        mixinStandardHelpOptions = true,
        description = "Run the tests (*.test.yaml) that lie beside rules; exit code 1 when one fails.")
final class RulesTestCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common = new CommonOptions();

    @Parameters(
            arity = "0..*",
            paramLabel = "DIR|FILE",
            description = "Test files, or directories of them with the rules beside; none: the current directory.")
    private List<Path> paths = List.of(Path.of("."));

    @Option(names = "--junit", paramLabel = "FILE", description = "Write the results as JUnit XML too.")
    private @Nullable Path junit;

    private final JunitReport report = new JunitReport();
    private int run;
    private int failed;

    @Override
    public Integer call() throws IOException {
        List<Path> files = new ArrayList<>();
        Set<Path> directories = new LinkedHashSet<>();
        for (Path path : paths) {
            files.addAll(testFiles(path));
            directories.add(directoryOf(path));
        }
        if (files.isEmpty()) {
            throw new ConfigurationException("no test in " + paths.get(0) + ": put one into a file named *"
                    + TestReader.SUFFIX + " beside the rules");
        }
        RuleSet rules = Rules.load(common.config().withRules(directories));
        List<Path> roots = directories.stream().map(RulesTestCommand::real).toList();
        TestRun tests = new TestRun(
                rules, rule -> roots.stream().anyMatch(root -> real(file(rule)).startsWith(root)));
        for (Path file : files) {
            test(file, tests);
        }
        System.out.printf("%d tests, %d failed%n", run, failed);
        if (junit != null) {
            report.write(junit);
        }
        return failed == 0 ? 0 : Vigilant.FINDINGS;
    }

    private void test(Path file, TestRun tests) throws IOException {
        List<Problem> problems = new ArrayList<>();
        long now = System.currentTimeMillis() * 1_000_000L;
        List<RuleTest> read = TestReader.read(file, Files.readString(file), now, problems::add);
        report.file(file.toString());
        if (!problems.isEmpty()) {
            result(file.toString(), problems, 0);
            return;
        }
        for (RuleTest test : read) {
            long start = System.nanoTime();
            result(test.name(), tests.failures(test), System.nanoTime() - start);
        }
    }

    private void result(String name, List<Problem> failures, long nanos) {
        run++;
        report.test(name, failures, nanos);
        if (!failures.isEmpty()) {
            failed++;
            System.out.println("FAILED " + name);
            failures.forEach(failure -> System.out.println("  " + failure));
        }
    }

    private static List<Path> testFiles(Path path) throws IOException {
        if (!Files.exists(path)) {
            throw new ConfigurationException(path + ": no such file or directory");
        }
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        try (Stream<Path> files = Files.walk(path)) {
            return files.filter(f -> f.toString().endsWith(TestReader.SUFFIX))
                    .sorted()
                    .toList();
        }
    }

    private static Path directoryOf(Path path) {
        Path parent = path.toAbsolutePath().getParent();
        return Files.isDirectory(path) || parent == null ? path : parent;
    }

    /** Built-in rules have a name that is no path of this machine. */
    private static Path file(RuleDescription rule) {
        return Path.of(rule.file());
    }

    private static Path real(Path path) {
        return path.toAbsolutePath().normalize();
    }
}
