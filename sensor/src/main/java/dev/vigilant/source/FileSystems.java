// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.source;

import org.jspecify.annotations.Nullable;

/** Tells the type of the file system with a device number. */
@FunctionalInterface
public interface FileSystems {
    /** Knows none: a replay on another host. */
    FileSystems NONE = (major, minor) -> null;

    /** Type as in /proc/mounts ({@code overlay}, {@code debugfs}), or null when not known. */
    @Nullable
    String typeOf(int major, int minor);
}
