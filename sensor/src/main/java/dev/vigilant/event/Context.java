// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.event;

import org.jspecify.annotations.Nullable;

/**
 * When an event happened, who did it, and with what result.
 *
 * <h2>Concurrency</h2>
 *
 * Everything the kernel told is final. {@link #process} and {@link #container} are set once, by the one enriching stage,
 * before the event is handed to the next stage of the ring, which publishes them.
 */
public final class Context {
    private final long timeNanos;
    private final Origin origin;
    private final long serial;
    private final Actor actor;
    private final @Nullable String syscall;
    private final String arch;
    private final long result;
    private final Outcome outcome;
    private final boolean complete;
    private final byte @Nullable [] raw;
    private @Nullable Process process;
    private @Nullable Container container;

    /**
     * @param timeNanos event time, nanoseconds since the epoch (wall clock)
     * @param origin which sensor told it
     * @param serial the source's own number for the event (audit serial), 0 if it has none
     * @param actor the process as the kernel described it in this very event
     * @param syscall name of the syscall, null when none is behind the event
     * @param arch {@code x86_64}, {@code i386}, {@code aarch64} ..., or empty
     * @param result the syscall's return value, a negated errno on failure
     * @param outcome whether it succeeded, if known
     * @param complete false when records of the event are missing
     * @param raw the source's own bytes, null when not kept; the caller gives them away
     */
    public Context(
            long timeNanos,
            Origin origin,
            long serial,
            Actor actor,
            @Nullable String syscall,
            String arch,
            long result,
            Outcome outcome,
            boolean complete,
            byte @Nullable [] raw) {
        this.timeNanos = timeNanos;
        this.origin = origin;
        this.serial = serial;
        this.actor = actor;
        this.syscall = syscall;
        this.arch = arch;
        this.result = result;
        this.outcome = outcome;
        this.complete = complete;
        this.raw = raw;
    }

    /** A context for what no syscall did: a tick, a snapshot, a word of the sensor about itself. */
    public static Context of(long timeNanos, Origin origin, Actor actor) {
        return new Context(timeNanos, origin, 0, actor, null, "", 0, Outcome.UNKNOWN, true, null);
    }

    /** Event time in nanoseconds since the epoch. */
    public long timeNanos() {
        return timeNanos;
    }

    public Origin origin() {
        return origin;
    }

    public long serial() {
        return serial;
    }

    public Actor actor() {
        return actor;
    }

    public @Nullable String syscall() {
        return syscall;
    }

    public String arch() {
        return arch;
    }

    /** Return value of the syscall; a negated errno on failure. */
    public long result() {
        return result;
    }

    public Outcome outcome() {
        return outcome;
    }

    /** False when records that belong to the event never came. */
    public boolean complete() {
        return complete;
    }

    /** The source's own bytes, for forensics; shared, do not write. */
    public byte @Nullable [] raw() {
        return raw;
    }

    /** The process with its lineage, null before enrichment or for an event without a process. */
    public @Nullable Process process() {
        return process;
    }

    /** The container of the process, null on the host. */
    public @Nullable Container container() {
        return container;
    }

    /** Gives the event its identity. Called once, by the enriching stage. */
    public void identify(@Nullable Process newProcess, @Nullable Container newContainer) {
        this.process = newProcess;
        this.container = newContainer;
    }
}
