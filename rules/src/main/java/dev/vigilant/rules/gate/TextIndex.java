// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.gate;

import dev.vigilant.rules.text.Fit;
import dev.vigilant.rules.text.PathComponents;
import dev.vigilant.rules.text.Shape;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Forms of text by what a text can be looked up by: whole texts in a hash table, beginnings and ends in tries, and what
 * has only an inner piece in an automaton. Each form is in one of them, by its most telling piece.
 *
 * <p>Threading: immutable once it is built; any. Allocation: none when asked.
 */
final class TextIndex {
    /** Candidates that a form points to. */
    private final Map<String, Candidate[]> whole = new HashMap<>();

    private final Trie<Candidate[]> beginnings = new Trie<>();
    private final Trie<Candidate[]> ends = new Trie<>();
    private final Trie<Candidate[]> inner = new Trie<>();

    /** Where a piece of a form stands. */
    private enum Side {
        BEGINNING,
        END,
        INNER
    }

    /** A piece of a form, and how well it tells texts apart. */
    private record Piece(Side side, String literal) {
        /** A common directory tells nothing, and an automaton costs more than a trie. */
        int worth() {
            if (literal.isEmpty()) {
                return Integer.MIN_VALUE;
            }
            int telling = PathComponents.telling(literal);
            return switch (side) {
                case END -> telling;
                case BEGINNING -> telling - 1;
                case INNER -> telling - 3;
            };
        }
    }

    /** How well a form can be looked up: about the number of telling characters. */
    static int worth(Shape shape) {
        return shape.exact() ? 20 + shape.form().length() : best(shape).worth();
    }

    private static Piece best(Shape shape) {
        Piece best = new Piece(Side.END, shape.suffix());
        Piece beginning = new Piece(Side.BEGINNING, shape.prefix());
        best = beginning.worth() > best.worth() ? beginning : best;
        for (String infix : shape.infixes()) {
            Piece piece = new Piece(Side.INNER, infix);
            best = piece.worth() > best.worth() ? piece : best;
        }
        return best;
    }

    void add(Shape shape, Place alternative) {
        if (shape.exact()) {
            whole.merge(
                    shape.form(), new Candidate[] {new Candidate(alternative, null)}, (a, b) -> Candidate.and(a, b[0]));
            return;
        }
        Piece piece = best(shape);
        boolean all = shape.form().replace(String.valueOf(Shape.GAP), "").equals(piece.literal());
        Candidate candidate = new Candidate(alternative, all ? null : new Fit(shape));
        Trie<Candidate[]> trie = switch (piece.side()) {
            case BEGINNING -> beginnings;
            case END -> ends;
            case INNER -> inner;
        };
        int node = trie.add(piece.literal(), piece.side() == Side.END);
        trie.set(node, Candidate.and(trie.value(node), candidate));
    }

    /** Ends the building. */
    TextIndex built() {
        inner.link();
        return this;
    }

    /** Whether the taker is content with one of those that the text leads to, each of which may come more than once. */
    boolean find(String text, Candidate.Taker taker) {
        Candidate[] same = whole.isEmpty() ? null : whole.get(text);
        return offer(same, text, taker)
                || (!beginnings.isEmpty() && findBeginning(text, taker))
                || (!ends.isEmpty() && findEnd(text, taker))
                || (!inner.isEmpty() && findInner(text, taker));
    }

    private static boolean offer(Candidate @Nullable [] found, String text, Candidate.Taker taker) {
        if (found != null) {
            for (Candidate candidate : found) {
                if (taker.take(candidate, text)) {
                    return true;
                }
            }
        }
        return false;
    }

    boolean findBeginning(String text, Candidate.Taker taker) {
        int node = Trie.ROOT;
        for (int i = 0; i < text.length(); i++) {
            node = beginnings.child(node, text.charAt(i));
            if (node == Trie.NONE) {
                return false;
            }
            if (offer(beginnings.value(node), text, taker)) {
                return true;
            }
        }
        return false;
    }

    boolean findEnd(String text, Candidate.Taker taker) {
        int node = Trie.ROOT;
        for (int i = text.length() - 1; i >= 0; i--) {
            node = ends.child(node, text.charAt(i));
            if (node == Trie.NONE) {
                return false;
            }
            if (offer(ends.value(node), text, taker)) {
                return true;
            }
        }
        return false;
    }

    boolean findInner(String text, Candidate.Taker taker) {
        int node = Trie.ROOT;
        for (int i = 0; i < text.length(); i++) {
            if (node == Trie.ROOT) {
                i = inner.begin(text, i);
                if (i == text.length()) {
                    return false;
                }
            }
            node = inner.next(node, text.charAt(i));
            for (int found = node; found != Trie.ROOT; found = inner.shorter(found)) {
                if (offer(inner.value(found), text, taker)) {
                    return true;
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
