// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.event;

import java.util.Map;

/**
 * A record of a user-space program: login, account, authentication, service.
 *
 * @param context when, who, and with what result
 * @param record record type: USER_LOGIN, ADD_USER, SERVICE_STOP, ...
 * @param fields fields of the record and of its msg='...'
 */
public record UserRecord(Context context, String record, Map<String, String> fields) implements KernelEvent {
    public UserRecord {
        fields = Map.copyOf(fields);
    }

    @Override
    public EventKind kind() {
        return EventKind.USER_RECORD;
    }
}
