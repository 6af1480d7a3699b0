// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.daemon;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code vigilant status}: how a running daemon is. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description =
                "Say what a running daemon has seen, lost, told and holds, and how long it takes; exit code 1 when none"
                        + " runs.")
final class StatusCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Option(names = "--config", paramLabel = "FILE", description = "The daemon's YAML configuration.")
    private @Nullable Path config;

    @Option(
            names = "--state-dir",
            paramLabel = "DIR",
            description = "The daemon's state directory. Default: that of --config, or /run/vigilant.")
    private @Nullable Path stateDirectory;

    @Option(names = "--socket", paramLabel = "PATH", description = "The daemon's status socket itself.")
    private @Nullable Path socket;

    @Option(names = "--format", paramLabel = "FORMAT", description = "text or json. Default: text.")
    private String format = "text";

    @Override
    public Integer call() throws IOException {
        if (!format.equals("text") && !format.equals("json")) {
            throw new ConfigurationException("--format " + format + ": write text or json");
        }
        Path path = path();
        byte[] answer;
        try {
            answer = StatusSocket.ask(path, PATIENCE);
        } catch (NoSuchFileException | ConnectException e) {
            System.err.println("vigilant: no daemon answers at " + path
                    + ": start one with vigilant run, or name its --state-dir");
            return Vigilant.FINDINGS;
        } catch (IOException e) {
            throw new IOException(path + ": " + e.getMessage() + denied(path), e);
        }
        ObjectMapper mapper = new ObjectMapper();
        ObjectWriter pretty = mapper.writerWithDefaultPrettyPrinter();
        System.out.println(
                format.equals("json")
                        ? pretty.writeValueAsString(mapper.readTree(answer))
                        : StatusText.of(mapper.readTree(answer)));
        return 0;
    }

    private Path path() {
        if (socket != null) {
            return socket;
        }
        Path directory = stateDirectory;
        if (directory == null) {
            Config daemon = config == null ? Config.DEFAULTS : ConfigFile.read(config);
            directory = daemon.stateDirectory();
        }
        return directory.resolve(StatusSocket.NAME);
    }

    private static String denied(Path path) {
        return Files.isWritable(path) ? "" : ": ask as the daemon's user";
    }
}
