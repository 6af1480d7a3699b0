// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.daemon;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the daemon is told to do: the defaults, overlaid by the YAML file, overlaid by the command line.
 *
 * @param sensor auto, ebpf or audit
 * @param floodBytes ring buffer of the eBPF programs for what everyday work does in great numbers
 * @param vitalBytes ring buffer of the eBPF programs for processes and for what only an attack does
 * @param auditMode auto, owner or listener
 * @param backlogLimit audit records that the kernel keeps for us, in owner mode
 * @param complete whether the kernel may make processes wait rather than lose records, in owner mode
 * @param receiveBuffer bytes of the netlink receive buffers
 * @param ringSlots size of the ring, a power of two
 * @param shards how many threads share the containers' events
 * @param builtInRules whether the packs that ship are used
 * @param rules files and directories with further rules
 * @param site file with what the site says of the rules, null for none
 * @param sinks where alerts go: stdout, file:PATH, kafka:BOOTSTRAP/TOPIC
 * @param kafkaProperties passed to the Kafka client
 * @param spool directory of the spool
 * @param spoolBytes how much may wait in the spool
 * @param stateDirectory where the daemon remembers what it changed on the host
 * @param metrics where metrics are served over HTTP, null for nowhere
 * @param root the host's root directory
 */
record Config(
        String sensor,
        int floodBytes,
        int vitalBytes,
        String auditMode,
        int backlogLimit,
        boolean complete,
        int receiveBuffer,
        int ringSlots,
        int shards,
        boolean builtInRules,
        List<Path> rules,
        @Nullable Path site,
        List<String> sinks,
        Map<String, String> kafkaProperties,
        Path spool,
        long spoolBytes,
        Path stateDirectory,
        @Nullable InetSocketAddress metrics,
        Path root) {
    static final Config DEFAULTS = new Config(
            "auto",
            16 << 20,
            8 << 20,
            "auto",
            16_384,
            false,
            32 << 20,
            32_768,
            1,
            true,
            List.of(),
            null,
            List.of("stdout"),
            Map.of(),
            Path.of("/var/lib/vigilant/spool"),
            1L << 30,
            Path.of("/run/vigilant"),
            null,
            Path.of("/"));

    Config {
        rules = List.copyOf(rules);
        sinks = List.copyOf(sinks);
        kafkaProperties = Map.copyOf(kafkaProperties);
    }

    /** The same with what the command line says; null and empty mean that it says nothing. */
    Config overlaid(
            @Nullable String newSensor,
            @Nullable String newAuditMode,
            List<Path> moreRules,
            @Nullable Path newSite,
            List<String> newSinks) {
        return new Config(
                newSensor == null ? sensor : newSensor,
                floodBytes,
                vitalBytes,
                newAuditMode == null ? auditMode : newAuditMode,
                backlogLimit,
                complete,
                receiveBuffer,
                ringSlots,
                shards,
                builtInRules,
                moreRules.isEmpty() ? rules : moreRules,
                newSite == null ? site : newSite,
                newSinks.isEmpty() ? sinks : newSinks,
                kafkaProperties,
                spool,
                spoolBytes,
                stateDirectory,
                metrics,
                root);
    }

    /** The same with the rules of directories that none of its own paths has. */
    Config withRules(Collection<Path> directories) {
        List<Path> all = new ArrayList<>(rules);
        for (Path directory : directories) {
            Path absolute = directory.toAbsolutePath().normalize();
            if (rules.stream()
                    .noneMatch(r -> absolute.startsWith(r.toAbsolutePath().normalize()))) {
                all.add(directory);
            }
        }
        return overlaid(null, null, all, null, List.of());
    }
}
