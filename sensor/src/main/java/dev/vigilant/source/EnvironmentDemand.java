// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.source;

import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What is asked of the environment that programs are given at exec. What is not asked for is secret: it goes into no event
 * and no recording.
 *
 * @param whole whether every entry is asked for
 * @param keys names of variables, letter for letter
 * @param texts texts in lower case: an entry {@code KEY=VALUE} that has one of them, in whatever case, is asked for
 */
public record EnvironmentDemand(boolean whole, Set<String> keys, Set<String> texts) {
    /** Asks for nothing. */
    public static final EnvironmentDemand NONE = new EnvironmentDemand(false, Set.of(), Set.of());

    /** Asks for every entry. */
    public static final EnvironmentDemand WHOLE = new EnvironmentDemand(true, Set.of(), Set.of());

    public EnvironmentDemand {
        keys = Set.copyOf(keys);
        texts = Set.copyOf(texts);
    }

    /** All that any of the interests asks for. */
    public static EnvironmentDemand of(Collection<Interest> interests) {
        return interests.stream().map(Interest::environment).reduce(NONE, EnvironmentDemand::and);
    }

    /** What this one or the other asks for. */
    public EnvironmentDemand and(EnvironmentDemand other) {
        if (covers(other)) {
            return this;
        }
        Set<String> bothKeys = new HashSet<>(keys);
        bothKeys.addAll(other.keys);
        Set<String> bothTexts = new HashSet<>(texts);
        bothTexts.addAll(other.texts);
        return new EnvironmentDemand(whole || other.whole, bothKeys, bothTexts);
    }

    boolean covers(EnvironmentDemand other) {
        return whole || (!other.whole && keys.containsAll(other.keys) && texts.containsAll(other.texts));
    }

    /** Whether an entry {@code KEY=VALUE} is asked for; what has no {@code =} is none. */
    public boolean wants(String entry) {
        int equals = entry.indexOf('=');
        if (equals <= 0) {
            return false;
        }
        if (whole || keys.contains(entry.substring(0, equals))) {
            return true;
        }
        if (texts.isEmpty()) {
            return false;
        }
        String lower = entry.toLowerCase(Locale.ROOT);
        return texts.stream().anyMatch(lower::contains);
    }

    /**
     * The entries that are asked for, in their order. A key that comes twice has both values, joined by a blank: programs differ
     * in which one they take.
     */
    public Map<String, String> wanted(Iterable<String> entries) {
        Map<String, String> wanted = new LinkedHashMap<>();
        for (String entry : entries) {
            if (wants(entry)) {
                int equals = entry.indexOf('=');
                wanted.merge(entry.substring(0, equals), entry.substring(equals + 1), (a, b) -> a + " " + b);
            }
        }
        return Collections.unmodifiableMap(wanted);
    }
}
