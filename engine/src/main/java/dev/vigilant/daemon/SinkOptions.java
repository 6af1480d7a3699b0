// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.daemon;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Options of the commands that have to do with where alerts go. */
final class SinkOptions extends CommonOptions {
    @Option(
            names = "--sink",
            paramLabel = "SINK",
            description = "Where alerts go: stdout, file:PATH or kafka:HOST:PORT[,HOST:PORT]/TOPIC; repeatable."
                    + " Default: stdout.")
    private List<String> sinks = new ArrayList<>();

    @Override
    List<String> sinks() {
        return sinks;
    }
}
