// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.e2e;

import java.util.List;
import java.util.stream.Collectors;

/** The host's audit as auditctl tells it, counters that only grow left out. */
record AuditState(String settings, String rules) {
    private static final List<String> COUNTERS = List.of("lost ", "backlog ", "backlog_wait_time_actual ");

    static AuditState now() {
        String settings = Command.output("auditctl", "-s")
                .lines()
                .filter(line -> COUNTERS.stream().noneMatch(line::startsWith))
                .collect(Collectors.joining("\n"));
        return new AuditState(settings, Command.output("auditctl", "-l"));
    }
}
