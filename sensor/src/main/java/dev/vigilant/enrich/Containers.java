// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.enrich;

import dev.vigilant.container.CgroupIdentity;
import dev.vigilant.container.ContainerLookup;
import dev.vigilant.event.Container;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The containers of the node by id. What the runtime has not written yet is asked for again with the events that come,
 * and later events carry the answer.
 *
 * <p>Threading: the enriching stage. Memory: the {@value #MAX_ENTRIES} containers that were met last.
 */
final class Containers {
    private static final int MAX_ENTRIES = 4096;
    /** No file is asked for more often than this, in event time. */
    private static final long RETRY_NANOS = 20_000_000L;

    private static final int MAX_TRIES = 100;

    private static final class Known {
        Container container;
        CgroupIdentity identity;
        long askedNanos;
        int tries;

        Known(Container container, CgroupIdentity identity) {
            this.container = container;
            this.identity = identity;
        }
    }

    private final Map<String, Known> entries = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
            return size() > MAX_ENTRIES;
        }
    };
    private final ContainerLookup lookup;

    Containers(ContainerLookup lookup) {
        this.lookup = lookup;
    }

    @Nullable
    CgroupIdentity identify(String procCgroup) {
        return lookup.identify(procCgroup);
    }

    /** The container, with what is known of it at {@code nowNanos} of event time. */
    Container of(CgroupIdentity identity, long nowNanos) {
        Known entry = entries.get(identity.id());
        if (entry == null) {
            entry = new Known(Container.undescribed(identity.id(), identity.runtime()), identity);
            entries.put(identity.id(), entry);
        } else if (identity.podUid() != null && entry.identity.podUid() == null) {
            // The cgroup knows more than a command line told before.
            entry.identity = identity;
            entry.container = Container.undescribed(identity.id(), identity.runtime());
            entry.tries = 0;
        }
        if (!entry.container.described()
                && entry.tries < MAX_TRIES
                && (entry.tries == 0 || nowNanos - entry.askedNanos >= RETRY_NANOS)) {
            entry.tries++;
            entry.askedNanos = nowNanos;
            Container described = lookup.describe(entry.identity);
            if (described != null) {
                entry.container = described;
            }
        }
        return entry.container;
    }

    /** The container of an id that was met before or that a runtime's command line named. */
    Container of(String id, long nowNanos) {
        Known entry = entries.get(id);
        return of(entry != null ? entry.identity : new CgroupIdentity("docker", id, null), nowNanos);
    }

    /** A description that came with a recording. */
    void put(Container container) {
        Known entry = new Known(container, new CgroupIdentity(container.runtime(), container.id(), null));
        entries.put(container.id(), entry);
    }
}
