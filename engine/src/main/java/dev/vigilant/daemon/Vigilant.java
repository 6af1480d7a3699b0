// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.daemon;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The {@code vigilant} command. Exit codes: 0 fine, 1 findings or a failed check, 2 usage, configuration, or a file or output that does not work. */
@Command(
        name = "vigilant",
        mixinStandardHelpOptions = true,
        version = "vigilant 0.1.0",
        description = "Detects malicious behaviour in containers as it happens.",
        synopsisSubcommandLabel = "COMMAND")
public final class Vigilant {
    static final int FINDINGS = 1;
    static final int USAGE = 2;

    private static final List<Map.Entry<String, Class<?>>> COMMANDS = List.of(
            Map.entry("run", RunCommand.class),
            Map.entry("replay", ReplayCommand.class),
            Map.entry("events", EventsCommand.class),
            Map.entry("record", RecordCommand.class),
            Map.entry("rules", RulesCommand.class),
            Map.entry("doctor", DoctorCommand.class),
            Map.entry("status", StatusCommand.class));

    @Option(
            names = "--debug",
            scope = ScopeType.INHERIT,
            description = "Print stack traces and what the daemon does meanwhile.")
    private boolean debug;

    /** Runs the command line and exits with its code. */
    public static void main(String[] args) {
        int code = commandLineFor(args).execute(args);
        System.out.flush();
        System.exit(code);
    }

    static CommandLine commandLine() {
        return commandLine(name -> true);
    }

    /** Only the command that the first word names, if it names one: reading the others makes a start longer. */
    static CommandLine commandLineFor(String... args) {
        String first = args.length == 0 ? "" : args[0];
        boolean known = COMMANDS.stream().anyMatch(command -> command.getKey().equals(first));
        return commandLine(name -> !known || name.equals(first));
    }

    private static CommandLine commandLine(Predicate<String> wanted) {
        Vigilant root = new Vigilant();
        CommandLine commandLine = new CommandLine(root);
        COMMANDS.stream()
                .filter(command -> wanted.test(command.getKey()))
                .forEach(command -> commandLine.addSubcommand(command.getKey(), command.getValue()));
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setExecutionStrategy(parsed -> {
            if (root.debug) {
                ((Logger) LoggerFactory.getLogger("dev.vigilant")).setLevel(Level.DEBUG);
            }
            return new CommandLine.RunLast().execute(parsed);
        });
        commandLine.setExecutionExceptionHandler((failure, command, parsed) -> root.explain(failure));
        commandLine.setParameterExceptionHandler((failure, args) -> {
            System.err.println("vigilant: " + failure.getMessage() + "; see vigilant --help");
            return USAGE;
        });
        return commandLine;
    }

    private int explain(Exception failure) throws Exception {
        if (debug) {
            throw failure;
        }
        if (failure instanceof ConfigurationException) {
            String.valueOf(failure.getMessage()).lines().forEach(line -> System.err.println("vigilant: " + line));
            return USAGE;
        }
        if (failure instanceof IOException || failure instanceof UncheckedIOException) {
            System.err.println("vigilant: " + message(failure));
            return USAGE;
        }
        System.err.println("vigilant: internal error: " + failure + "; run again with --debug and report it");
        return USAGE;
    }

    /** What failed, in words: the messages of java.nio.file are only names. */
    static @Nullable String message(Exception failure) {
        if (failure instanceof java.nio.file.NoSuchFileException) {
            return failure.getMessage() + ": no such file or directory";
        }
        if (failure instanceof java.nio.file.AccessDeniedException) {
            return failure.getMessage() + ": permission denied";
        }
        return failure.getMessage();
    }
}
