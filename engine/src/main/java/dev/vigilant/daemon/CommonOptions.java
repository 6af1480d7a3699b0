// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.daemon;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that several commands share. */
final class CommonOptions {
    @Option(names = "--config", paramLabel = "FILE", description = "YAML configuration; options override it.")
    private @Nullable Path config;

    @Option(
            names = "--rules",
            paramLabel = "PATH",
            description = "Rule file (.drl, .lists.yaml) or directory of them, beside the built-in packs; repeatable.")
    private List<Path> rules = new ArrayList<>();

    @Option(
            names = "--sink",
            paramLabel = "SINK",
            description = "Where alerts go: stdout, file:PATH or kafka:HOST:PORT[,HOST:PORT]/TOPIC; repeatable."
                    + " Default: stdout.")
    private List<String> sinks = new ArrayList<>();

    @Option(names = "--summary", paramLabel = "FILE", description = "Write the closing summary as JSON.")
    private @Nullable Path summary;

    @Nullable
    Path summary() {
        return summary;
    }

    /** For a command that senses nothing. */
    Config config() {
        return config(new SensorOptions());
    }

    Config config(SensorOptions options) {
        Config base = config == null ? Config.DEFAULTS : ConfigFile.read(config);
        return base.overlaid(options.sensor(), options.auditMode(), rules, sinks);
    }
}
