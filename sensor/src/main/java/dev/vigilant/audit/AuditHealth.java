// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.audit;

import dev.vigilant.counter.Counter;
import dev.vigilant.counter.Counters;
import dev.vigilant.event.Actor;
import dev.vigilant.event.Context;
import dev.vigilant.event.Origin;
import dev.vigilant.event.SensorHealth;
import dev.vigilant.source.EventSink;
import org.jspecify.annotations.Nullable;

/**
 * Watches the kernel's own account of audit: what it lost, and whether somebody took audit away from us.
 *
 * <p>Threading: the sensor thread. Each change is told once.
 */
public final class AuditHealth {
    private final EventSink events;
    private final Counters counters;
    private final int expectedPid;
    private final boolean owner;
    private int expectedRules;
    private @Nullable AuditStatus previous;
    private int previousRules;

    /**
     * @param expectedPid who owns audit: our pid in owner mode; in listener mode the owner may come and go
     * @param expectedRules how many rules of ours the kernel holds
     */
    public AuditHealth(int expectedPid, int expectedRules, EventSink events, Counters counters) {
        this(expectedPid, expectedPid == ProcessHandle.current().pid(), expectedRules, events, counters);
    }

    AuditHealth(int expectedPid, boolean owner, int expectedRules, EventSink events, Counters counters) {
        this.expectedPid = expectedPid;
        this.owner = owner;
        this.expectedRules = expectedRules;
        this.previousRules = expectedRules;
        this.events = events;
        this.counters = counters;
    }

    /** From now on the kernel is to hold so many rules of ours: we changed them ourselves. */
    public void expect(int ownRules) {
        expectedRules = ownRules;
        previousRules = ownRules;
    }

    /**
     * Compares with what was last seen.
     *
     * @param status the state now
     * @param ownRules how many rules with our key the kernel holds now
     * @param nowNanos time of the look, nanoseconds since the epoch
     */
    public void see(AuditStatus status, int ownRules, long nowNanos) {
        AuditStatus before = previous;
        previous = status;
        int lost = before == null ? 0 : status.lost() - before.lost();
        if (lost > 0) {
            counters.add(Counter.LOST_IN_KERNEL, lost);
            tell(
                    Counter.LOST_IN_KERNEL.label(),
                    lost,
                    "the kernel's audit queue was full: raise audit.backlog_limit, or load fewer rules that want opens",
                    nowNanos);
        }
        boolean wasOn = before == null || before.enabled() != 0;
        if (status.enabled() == 0 && wasOn) {
            tell(
                    "audit_disabled",
                    1,
                    "somebody switched kernel audit off: find out who, then restart vigilant",
                    nowNanos);
        }
        boolean wasOurs = before == null || before.pid() == expectedPid;
        if (owner && status.pid() != expectedPid && wasOurs) {
            tell(
                    "audit_taken_over",
                    1,
                    (status.pid() == 0 ? "audit records go to nobody" : "audit records go to pid " + status.pid())
                            + " instead of vigilant: find out who did it, and restart vigilant or set audit.mode: listener",
                    nowNanos);
        }
        if (ownRules < expectedRules && ownRules < previousRules) {
            tell(
                    "rules_removed",
                    previousRules - ownRules,
                    "somebody removed audit rules of vigilant: find out who, then restart vigilant",
                    nowNanos);
        }
        previousRules = ownRules;
    }

    private void tell(String cause, long count, String detail, long nowNanos) {
        events.event(new SensorHealth(Context.of(nowNanos, Origin.SENSOR, Actor.NONE), cause, count, detail));
    }
}
