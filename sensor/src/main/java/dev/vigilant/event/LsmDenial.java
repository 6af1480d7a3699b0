// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.event;

import org.jspecify.annotations.Nullable;

/**
 * A decision of a Linux security module: SELinux, AppArmor, Landlock, IPE.
 *
 * @param context when, who, and with what result
 * @param module selinux, apparmor, landlock or ipe
 * @param denied whether access was denied, not only audited
 * @param permission permissions or the capability asked for, space separated
 * @param sourceLabel label or profile of the process
 * @param targetLabel label of the object, or of the process that was meant
 * @param targetClass object class
 * @param path the object's path or name
 */
public record LsmDenial(
        Context context,
        String module,
        boolean denied,
        @Nullable String permission,
        @Nullable String sourceLabel,
        @Nullable String targetLabel,
        @Nullable String targetClass,
        @Nullable String path)
        implements KernelEvent {
    @Override
    public EventKind kind() {
        return EventKind.LSM_DENIAL;
    }
}
