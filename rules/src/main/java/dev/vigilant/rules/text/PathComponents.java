// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.text;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Components (what stands between the slashes of a path) of which every path that fulfils a condition has at least one as
 * a whole. The rarer ones are preferred: half of all files lie below {@code usr}.
 */
public final class PathComponents {
    /** More components than this are none: a kernel would look for too much. */
    public static final int LIMIT = 64;

    /** How common a component is among the paths that a busy node opens; others are rare. */
    private static final Map<String, Integer> COMMON = Map.ofEntries(
            Map.entry("..", 9),
            Map.entry("lib", 9),
            Map.entry("usr", 9),
            Map.entry("proc", 8),
            Map.entry("etc", 7),
            Map.entry("lib64", 7),
            Map.entry("dev", 6),
            Map.entry("share", 6),
            Map.entry("var", 5),
            Map.entry("home", 5),
            Map.entry("tmp", 5),
            Map.entry("local", 4),
            Map.entry("bin", 4),
            Map.entry("sys", 4),
            Map.entry("run", 4),
            Map.entry("root", 3),
            Map.entry("sbin", 3),
            Map.entry("opt", 3),
            Map.entry("config", 2),
            Map.entry("cache", 2),
            Map.entry("self", 2),
            Map.entry(".config", 1));

    /** For choosing among the components that several conditions ask for: the rarer, then the fewer, come first. */
    public static final Comparator<Set<String>> BEST_FIRST =
            Comparator.<Set<String>>comparingInt(PathComponents::commonness).thenComparingInt(Set::size);

    private PathComponents() {}

    /** The components for paths that have one of these forms; empty when there are none, or too many. */
    public static Set<String> of(List<Shape> shapes) {
        List<List<String>> all = shapes.stream().map(Shape::components).toList();
        Set<String> chosen = new LinkedHashSet<>();
        for (List<String> components : all) {
            String best = null;
            for (String component : components) {
                if (best == null || commonness(component) <= commonness(best)) {
                    best = component;
                }
            }
            if (best == null) {
                return Set.of();
            }
            chosen.add(best);
        }
        if (chosen.size() > LIMIT) {
            chosen = mostShared(all);
        }
        withoutNeedless(chosen, all);
        return chosen.size() > LIMIT ? Set.of() : chosen;
    }

    /** How many characters of a piece of a path tell it from others: those of common components do not. */
    public static int telling(String piece) {
        int telling = 0;
        for (String component : piece.split("/")) {
            telling += commonness(component) > 2 ? 0 : component.length();
        }
        return telling;
    }

    private static int commonness(String component) {
        return COMMON.getOrDefault(component, 0);
    }

    private static int commonness(Set<String> components) {
        return components.stream().mapToInt(PathComponents::commonness).max().orElse(Integer.MAX_VALUE);
    }

    /** Rare components that many forms have in common. */
    private static Set<String> mostShared(List<List<String>> all) {
        Set<String> chosen = new LinkedHashSet<>();
        List<List<String>> left = new ArrayList<>(all);
        while (!left.isEmpty()) {
            Map<String, Integer> counts = new LinkedHashMap<>();
            left.forEach(components -> components.forEach(c -> counts.merge(c, 1, Integer::sum)));
            String best = counts.keySet().stream()
                    .min(Comparator.<String>comparingInt(PathComponents::commonness)
                            .thenComparing(
                                    Comparator.<String>comparingInt(counts::get).reversed()))
                    .orElseThrow();
            chosen.add(best);
            left.removeIf(components -> components.contains(best));
        }
        return chosen;
    }

    /** Leaves out, the commonest first, what no form needs because it has another one. */
    private static void withoutNeedless(Set<String> chosen, List<List<String>> all) {
        List<String> commonestFirst = new ArrayList<>(chosen);
        commonestFirst.sort(
                Comparator.<String>comparingInt(PathComponents::commonness).reversed());
        for (String component : commonestFirst) {
            boolean needed = all.stream()
                    .anyMatch(components ->
                            components.stream().filter(chosen::contains).allMatch(component::equals));
            if (!needed) {
                chosen.remove(component);
            }
        }
    }
}
