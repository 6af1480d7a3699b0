// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.falco;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The lists of all files, with the lists that they hold put in place. */
final class Lists {
    private final Map<String, List<String>> items = new HashMap<>();

    void put(String name, List<String> values) {
        items.put(name, List.copyOf(values));
    }

    boolean has(String name) {
        return items.containsKey(name);
    }

    /** The items as rules would write them, quotes included. */
    List<String> items(String name) {
        return items.getOrDefault(name, List.of());
    }
}
