// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.event;

import org.jspecify.annotations.Nullable;

/**
 * A kernel module that was loaded or unloaded: init_module, finit_module, delete_module.
 *
 * @param context when, who, and with what result
 * @param operation the syscall
 * @param name module name, null when the source does not tell
 */
public record KernelModule(
        Context context, String operation, @Nullable String name) implements KernelEvent {
    @Override
    public EventKind kind() {
        return EventKind.KERNEL_MODULE;
    }
}
