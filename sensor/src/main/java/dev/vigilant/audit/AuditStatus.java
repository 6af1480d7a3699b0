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
 * @param backlogWaitTime how long a process waits for room, in jiffies
 */
public record AuditStatus(
        int enabled,
        int failure,
        int pid,
        int rateLimit,
        int backlogLimit,
        int lost,
        int backlog,
        int backlogWaitTime) {
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
                in.getInt(36));
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
        return new AuditStatus(enabled, failure, newPid, rateLimit, backlogLimit, lost, backlog, backlogWaitTime);
    }

    AuditStatus with(int newEnabled, int newBacklogLimit, int newBacklogWaitTime) {
        return new AuditStatus(newEnabled, failure, pid, 0, newBacklogLimit, lost, backlog, newBacklogWaitTime);
    }
}
