// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.daemon;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of the commands that sense this node. */
final class SensorOptions {
    @Option(
            names = "--sensor",
            paramLabel = "SENSOR",
            description = "auto, ebpf or audit. Default: auto, which is ebpf where it works.")
    private @Nullable String sensor;

    @Option(
            names = "--audit-mode",
            paramLabel = "MODE",
            description = "auto, owner or listener: owner gets records first and sets the queue; listener reads beside"
                    + " auditd. Default: auto.")
    private @Nullable String auditMode;

    @Nullable
    String sensor() {
        return sensor;
    }

    @Nullable
    String auditMode() {
        return auditMode;
    }
}
