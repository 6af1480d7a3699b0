// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.event;

import java.util.Map;

/**
 * An audit record for which there is no event of its own.
 *
 * @param context when, who, and with what result
 * @param record record type, or its number
 * @param fields fields of the record
 */
public record AuditMessage(Context context, String record, Map<String, String> fields) implements KernelEvent {
    public AuditMessage {
        fields = Map.copyOf(fields);
    }

    @Override
    public EventKind kind() {
        return EventKind.AUDIT_MESSAGE;
    }
}
