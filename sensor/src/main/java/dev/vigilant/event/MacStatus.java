// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.event;

import java.util.Map;

/**
 * A change of a security module's state: enforcing mode, policy load, boolean.
 *
 * @param context when, who, and with what result
 * @param change record type: MAC_STATUS, MAC_POLICY_LOAD, MAC_CONFIG_CHANGE, ...
 * @param fields fields of the record
 */
public record MacStatus(Context context, String change, Map<String, String> fields) implements KernelEvent {
    public MacStatus {
        fields = Map.copyOf(fields);
    }

    @Override
    public EventKind kind() {
        return EventKind.MAC_STATUS;
    }
}
