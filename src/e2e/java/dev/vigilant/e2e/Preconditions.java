// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.e2e;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** What the scenarios need of the machine; what is missing skips them with the reason. */
final class Preconditions {
    private Preconditions() {}

    static void check() {
        assumeTrue("root".equals(System.getProperty("user.name")), "needs root");
        assumeTrue(onPath("auditctl"), "needs auditctl (apt install auditd)");
        assumeTrue(Command.run("auditctl", "-s").exit() == 0, "needs kernel audit in the initial namespaces");
        assumeTrue(onPath("docker"), "needs docker (apt install docker.io)");
        assumeTrue(Files.isExecutable(Path.of("/bin/busybox")), "needs /bin/busybox (apt install busybox-static)");
    }

    private static boolean onPath(String program) {
        return Command.run("sh", "-c", "command -v " + program).exit() == 0;
    }
}
