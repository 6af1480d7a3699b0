// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.audit;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vigilant.jna.NativeFailure;
import dev.vigilant.source.Support;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What vigilant changed in the kernel's audit, and how to undo it: at the end, or at the next start when the daemon was
 * killed. One daemon at a time has it, by a lock that the kernel takes back from a killed one.
 *
 * <p>Threading: one thread. Errors: what cannot be restored is said, the rest is restored.
 *
 * <h2>Crash</h2>
 *
 * The original settings, and what they are about to become, are in the state file before the kernel is told. The next start
 * finds them there. A setting that somebody else changed in the meantime is left as it is, and all of them are when another
 * audit daemon has taken over. A state file of an earlier boot says nothing about this one.
 *
 * <h2>Panic</h2>
 *
 * Where audit is set to stop the machine when a record is lost (failure=2), processes wait for room as before, whatever
 * the configuration says: the first burst would stop the machine otherwise.
 */
public final class AuditSession implements AutoCloseable {
    /** What the kernel itself starts with, at 250 jiffies a second. */
    private static final int DEFAULT_WAIT_TIME = 15_000;

    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    private static final ObjectMapper JSON =
            new ObjectMapper().configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);

    private final AuditControl control;
    private final Path stateFile;
    private final FileChannel lock;
    private final AuditStatus original;
    private AuditStatus applied;
    private List<AuditRule> installed = List.of();
    private boolean closed;

    /** The file's content: who changes the settings, in which boot, what they were and what they become. */
    record State(long pid, @Nullable String bootId, AuditStatus original, AuditStatus applied) {}

    private AuditSession(AuditControl control, Path stateFile, FileChannel lock, AuditStatus original) {
        this.control = control;
        this.stateFile = stateFile;
        this.lock = lock;
        this.original = original;
        this.applied = original;
    }

    /**
     * Undoes what a killed daemon left behind, and remembers the settings as they are then.
     *
     * @throws IOException when audit is locked, another daemon runs, or the file cannot be written
     */
    public static AuditSession begin(AuditControl control, Path stateDirectory) throws IOException {
        Files.createDirectories(stateDirectory);
        Path stateFile = stateDirectory.resolve("audit-state.json");
        FileChannel lock = lock(stateDirectory.resolve("audit.lock"));
        try {
            recover(control, stateFile);
            AuditStatus original = control.status();
            if (original.enabled() == AuditStatus.LOCKED) {
                throw new IOException("kernel audit is locked (enabled=2), no rule can be added:"
                        + " remove '-e 2' from the audit rules (/etc/audit/rules.d) and reboot");
            }
            AuditSession session = new AuditSession(control, stateFile, lock, original);
            session.remember(original);
            return session;
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static FileChannel lock(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException sameProcess) {
            lock = null;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        if (lock == null) {
            channel.close();
            throw new IOException("another vigilant runs on this node and holds " + file + ": stop it first");
        }
        return channel;
    }

    private static void recover(AuditControl control, Path stateFile) throws IOException {
        State state = read(stateFile);
        AuditStatus current = control.status();
        int owner = current.pid();
        // The lock is ours, so whoever wrote the file is dead, even if its pid lives again as something else.
        boolean stuck = owner != 0
                && ((state != null && state.pid() == owner)
                        || ProcessHandle.of(owner).isEmpty());
        if (stuck) {
            control.set(current.withPid(0), AuditStatus.MASK_PID);
            current = control.status();
        }
        removeOwnRules(control);
        if (state != null) {
            restore(control, state.original(), state.applied(), current);
        }
        Files.deleteIfExists(stateFile);
    }

    private static void restore(AuditControl control, AuditStatus original, AuditStatus applied, AuditStatus current)
            throws IOException {
        boolean taken = current.pid() != 0
                && current.pid() != original.pid()
                && current.pid() != ProcessHandle.current().pid();
        int mask = taken ? 0 : applied.changedSince(original, current);
        if (mask != 0) {
            control.set(original, mask);
        }
    }

    private static @Nullable State read(Path file) {
        try {
            if (!Files.exists(file)) {
                return null;
            }
            State state = JSON.readValue(file.toFile(), State.class);
            boolean whole = state.original() != null && state.applied() != null;
            return whole && bootId().equals(state.bootId()) ? state : null;
        } catch (IOException torn) {
            return null;
        }
    }

    private static String bootId() {
        try {
            return Files.readString(BOOT_ID).trim();
        } catch (IOException unreadable) {
            return "";
        }
    }

    private void remember(AuditStatus becoming) throws IOException {
        Path fresh = stateFile.resolveSibling("audit-state.json.new");
        State state = new State(ProcessHandle.current().pid(), bootId(), original, becoming);
        Files.write(fresh, JSON.writeValueAsBytes(state));
        Files.move(fresh, stateFile, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private void apply(AuditStatus becoming) throws IOException {
        remember(becoming);
        applied = becoming;
        int mask = becoming.changedSince(original, becoming);
        if (mask != 0) {
            control.set(becoming, mask);
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
        boolean wait = complete || original.failure() == AuditStatus.FAIL_PANIC;
        int before = original.backlogWaitTime();
        int waitTime = !wait ? 0 : before > 0 ? before : DEFAULT_WAIT_TIME;
        apply(original.with(1, 0, Math.max(backlogLimit, original.backlogLimit()), waitTime));
    }

    /** Switches audit on and leaves the owner's settings alone. */
    public void enableOnly() throws IOException {
        apply(original.with(1, original.rateLimit(), original.backlogLimit(), original.backlogWaitTime()));
    }

    /**
     * Has the kernel hold these rules instead of those before. New ones are added before old ones go, so that what both
     * sets want is recorded all the time.
     *
     * @return what the kernel would not take, one sentence, or nothing
     */
    public Optional<Support.Unsupported> install(AuditRules rules) throws IOException {
        List<String> refused = new ArrayList<>();
        List<AuditRule> now = new ArrayList<>();
        for (AuditRule rule : rules.rules()) {
            try {
                if (!installed.contains(rule)) {
                    control.add(rule);
                }
                now.add(rule);
            } catch (NativeFailure e) {
                refused.add(String.valueOf(e.getMessage()));
            }
        }
        for (AuditRule rule : installed) {
            if (!now.contains(rule)) {
                control.remove(rule);
            }
        }
        installed = now;
        return refused.isEmpty()
                ? Optional.empty()
                : Optional.of(new Support.Unsupported(
                        refused.size() + " of " + rules.rules().size() + " rules: " + String.join("; ", refused)));
    }

    /** Takes our rules away, so that no new records come. */
    public void removeRules() throws IOException {
        removeOwnRules(control);
    }

    /** Restores everything. */
    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try (lock) {
            try {
                removeOwnRules(control);
            } finally {
                restore(control, original, applied, control.status());
            }
            Files.deleteIfExists(stateFile);
        }
    }
}
