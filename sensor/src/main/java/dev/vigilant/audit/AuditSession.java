// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.audit;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vigilant.source.Support;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What vigilant changed in the kernel's audit, and how to undo it: at the end, or at the next start when the daemon was
 * killed. The original settings are written to a file before the first change.
 *
 * <p>Threading: one thread. Errors: what cannot be restored is said, the rest is restored.
 */
public final class AuditSession implements AutoCloseable {
    private static final int SETTINGS = AuditStatus.MASK_ENABLED
            | AuditStatus.MASK_RATE_LIMIT
            | AuditStatus.MASK_BACKLOG_LIMIT
            | AuditStatus.MASK_BACKLOG_WAIT_TIME;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final AuditControl control;
    private final Path stateFile;
    private final AuditStatus original;

    /** The file's content: who changed the settings, and what they were. */
    record State(long pid, AuditStatus original) {}

    private AuditSession(AuditControl control, Path stateFile, AuditStatus original) {
        this.control = control;
        this.stateFile = stateFile;
        this.original = original;
    }

    /**
     * Undoes what a killed daemon left behind, and remembers the settings as they are then.
     *
     * @throws IOException when audit is locked, another daemon runs, or the file cannot be written
     */
    public static AuditSession begin(AuditControl control, Path stateDirectory) throws IOException {
        Files.createDirectories(stateDirectory);
        Path stateFile = stateDirectory.resolve("audit-state.json");
        recover(control, stateFile);
        AuditStatus original = control.status();
        if (original.enabled() == 2) {
            throw new IOException(
                    "kernel audit is locked (enabled=2), no rule can be added: reboot, and remove '-e 2' from the audit rules first");
        }
        Path fresh = stateFile.resolveSibling("audit-state.json.new");
        Files.write(
                fresh, JSON.writeValueAsBytes(new State(ProcessHandle.current().pid(), original)));
        Files.move(
                fresh,
                stateFile,
                java.nio.file.StandardCopyOption.ATOMIC_MOVE,
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        return new AuditSession(control, stateFile, original);
    }

    private static void recover(AuditControl control, Path stateFile) throws IOException {
        State state = read(stateFile);
        if (state != null) {
            Optional<ProcessHandle> other = ProcessHandle.of(state.pid());
            boolean self = state.pid() == ProcessHandle.current().pid();
            if (!self && other.isPresent() && isVigilant(state.pid())) {
                throw new IOException("another vigilant runs with pid " + state.pid() + ": stop it first");
            }
            control.set(state.original(), SETTINGS);
        }
        removeOwnRules(control);
        Files.deleteIfExists(stateFile);
    }

    private static @Nullable State read(Path file) {
        try {
            return Files.exists(file) ? JSON.readValue(file.toFile(), State.class) : null;
        } catch (IOException torn) {
            return null;
        }
    }

    private static boolean isVigilant(long pid) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"))
                    .contains("dev.vigilant.daemon");
        } catch (IOException gone) {
            return false;
        }
    }

    /** How many rules with our key the kernel holds. */
    public int ownRules() throws IOException {
        return (int) control.rules().stream()
                .filter(rule -> AuditRules.KEY.equals(rule.key()))
                .count();
    }

    private static void removeOwnRules(AuditControl control) throws IOException {
        for (AuditRule rule : control.rules()) {
            if (AuditRules.KEY.equals(rule.key())) {
                control.remove(rule);
            }
        }
    }

    /** The settings before anything was changed. */
    public AuditStatus original() {
        return original;
    }

    /**
     * Switches audit on, with room for as many records as asked for.
     *
     * @param complete whether a process waits when there is no room, rather than its record being lost
     */
    public void enable(int backlogLimit, boolean complete) throws IOException {
        int waitTime = complete ? Math.max(original.backlogWaitTime(), 1) : 0;
        control.set(original.with(1, Math.max(backlogLimit, original.backlogLimit()), waitTime), SETTINGS);
    }

    /** Switches audit on and leaves the owner's settings alone. */
    public void enableOnly() throws IOException {
        control.set(original.with(1, 0, 0), AuditStatus.MASK_ENABLED);
    }

    /**
     * Adds the rules.
     *
     * @return what the kernel would not take, one sentence, or nothing
     */
    public Optional<Support.Unsupported> install(AuditRules rules) throws IOException {
        int refused = 0;
        String reason = "";
        for (AuditRule rule : rules.rules()) {
            try {
                control.add(rule);
            } catch (dev.vigilant.jna.NativeFailure e) {
                refused++;
                reason = String.valueOf(e.getMessage());
            }
        }
        return refused == 0
                ? Optional.empty()
                : Optional.of(new Support.Unsupported(refused + " of the rules: " + reason));
    }

    /** Takes our rules away, so that no new records come. */
    public void removeRules() throws IOException {
        removeOwnRules(control);
    }

    /** Restores everything. */
    @Override
    public void close() throws IOException {
        removeOwnRules(control);
        control.set(original, SETTINGS);
        Files.deleteIfExists(stateFile);
    }
}
