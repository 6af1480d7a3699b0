// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.audit;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * struct audit_status of linux/audit.h: the state of kernel audit.
 *
 * @param enabled 0 off, 1 on, 2 locked until reboot
 * @param failure what the kernel does when it cannot record: 0 nothing, 1 printk, 2 panic
 * @param pid the process that owns the records, 0 if none
 * @param rateLimit records a second, 0 for no limit
 * @param backlogLimit records that may wait, 0 for no limit
 * @param lost records lost since boot
 * @param backlog records that wait
 * @param backlogWaitTime how long a process waits for room, in jiffies; 0 for not at all
 * @param backlogWaitTimeActual how long processes did wait since boot, in jiffies
 * @param features AUDIT_FEATURE_BITMAP_* bits
 */
public record AuditStatus(
        int enabled,
        int failure,
        int pid,
        int rateLimit,
        int backlogLimit,
        int lost,
        int backlog,
        int backlogWaitTime,
        int backlogWaitTimeActual,
        int features) {
    /** No rule can be changed until reboot. */
    public static final int LOCKED = 2;

    /** {@link #failure}: the kernel stops the machine rather than lose a record. */
    public static final int FAIL_PANIC = 2;

    static final int MASK_ENABLED = 0x1;
    static final int MASK_PID = 0x4;
    static final int MASK_RATE_LIMIT = 0x8;
    static final int MASK_BACKLOG_LIMIT = 0x10;
    static final int MASK_BACKLOG_WAIT_TIME = 0x20;

    /** Size of the structure up to backlog_wait_time_actual. */
    private static final int SIZE = 44;

    static AuditStatus parse(byte[] buffer, int offset, int length) {
        ByteBuffer in = ByteBuffer.allocate(SIZE).order(ByteOrder.nativeOrder());
        in.put(buffer, offset, Math.min(length, SIZE)).rewind();
        return new AuditStatus(
                in.getInt(4),
                in.getInt(8),
                in.getInt(12),
                in.getInt(16),
                in.getInt(20),
                in.getInt(24),
                in.getInt(28),
                in.getInt(36),
                in.getInt(40),
                in.getInt(32));
    }

    /** The message that sets what the mask names to this status's values. */
    byte[] encode(int mask) {
        return ByteBuffer.allocate(SIZE)
                .order(ByteOrder.nativeOrder())
                .putInt(0, mask)
                .putInt(4, enabled)
                .putInt(8, failure)
                .putInt(12, pid)
                .putInt(16, rateLimit)
                .putInt(20, backlogLimit)
                .putInt(36, backlogWaitTime)
                .array();
    }

    AuditStatus withPid(int newPid) {
        return new AuditStatus(
                enabled,
                failure,
                newPid,
                rateLimit,
                backlogLimit,
                lost,
                backlog,
                backlogWaitTime,
                backlogWaitTimeActual,
                features);
    }

    /** What {@link #encode} may send, changed. */
    AuditStatus with(int newEnabled, int newRateLimit, int newBacklogLimit, int newBacklogWaitTime) {
        return new AuditStatus(
                newEnabled,
                failure,
                pid,
                newRateLimit,
                newBacklogLimit,
                lost,
                backlog,
                newBacklogWaitTime,
                backlogWaitTimeActual,
                features);
    }

    /** The settings that differ from another status's and still stand in a third, as a mask. */
    int changedSince(AuditStatus original, AuditStatus current) {
        return bit(MASK_ENABLED, enabled, original.enabled, current.enabled)
                | bit(MASK_RATE_LIMIT, rateLimit, original.rateLimit, current.rateLimit)
                | bit(MASK_BACKLOG_LIMIT, backlogLimit, original.backlogLimit, current.backlogLimit)
                | bit(MASK_BACKLOG_WAIT_TIME, backlogWaitTime, original.backlogWaitTime, current.backlogWaitTime);
    }

    private static int bit(int mask, int applied, int original, int current) {
        return applied != original && applied == current ? mask : 0;
    }
}
