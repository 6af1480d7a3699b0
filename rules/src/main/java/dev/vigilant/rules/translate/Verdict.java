// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.translate;

import dev.vigilant.rules.ast.Condition;
import dev.vigilant.rules.ast.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A condition as far as Vigilant can decide it.
 *
 * @param decided the condition, in which a comparison with something unknown is false as one with something missing
 * @param most what holds at least whenever the condition could, if what is unknown were known
 * @param least what holds at most whenever the condition must
 * @param unknown what is unknown and matters
 */
public record Verdict(Condition decided, Condition most, Condition least, Set<String> unknown) {
    public Verdict {
        boolean settled = Logic.isNever(most) || Logic.isAlways(least);
        unknown = settled ? Set.of() : Set.copyOf(unknown);
    }

    public static Verdict of(Condition condition) {
        return new Verdict(condition, condition, condition, Set.of());
    }

    public static Verdict unknown(String why, Position position) {
        return new Verdict(Logic.never(position), Logic.always(position), Logic.never(position), Set.of(why));
    }

    public Verdict not() {
        return new Verdict(Logic.not(decided), Logic.not(least), Logic.not(most), unknown);
    }

    public static Verdict and(List<Verdict> parts, Position position) {
        return new Verdict(
                Logic.and(parts.stream().map(Verdict::decided).toList(), position),
                Logic.and(parts.stream().map(Verdict::most).toList(), position),
                Logic.and(parts.stream().map(Verdict::least).toList(), position),
                all(parts));
    }

    public static Verdict or(List<Verdict> parts, Position position) {
        return new Verdict(
                Logic.or(parts.stream().map(Verdict::decided).toList(), position),
                Logic.or(parts.stream().map(Verdict::most).toList(), position),
                Logic.or(parts.stream().map(Verdict::least).toList(), position),
                all(parts));
    }

    private static Set<String> all(List<Verdict> parts) {
        Set<String> all = new TreeSet<>();
        parts.forEach(p -> all.addAll(p.unknown));
        return all;
    }

    /** All of several, in a list that may be changed. */
    public static List<Verdict> list(Verdict first) {
        return new ArrayList<>(List.of(first));
    }
}
