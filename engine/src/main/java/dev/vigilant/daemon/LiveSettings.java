// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.daemon;

import dev.vigilant.bpf.BpfSensor;
import dev.vigilant.pipeline.LiveSensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What live sensing needs of the configuration and of this process. */
final class LiveSettings {
    private static final int CAP_NET_ADMIN = 12;
    private static final int CAP_AUDIT_CONTROL = 30;
    private static final int CAP_AUDIT_READ = 37;

    private LiveSettings() {}

    static LiveSensor.Settings of(Config config) {
        return new LiveSensor.Settings(
                config.sensor(),
                new BpfSensor.Settings(config.floodBytes(), config.vitalBytes(), Set.of()),
                config.auditMode(),
                config.backlogLimit(),
                config.complete(),
                config.receiveBuffer(),
                config.root(),
                config.stateDirectory());
    }

    /** @throws ConfigurationException when a value is wrong or a privilege is missing, with what to do instead */
    static void check(Config config) {
        if (!List.of("auto", "ebpf", "audit").contains(config.sensor())) {
            throw new ConfigurationException("--sensor " + config.sensor() + ": write auto, ebpf or audit");
        }
        if (!List.of("auto", "owner", "listener").contains(config.auditMode())) {
            throw new ConfigurationException("--audit-mode " + config.auditMode() + ": write auto, owner or listener");
        }
        List<String> missing = missingCapabilities();
        if (!missing.isEmpty()) {
            throw new ConfigurationException("cannot sense this node: missing " + String.join(", ", missing)
                    + ": run as root, or in a container with --pid=host, --network=host and these capabilities\n"
                    + "to see it work without privileges: vigilant replay src/samples/audit/escape.log");
        }
        try {
            Files.createDirectories(config.stateDirectory());
        } catch (IOException e) {
            throw new ConfigurationException(
                    "state_directory " + config.stateDirectory() + " cannot be made: " + Vigilant.message(e)
                            + ": set it in the file of --config",
                    e);
        }
    }

    /** Capabilities that sensing needs and this process has not. */
    static List<String> missingCapabilities() {
        long effective = effectiveCapabilities();
        List<String> missing = new ArrayList<>();
        if ((effective >>> CAP_AUDIT_CONTROL & 1) == 0) {
            missing.add("CAP_AUDIT_CONTROL");
        }
        if ((effective >>> CAP_AUDIT_READ & 1) == 0) {
            missing.add("CAP_AUDIT_READ");
        }
        if ((effective >>> CAP_NET_ADMIN & 1) == 0) {
            missing.add("CAP_NET_ADMIN");
        }
        return missing;
    }

    private static long effectiveCapabilities() {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("CapEff:"))
                    .mapToLong(line -> Long.parseUnsignedLong(line.substring(7).trim(), 16))
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }
}
