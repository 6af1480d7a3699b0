// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;

/**
 * Where and when a scenario ran, which is what tells its alerts from those of others.
 *
 * @param container the full id of the container it ran in, empty for the host
 * @param containerName the container's name, empty for the host
 * @param pid the shell that ran the script on the host, 0 in a container
 * @param output the exit code, and what it printed
 * @param skipped why it did not run, empty when it did
 */
record Trace(
        Scenario scenario,
        String container,
        String containerName,
        long pid,
        Instant from,
        Instant to,
        String output,
        String skipped) {
    static Trace notRun(Scenario scenario, String reason) {
        return new Trace(scenario, "", "", 0, Instant.EPOCH, Instant.EPOCH, "", reason);
    }

    /** Whether the runtime refused, so that silence proves nothing. */
    boolean refused() {
        boolean contained =
                scenario.runs().equals("container") || scenario.runs().equals("exec");
        return contained && (container.isEmpty() || output.contains("Error response from daemon"));
    }

    /** Whether processes of this scenario raised the alert. */
    boolean owns(JsonNode alert) {
        return switch (scenario.runs()) {
            case "container" -> inContainer(alert);
            case "exec" -> inContainer(alert) && inTime(alert);
            case "host" -> inTime(alert) && underShell(alert);
            default -> true;
        };
    }

    private boolean inContainer(JsonNode alert) {
        return !container.isEmpty()
                && container.equals(alert.path("container").path("id").asText());
    }

    private boolean inTime(JsonNode alert) {
        Instant time = Instant.parse(alert.path("@timestamp").asText());
        return !time.isBefore(from) && !time.isAfter(to);
    }

    private boolean underShell(JsonNode alert) {
        if (alert.path("process").path("pid").asLong() == pid) {
            return true;
        }
        for (JsonNode ancestor : alert.path("process").path("ancestors")) {
            if (ancestor.path("pid").asLong() == pid) {
                return true;
            }
        }
        return false;
    }
}
