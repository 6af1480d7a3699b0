// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.event;

import java.util.Map;

/**
 * A record of IMA or EVM.
 *
 * @param context when, who, and with what result
 * @param record record type: INTEGRITY_DATA, INTEGRITY_PCR, ...
 * @param fields fields of the record
 */
public record IntegrityViolation(Context context, String record, Map<String, String> fields) implements KernelEvent {
    public IntegrityViolation {
        fields = Map.copyOf(fields);
    }

    @Override
    public EventKind kind() {
        return EventKind.INTEGRITY_VIOLATION;
    }
}
