// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.event;

import org.jspecify.annotations.Nullable;

/**
 * A change of the firewall's tables.
 *
 * @param context when, who, and with what result
 * @param table table name with its family
 * @param operation register, replace, nft_register_rule, ...
 * @param entries number of entries, -1 when the source does not tell
 */
public record NetfilterConfig(
        Context context, @Nullable String table, @Nullable String operation, long entries) implements KernelEvent {
    @Override
    public EventKind kind() {
        return EventKind.NETFILTER_CONFIG;
    }
}
