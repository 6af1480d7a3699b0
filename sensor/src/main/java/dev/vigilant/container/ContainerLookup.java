// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.container;

import dev.vigilant.event.Container;
import org.jspecify.annotations.Nullable;

/** Finds out about containers. Live it reads the runtimes' files; a replay knows only what was recorded. */
public interface ContainerLookup {
    /** Knows nothing: a replay without recorded descriptions. */
    ContainerLookup NONE = new ContainerLookup() {
        @Override
        public @Nullable Container describe(CgroupIdentity identity) {
            return null;
        }

        @Override
        public @Nullable CgroupIdentity identify(String procCgroup) {
            return CgroupIdentity.of(procCgroup);
        }
    };

    /** What the runtime says of the container; null when it says nothing (yet). */
    @Nullable
    Container describe(CgroupIdentity identity);

    /** Whose cgroup this is; null when it is the host's. */
    @Nullable
    CgroupIdentity identify(String procCgroup);
}
