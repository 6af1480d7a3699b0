// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.daemon;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that all commands share that read rules. */
class CommonOptions {
    @Option(names = "--config", paramLabel = "FILE", description = "YAML configuration; options override it.")
    private @Nullable Path config;

    @Option(
            names = "--rules",
            paramLabel = "PATH",
            description = "Rule file (.drl, .lists.yaml, .yaml with Falco's or Sigma's rules) or directory of them,"
                    + " beside the built-in packs; repeatable.")
    private List<Path> rules = new ArrayList<>();

    @Option(
            names = "--site",
            paramLabel = "FILE",
            description = "What the site says of the rules: exceptions, severities, limits (YAML).")
    private @Nullable Path site;

    /** For a command that senses nothing. */
    Config config() {
        return config(new SensorOptions());
    }

    Config config(SensorOptions options) {
        Config base = config == null ? Config.DEFAULTS : ConfigFile.read(config);
        return base.overlaid(options.sensor(), options.auditMode(), rules, site, sinks());
    }

    /** Where alerts go, as far as the command line says it. */
    List<String> sinks() {
        return List.of();
    }
}
