// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.audit;

import dev.vigilant.event.IoUringOperation;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.source.FileSystems;
import dev.vigilant.syscall.SyscallEvents;

/**
 * Makes one event of a group of records: of the most telling kind that the records allow.
 *
 * <p>Threading: one thread. Allocation: the event and its texts.
 */
final class Normalizer {
    private final FileSystems fileSystems;
    private final boolean keepRaw;
    private final Fields scratch = new Fields();

    Normalizer(FileSystems fileSystems, boolean keepRaw) {
        this.fileSystems = fileSystems;
        this.keepRaw = keepRaw;
    }

    /** The event of the group; the group has at least one record. */
    KernelEvent event(RecordGroup group, boolean complete) {
        byte[] raw = keepRaw ? group.raw() : null;
        int telling = group.hasHead() ? telling(group) : 0;
        if (telling >= 0) {
            return new StandaloneEvents(group, scratch, fileSystems, complete, raw).event(telling);
        }
        SyscallView view = new SyscallView(group, scratch, fileSystems, complete, raw);
        if (view.isUring()) {
            return new IoUringOperation(view.context(), view.name());
        }
        return switch (view.name()) {
            case "execve", "execveat" -> Execs.event(view);
            default -> SyscallEvents.of(view);
        };
    }

    /** A record beside SYSCALL that says more than the syscall does, or -1. */
    private static int telling(RecordGroup group) {
        for (int i = 0; i < group.count(); i++) {
            int type = group.type(i);
            if (type == RecordType.CONFIG_CHANGE
                    || type == RecordType.LOGIN
                    || type == RecordType.NETFILTER_CFG
                    || type == RecordType.SECCOMP
                    || RecordType.isLsmDecision(type)
                    || RecordType.isAnomaly(type)
                    || RecordType.isMacStatus(type)
                    || RecordType.isIntegrity(type)) {
                return i;
            }
        }
        return -1;
    }
}
