// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.gate;

import dev.vigilant.rules.text.Shape;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Literals that are all found in one pass along a text, wherever they stand (Aho and Corasick, CACM 18(6), 1975). Beginning and
 * end of the text are a character of their own, {@link #BOUNDARY}, so that a literal may be held to them.
 *
 * <p>Threading: immutable once it is {@link #linked}; any. Allocation: none when asked.
 *
 * <h2>Memory</h2>
 *
 * Literals have few characters, which are numbered. Of a node with several children it is written down where each character leads;
 * of the many others, which are links of a chain, only their one child, and where to go on when the text has something else.
 * What a step reads of a node is side by side in one array.
 *
 * @param <V> what is kept with a literal
 */
final class Automaton<V> {
    /** Stands before the first and behind the last character of a text; no literal and no text has it. */
    static final char BOUNDARY = Shape.GAP;

    /** Of no node: the root ends no literal. */
    static final int NONE = 0;

    private static final int ROOT = 0;
    private static final int OTHER = 0;
    private static final int OF_BOUNDARY = 1;
    private static final int NO_CHILD = Short.MAX_VALUE;

    /** Of a node: where its row begins in {@link #rows}, or the complement of the character of its only child. */
    private static final int BY = 0;

    private static final int CHILD = 1;
    private static final int FALLBACK = 2;
    /** The node of the longest literal that ends there. */
    private static final int ENDING = 3;

    private static final int STRIDE = 4;

    private final Edges edges = new Edges();
    private @Nullable Object[] values = new Object[16];
    private final int[] ascii = new int[128];
    private char[] others = {};
    private int[] nodes = {};
    private int[] rows = new int[64];
    private int rowsEnd;
    private int start;
    private int characters;

    /** The node of a literal; it is made if it is not there. */
    int add(String literal) {
        int node = ROOT;
        for (int i = 0; i < literal.length(); i++) {
            node = edges.add(node, literal.charAt(i));
        }
        return node;
    }

    @SuppressWarnings("unchecked")
    @Nullable
    V value(int node) {
        return node < values.length ? (V) values[node] : null;
    }

    void set(int node, V value) {
        if (node >= values.length) {
            values = Arrays.copyOf(values, Math.max(node + 1, values.length * 2));
        }
        values[node] = value;
    }

    boolean isEmpty() {
        return edges.count() == 0;
    }

    /** Ends the building: nothing can be added afterwards. */
    void linked() {
        number();
        int count = edges.count() + 1;
        nodes = new int[count * STRIDE];
        int[] queue = new int[count];
        int end = 1;
        for (int head = 0; head < end; head++) {
            int node = queue[head];
            int only = edges.first(node);
            boolean many = node == ROOT || (only != NONE && edges.sibling(only) != NONE);
            nodes[node * STRIDE + BY] = only == NONE ? ~NO_CHILD : ~classOf(edges.character(only));
            nodes[node * STRIDE + CHILD] = only;
            if (many) {
                writeRow(node);
            }
            for (int child = only; child != NONE; child = edges.sibling(child)) {
                int back = node == ROOT ? ROOT : step(fallback(node), classOf(edges.character(child)));
                nodes[child * STRIDE + FALLBACK] = back;
                nodes[child * STRIDE + ENDING] = value(child) != null ? child : ending(back);
                queue[end++] = child;
            }
        }
        rows = Arrays.copyOf(rows, rowsEnd);
        start = step(ROOT, OF_BOUNDARY);
        edges.clear();
    }

    /** Gives each character of a literal a number. */
    private void number() {
        boolean[] seen = new boolean[Character.MAX_VALUE + 1];
        edges.forEachCharacter(c -> seen[c] = true);
        seen[BOUNDARY] = false;
        characters = OF_BOUNDARY + 1;
        for (int c = 0; c < ascii.length; c++) {
            ascii[c] = seen[c] ? characters++ : OTHER;
        }
        StringBuilder rest = new StringBuilder();
        for (int c = ascii.length; c < seen.length; c++) {
            if (seen[c]) {
                rest.append((char) c);
            }
        }
        others = rest.toString().toCharArray();
        characters += others.length;
    }

    private int classOf(char c) {
        if (c < ascii.length) {
            return ascii[c];
        }
        if (c == BOUNDARY) {
            return OF_BOUNDARY;
        }
        return ofOther(c);
    }

    private int ofOther(char c) {
        int at = Arrays.binarySearch(others, c);
        return at < 0 ? OTHER : characters - others.length + at;
    }

    private void writeRow(int node) {
        int row = rowsEnd;
        rowsEnd += characters;
        if (rowsEnd > rows.length) {
            rows = Arrays.copyOf(rows, Math.max(rowsEnd, 2 * rows.length));
        }
        for (int c = 0; c < characters; c++) {
            rows[row + c] = node == ROOT ? ROOT : step(fallback(node), c);
        }
        for (int child = edges.first(node); child != NONE; child = edges.sibling(child)) {
            rows[row + classOf(edges.character(child))] = child;
        }
        nodes[node * STRIDE + BY] = row;
    }

    private int step(int from, int character) {
        int node = from;
        while (true) {
            int by = nodes[node * STRIDE + BY];
            if (by >= 0) {
                return rows[by + character];
            }
            if (by == ~character) {
                return nodes[node * STRIDE + CHILD];
            }
            node = fallback(node);
        }
    }

    private int fallback(int node) {
        return nodes[node * STRIDE + FALLBACK];
    }

    /** Where every text begins. */
    int start() {
        return start;
    }

    /** Where a character of the text leads; one that is equal to the boundary is like one that no literal has. */
    int next(int node, char c) {
        return step(node, c < ascii.length ? ascii[c] : ofOther(c));
    }

    /** Where the end of the text leads. */
    int end(int node) {
        return step(node, OF_BOUNDARY);
    }

    /** The node of the longest literal that ends at a node, {@link #NONE} if none does. */
    int ending(int node) {
        return nodes[node * STRIDE + ENDING];
    }

    /** The node of the next shorter literal that ends there too. */
    int shorter(int node) {
        return ending(fallback(node));
    }
}
