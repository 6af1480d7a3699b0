// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.gate;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A tree of literals, asked with one character after the other; with {@link #link} also an automaton that finds the
 * literals anywhere in a text in one pass (Aho and Corasick, CACM 18(6), 1975).
 *
 * <p>Threading: immutable once it is built; any. Allocation: none when asked.
 *
 * <h2>Memory</h2>
 *
 * The children of all nodes are one hash table with open addressing; its keys are a node's number and a character. The
 * first characters of the root, which most questions end at, have a table of their own.
 *
 * @param <V> what is kept with a literal
 */
final class Trie<V> {
    static final int ROOT = 0;
    static final int NONE = -1;
    private static final long EMPTY = -1;

    private final int[] rootChildren = new int[128];
    private long[] keys = new long[64];
    private int[] children = new int[64];
    /** The character that all literals begin with, {@link #NONE} if they do not. */
    private int first = NONE;

    private int edges;
    private int nodes = 1;
    private @Nullable Object[] values = new Object[16];
    private int[] fallback = {};
    private int[] shorter = {};

    Trie() {
        Arrays.fill(rootChildren, NONE);
        Arrays.fill(keys, EMPTY);
    }

    /** The node of a literal; it is made if it is not there. */
    int add(String literal, boolean backwards) {
        int node = ROOT;
        for (int i = 0; i < literal.length(); i++) {
            char c = literal.charAt(backwards ? literal.length() - 1 - i : i);
            int child = child(node, c);
            if (child == NONE) {
                child = nodes++;
                put(node, c, child);
            }
            node = child;
        }
        return node;
    }

    private void put(int node, char c, int child) {
        if (++edges * 2 > keys.length) {
            grow();
        }
        insert(((long) node << 16) | c, child);
        if (node == ROOT && c < rootChildren.length) {
            rootChildren[c] = child;
        }
    }

    private void insert(long key, int child) {
        int at = slot(key);
        keys[at] = key;
        children[at] = child;
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldChildren = children;
        keys = new long[oldKeys.length * 2];
        children = new int[oldKeys.length * 2];
        Arrays.fill(keys, EMPTY);
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != EMPTY) {
                insert(oldKeys[i], oldChildren[i]);
            }
        }
    }

    /** Where the key is, or where it belongs. */
    private int slot(long key) {
        int at = (int) ((key * 0x9E3779B97F4A7C15L) >>> 40) & (keys.length - 1);
        while (keys[at] != key && keys[at] != EMPTY) {
            at = (at + 1) & (keys.length - 1);
        }
        return at;
    }

    /** The node that a character leads to, or {@link #NONE}. */
    int child(int node, char c) {
        if (node == ROOT && c < rootChildren.length) {
            return rootChildren[c];
        }
        int at = slot(((long) node << 16) | c);
        return keys[at] == EMPTY ? NONE : children[at];
    }

    @SuppressWarnings("unchecked")
    @Nullable
    V value(int node) {
        return node < values.length ? (V) values[node] : null;
    }

    void set(int node, V value) {
        if (node >= values.length) {
            values = Arrays.copyOf(values, Math.max(nodes, values.length * 2));
        }
        values[node] = value;
    }

    boolean isEmpty() {
        return nodes == 1 && values[ROOT] == null;
    }

    /** Makes an automaton of it; nothing can be added afterwards. */
    void link() {
        fallback = new int[nodes];
        shorter = new int[nodes];
        Map<Integer, int[]> edgesOf = new HashMap<>();
        for (int i = 0; i < keys.length; i++) {
            if (keys[i] != EMPTY) {
                edgesOf.merge((int) (keys[i] >>> 16), new int[] {(char) keys[i], children[i]}, Trie::joined);
            }
        }
        int[] starts = edgesOf.getOrDefault(ROOT, new int[0]);
        first = starts.length == 2 ? starts[0] : NONE;
        int[] queue = new int[nodes];
        int end = 1;
        for (int head = 0; head < end; head++) {
            int node = queue[head];
            int[] out = edgesOf.getOrDefault(node, new int[0]);
            for (int i = 0; i < out.length; i += 2) {
                int child = out[i + 1];
                int back = node == ROOT ? ROOT : next(fallback[node], (char) out[i]);
                fallback[child] = back;
                shorter[child] = value(back) != null ? back : shorter[back];
                queue[end++] = child;
            }
        }
    }

    private static int[] joined(int[] a, int[] b) {
        int[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    /** Where in the text a literal can begin, from an index on; the text's length if nowhere. */
    int begin(String text, int from) {
        if (first != NONE) {
            int at = text.indexOf(first, from);
            return at < 0 ? text.length() : at;
        }
        int at = from;
        while (at < text.length() && child(ROOT, text.charAt(at)) == NONE) {
            at++;
        }
        return at;
    }

    /** Where the automaton goes from a node with a character. */
    int next(int from, char c) {
        int node = from;
        while (true) {
            int child = child(node, c);
            if (child != NONE) {
                return child;
            }
            if (node == ROOT) {
                return ROOT;
            }
            node = fallback[node];
        }
    }

    /** The node of the longest shorter literal that ends here too, {@link #ROOT} if there is none. */
    int shorter(int node) {
        return shorter[node];
    }
}
