// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.event;

import java.util.AbstractMap;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An environment that also knows itself as one line, which is joined when it is first asked for. Its entries keep their
 * order. Forks share it with their parent.
 *
 * <p>Threading: any; two threads may both join the line, and join the same.
 */
final class Environment extends AbstractMap<String, String> {
    private static final Environment NONE = new Environment(Map.of());

    private final Map<String, String> entries;
    private @Nullable String line;

    private Environment(Map<String, String> entries) {
        this.entries = entries;
    }

    /** No entries for null. */
    static Environment copyOf(@Nullable Map<String, String> entries) {
        if (entries instanceof Environment same) {
            return same;
        }
        return entries == null || entries.isEmpty()
                ? NONE
                : new Environment(Collections.unmodifiableMap(new LinkedHashMap<>(entries)));
    }

    /** The entries {@code KEY=VALUE}, joined by blanks. */
    String line() {
        String joined = line;
        if (joined == null) {
            joined = entries.entrySet().stream()
                    .map(entry -> entry.getKey() + "=" + entry.getValue())
                    .collect(Collectors.joining(" "));
            line = joined;
        }
        return joined;
    }

    @Override
    public @Nullable String get(@Nullable Object key) {
        return entries.get(key);
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return entries.containsKey(key);
    }

    @Override
    public Set<Map.Entry<String, String>> entrySet() {
        return entries.entrySet();
    }
}
