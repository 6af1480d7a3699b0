// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.event;

import org.jspecify.annotations.Nullable;

/**
 * A change of the kernel's audit configuration.
 *
 * @param context when, who, and with what result
 * @param operation set, add_rule, remove_rule, ...
 * @param setting what was set: audit_enabled, audit_pid, audit_backlog_limit, ... null for rules
 * @param value new value, -1 when the source does not tell
 * @param oldValue old value, -1 when the source does not tell
 * @param ruleKey key of the rule, null if none
 */
public record AuditConfig(
        Context context,
        @Nullable String operation,
        @Nullable String setting,
        long value,
        long oldValue,
        @Nullable String ruleKey)
        implements KernelEvent {
    @Override
    public EventKind kind() {
        return EventKind.AUDIT_CONFIG;
    }
}
