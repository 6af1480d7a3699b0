// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.event;

/**
 * A kernel that was loaded for kexec.
 *
 * @param context when, who, and with what result
 * @param operation kexec_load or kexec_file_load
 */
public record KexecLoad(Context context, String operation) implements KernelEvent {
    @Override
    public EventKind kind() {
        return EventKind.KEXEC_LOAD;
    }
}
