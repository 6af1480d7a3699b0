// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.audit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The machine's audit for one test class: there is one for all, so it is taken under a lock that other builds on the machine
 * take too, and left as it was found.
 */
final class AuditMachine {
    private static final Path LOCK = Path.of(System.getProperty("java.io.tmpdir"), "audit.lock");
    private static final int WAIT_SECONDS = 120;

    private final Process lock;
    private final AuditStatus before;

    private AuditMachine(Process lock, AuditStatus before) {
        this.lock = lock;
        this.before = before;
    }

    /** Takes audit, or skips the tests with the reason. */
    static AuditMachine take() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "needs root");
        Process lock = lock();
        try (AuditControl control = new AuditControl()) {
            AuditStatus status = control.status();
            assumeTrue(status.pid() == 0, "audit belongs to pid " + status.pid());
            assumeTrue(status.enabled() != AuditStatus.LOCKED, "audit is locked");
            return new AuditMachine(lock, status);
        } catch (IOException e) {
            lock.destroy();
            assumeTrue(false, "no audit here: " + e.getMessage());
            throw e;
        } catch (RuntimeException e) {
            lock.destroy();
            throw e;
        }
    }

    /** A child that holds the lock until its input ends; a build that runs under {@code flock} holds it already. */
    private static Process lock() throws Exception {
        Optional<ProcessHandle> ancestor = ProcessHandle.current().parent();
        while (ancestor.isPresent()) {
            if (ancestor.get().info().command().orElse("").endsWith("/flock")) {
                return new ProcessBuilder("cat").start();
            }
            ancestor = ancestor.get().parent();
        }
        Process process = new ProcessBuilder(
                        "flock", "-w", Integer.toString(WAIT_SECONDS), LOCK.toString(), "sh", "-c", "echo held; cat")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String line = process.inputReader().readLine();
        assumeTrue("held".equals(line), "another build has audit, or there is no flock");
        return process;
    }

    AuditStatus before() {
        return before;
    }

    static boolean hasAuditctl() {
        return Files.isExecutable(Path.of("/sbin/auditctl")) || Files.isExecutable(Path.of("/usr/sbin/auditctl"));
    }

    static void run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new AssertionError(List.of(command) + ": " + output);
        }
    }

    /** Leaves audit as it was found. */
    void close() throws Exception {
        try (AuditControl control = new AuditControl()) {
            for (AuditRule rule : control.rules()) {
                if (String.valueOf(rule.key()).startsWith(AuditRules.KEY)) {
                    control.remove(rule);
                }
            }
            if (control.status().pid() == 0) {
                control.set(
                        before,
                        AuditStatus.MASK_ENABLED
                                | AuditStatus.MASK_RATE_LIMIT
                                | AuditStatus.MASK_BACKLOG_LIMIT
                                | AuditStatus.MASK_BACKLOG_WAIT_TIME);
            }
        } finally {
            lock.getOutputStream().close();
            lock.waitFor(10, TimeUnit.SECONDS);
        }
    }
}
