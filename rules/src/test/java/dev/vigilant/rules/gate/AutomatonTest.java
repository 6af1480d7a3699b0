// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** {@link Automaton} finds in one pass what a search for each literal finds. */
class AutomatonTest {
    private static final int ROUNDS = 3_000;
    private static final int TEXTS = 20;

    private final Random random = new Random(11);

    /** Few characters, so that literals begin, end and hold one another; one of them is no ASCII, one the boundary itself. */
    private String text(int longest, String characters) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(longest + 1); i > 0; i--) {
            text.append(characters.charAt(random.nextInt(characters.length())));
        }
        return text.toString();
    }

    private String literal() {
        String inner = text(5, "aab/\u00e9");
        return switch (random.nextInt(4)) {
            case 0 -> Automaton.BOUNDARY + inner;
            case 1 -> inner + Automaton.BOUNDARY;
            case 2 -> Automaton.BOUNDARY + inner + Automaton.BOUNDARY;
            default -> inner.isEmpty() ? "a" : inner;
        };
    }

    private static Set<String> found(Automaton<String> automaton, String text) {
        Set<String> found = new TreeSet<>();
        int state = automaton.start();
        collect(automaton, state, found);
        for (int i = 0; i < text.length(); i++) {
            state = automaton.next(state, text.charAt(i));
            collect(automaton, state, found);
        }
        collect(automaton, automaton.end(state), found);
        return found;
    }

    private static void collect(Automaton<String> automaton, int state, Set<String> into) {
        for (int end = automaton.ending(state); end != Automaton.NONE; end = automaton.shorter(end)) {
            into.add(String.valueOf(automaton.value(end)));
        }
    }

    /** As a text has no boundary inside, a character that looks like one is no match for it. */
    private static boolean holds(String text, String literal) {
        String inner = literal.replace(String.valueOf(Automaton.BOUNDARY), "");
        boolean begins = literal.charAt(0) == Automaton.BOUNDARY;
        boolean ends = literal.length() > 1 && literal.charAt(literal.length() - 1) == Automaton.BOUNDARY;
        if (inner.isEmpty()) {
            return literal.length() == 1 || text.isEmpty();
        }
        if (begins && ends) {
            return text.equals(inner);
        }
        return begins ? text.startsWith(inner) : ends ? text.endsWith(inner) : text.contains(inner);
    }

    @Test
    void findsWhatASearchForEachLiteralFinds() {
        int some = 0;
        for (int round = 0; round < ROUNDS; round++) {
            Automaton<String> automaton = new Automaton<>();
            Set<String> literals = new TreeSet<>();
            for (int i = random.nextInt(12); i >= 0; i--) {
                String literal = literal();
                literals.add(literal);
                automaton.set(automaton.add(literal), literal);
            }
            automaton.linked();
            for (int i = 0; i < TEXTS; i++) {
                String text = text(10, "aab/\u00e9c\u20ac" + Automaton.BOUNDARY);
                Set<String> expected = new TreeSet<>(literals);
                expected.removeIf(literal -> !holds(text, literal));
                assertThat(found(automaton, text))
                        .as("%s in %s", literals, text)
                        .isEqualTo(expected);
                some += expected.isEmpty() ? 0 : 1;
            }
        }
        assertThat(some).isBetween(ROUNDS * TEXTS / 4, ROUNDS * TEXTS * 19 / 20);
    }
}
