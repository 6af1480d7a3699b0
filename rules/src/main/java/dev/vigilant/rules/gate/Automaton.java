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
 * Literals have few characters, which are numbered. A node with several children is a row of where each character leads, and its
 * state is where the row begins, so that a step is one load. The many others, which are links of a chain, have only their one child
 * and where to go on when the text has something else; their states are negative.
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

    /** Of a link of a chain: the character of its only child. */
    private static final int CHARACTER = 0;

    private static final int CHILD = 1;
    private static final int FALLBACK = 2;
    /** The node of the longest literal that ends there; of a row it stands before it. */
    private static final int ENDING = 3;

    private static final int STRIDE = 4;

    private final Edges edges = new Edges();
    private @Nullable Object[] values = new Object[16];
    private final int[] ascii = new int[128];
    private char[] others = {};
    private int[] links = {};
    private int[] rows = {};
    /** By node: that of the next shorter literal that ends there too. */
    private int[] shorter = {};

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
        int[] states = states();
        links = new int[states.length * STRIDE];
        shorter = new int[states.length];
        int[] fallbacks = new int[states.length];
        int[] queue = new int[states.length];
        int end = 1;
        for (int head = 0; head < end; head++) {
            int node = queue[head];
            write(node, states, fallbacks[node]);
            for (int child = edges.first(node); child != NONE; child = edges.sibling(child)) {
                int back = node == ROOT ? states[ROOT] : step(fallbacks[node], classOf(edges.character(child)));
                fallbacks[child] = back;
                shorter[child] = ending(back);
                setEnding(states[child], value(child) != null ? child : ending(back));
                queue[end++] = child;
            }
        }
        start = step(states[ROOT], OF_BOUNDARY);
        edges.clear();
    }

    /** By node; room is made for the rows. */
    private int[] states() {
        int[] states = new int[edges.count() + 1];
        int end = 0;
        for (int node = 0; node < states.length; node++) {
            int only = edges.first(node);
            if (node == ROOT || (only != NONE && edges.sibling(only) != NONE)) {
                states[node] = end + 1;
                end += 1 + characters;
            } else {
                states[node] = ~(node * STRIDE);
            }
        }
        rows = new int[end];
        return states;
    }

    private void write(int node, int[] states, int fallback) {
        int state = states[node];
        int only = edges.first(node);
        if (state < 0) {
            links[~state + CHARACTER] = only == NONE ? NO_CHILD : classOf(edges.character(only));
            links[~state + CHILD] = states[only];
            links[~state + FALLBACK] = fallback;
            return;
        }
        for (int c = 0; c < characters; c++) {
            rows[state + c] = node == ROOT ? state : step(fallback, c);
        }
        for (int child = only; child != NONE; child = edges.sibling(child)) {
            rows[state + classOf(edges.character(child))] = states[child];
        }
    }

    private void setEnding(int state, int node) {
        if (state < 0) {
            links[~state + ENDING] = node;
        } else {
            rows[state - 1] = node;
        }
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

    private int step(int from, int character) {
        int state = from;
        while (state < 0) {
            if (links[~state + CHARACTER] == character) {
                return links[~state + CHILD];
            }
            state = links[~state + FALLBACK];
        }
        return rows[state + character];
    }

    /** The state in which every text begins. */
    int start() {
        return start;
    }

    /** Where a character of the text leads; one that is equal to the boundary is like one that no literal has. */
    int next(int state, char c) {
        return step(state, c < ascii.length ? ascii[c] : ofOther(c));
    }

    /** Where the end of the text leads. */
    int end(int state) {
        return step(state, OF_BOUNDARY);
    }

    /** The node of the longest literal that ends in a state, {@link #NONE} if none does. */
    int ending(int state) {
        return state < 0 ? links[~state + ENDING] : rows[state - 1];
    }

    /** The node of the next shorter literal that ends where the one of this node does. */
    int shorter(int node) {
        return shorter[node];
    }
}
