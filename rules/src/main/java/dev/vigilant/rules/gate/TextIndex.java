// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.gate;

import dev.vigilant.rules.text.Fit;
import dev.vigilant.rules.text.PathComponents;
import dev.vigilant.rules.text.Shape;
import java.util.Comparator;
import java.util.List;

/**
 * Forms of text, each by its most telling piece: all pieces are found in one pass along the text.
 *
 * <p>Threading: immutable once it is built; any. Allocation: none when asked.
 */
final class TextIndex {
    private static final int WHOLE_WORTH = 20;

    /** Candidates that a form points to. */
    private final Automaton<Candidate[]> pieces = new Automaton<>();

    /** Where a piece of a form stands. */
    private enum Side {
        BEGINNING,
        END,
        INNER,
        WHOLE
    }

    /** A piece of a form, and how well it tells texts apart. */
    private record Piece(Side side, String literal) {
        /** A common directory tells nothing, and what may stand anywhere less than what is held to an end. */
        int worth() {
            if (literal.isEmpty() && side != Side.WHOLE) {
                return Integer.MIN_VALUE;
            }
            int telling = PathComponents.telling(literal);
            return switch (side) {
                case END -> telling;
                case BEGINNING -> telling - 1;
                case INNER -> telling - 3;
                case WHOLE -> WHOLE_WORTH + literal.length();
            };
        }

        /** The literal with the ends of the text that it is held to. */
        String held() {
            return switch (side) {
                case BEGINNING -> Automaton.BOUNDARY + literal;
                case END -> literal + Automaton.BOUNDARY;
                case INNER -> literal;
                case WHOLE -> Automaton.BOUNDARY + literal + Automaton.BOUNDARY;
            };
        }
    }

    /** How well a form can be looked up: about the number of telling characters. */
    static int worth(Shape shape) {
        return best(shape).worth();
    }

    private static Piece best(Shape shape) {
        if (shape.exact()) {
            return new Piece(Side.WHOLE, shape.form());
        }
        Piece best = new Piece(Side.END, shape.suffix());
        Piece beginning = new Piece(Side.BEGINNING, shape.prefix());
        best = beginning.worth() > best.worth() ? beginning : best;
        for (String infix : shape.infixes()) {
            Piece piece = new Piece(Side.INNER, infix);
            best = piece.worth() > best.worth() ? piece : best;
        }
        return best;
    }

    void add(Shape shape, Place place) {
        Piece piece = best(shape);
        boolean all = shape.form().replace(String.valueOf(Shape.GAP), "").equals(piece.literal());
        int node = pieces.add(piece.held());
        pieces.set(node, Candidate.and(pieces.value(node), new Candidate(place, all ? null : new Fit(shape))));
    }

    /** Ends the building. */
    TextIndex built() {
        pieces.linked();
        return this;
    }

    /** Whether the taker is content with one of those that the text leads to, each of which may come more than once. */
    boolean find(String text, Candidate.Taker taker) {
        int state = pieces.start();
        if (ends(state, text, taker)) {
            return true;
        }
        for (int i = 0; i < text.length(); i++) {
            state = pieces.next(state, text.charAt(i));
            if (ends(state, text, taker)) {
                return true;
            }
        }
        return ends(pieces.end(state), text, taker);
    }

    /** Offers what the pieces lead to that end in a state. */
    private boolean ends(int state, String text, Candidate.Taker taker) {
        for (int end = pieces.ending(state); end != Automaton.NONE; end = pieces.shorter(end)) {
            Candidate[] there = pieces.value(end);
            if (there != null) {
                for (Candidate candidate : there) {
                    if (taker.take(candidate, text)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /** For the forms of a condition: the one that is worst to look up by decides. */
    static int worth(List<Shape> shapes) {
        return shapes.stream()
                .map(TextIndex::worth)
                .min(Comparator.naturalOrder())
                .orElse(Integer.MAX_VALUE);
    }
}
