// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.field;

import dev.vigilant.event.EventKind;
import dev.vigilant.event.FileEvent;
import dev.vigilant.event.KernelEvent;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The names that patterns may use, and the kinds of events behind each. */
public final class EventTypes {
    /** Kinds that feed tables and clocks; rules never see them. */
    public static final Set<EventKind> HIDDEN = Set.of(
            EventKind.PROCESS_SNAPSHOT, EventKind.PROCESS_RENAME, EventKind.CONTAINER_SNAPSHOT, EventKind.CLOCK_TICK);

    private static final Map<String, Class<? extends KernelEvent>> BY_NAME = byName();

    private EventTypes() {}

    private static Map<String, Class<? extends KernelEvent>> byName() {
        Map<String, Class<? extends KernelEvent>> types = new TreeMap<>();
        types.put(KernelEvent.class.getSimpleName(), KernelEvent.class);
        types.put(FileEvent.class.getSimpleName(), FileEvent.class);
        for (EventKind kind : EventKind.values()) {
            if (!HIDDEN.contains(kind)) {
                types.put(kind.type().getSimpleName(), kind.type());
            }
        }
        return types;
    }

    /** The type of that name. */
    public static Optional<Class<? extends KernelEvent>> named(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    /** All names, in alphabetic order. */
    public static Collection<String> names() {
        return BY_NAME.keySet();
    }

    /** The kinds of events that a pattern of that type sees. */
    public static Set<EventKind> kinds(Class<? extends KernelEvent> type) {
        EnumSet<EventKind> kinds = EnumSet.noneOf(EventKind.class);
        for (EventKind kind : EventKind.values()) {
            if (!HIDDEN.contains(kind) && type.isAssignableFrom(kind.type())) {
                kinds.add(kind);
            }
        }
        return kinds;
    }
}
