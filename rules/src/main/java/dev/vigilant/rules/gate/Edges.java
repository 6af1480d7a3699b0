// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.gate;

import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * A tree of literals while it grows. Nodes have numbers from 1 on; 0 is the root, which is nobody's child.
 *
 * <p>Threading: one thread. Allocation: to grow.
 *
 * <h2>Memory</h2>
 *
 * The children of all nodes are one hash table with open addressing; its keys are a node's number and a character.
 */
final class Edges {
    private static final int NONE = 0;

    private long[] keys = new long[64];
    private int[] children = new int[64];
    /** By node: its first child, its next sibling, the character that leads to it. */
    private int[] first = new int[32];

    private int[] sibling = new int[32];
    private char[] character = new char[32];
    private int count;

    /** The child that a character leads to; it is made if it is not there. */
    int add(int node, char c) {
        int at = slot(keys, (long) node << 16 | c);
        if (children[at] != NONE) {
            return children[at];
        }
        int child = ++count;
        keys[at] = (long) node << 16 | c;
        children[at] = child;
        if (child == first.length) {
            first = Arrays.copyOf(first, 2 * child);
            sibling = Arrays.copyOf(sibling, 2 * child);
            character = Arrays.copyOf(character, 2 * child);
        }
        character[child] = c;
        sibling[child] = first[node];
        first[node] = child;
        if (count * 2 > keys.length) {
            grow();
        }
        return child;
    }

    /** Where the key is, or where it belongs. */
    private int slot(long[] table, long key) {
        int at = (int) ((key * 0x9E3779B97F4A7C15L) >>> 40) & (table.length - 1);
        while (children[at] != NONE && table[at] != key) {
            at = (at + 1) & (table.length - 1);
        }
        return at;
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldChildren = children;
        keys = new long[oldKeys.length * 2];
        children = new int[oldKeys.length * 2];
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldChildren[i] != NONE) {
                int at = slot(keys, oldKeys[i]);
                keys[at] = oldKeys[i];
                children[at] = oldChildren[i];
            }
        }
    }

    /** How many nodes there are beside the root. */
    int count() {
        return count;
    }

    int first(int node) {
        return first[node];
    }

    int sibling(int node) {
        return sibling[node];
    }

    /** What leads to a node. */
    char character(int node) {
        return character[node];
    }

    void forEachCharacter(IntConsumer consumer) {
        for (int node = 1; node <= count; node++) {
            consumer.accept(character[node]);
        }
    }

    /** Gives its memory back; it is as if it were new, but for the number of its nodes. */
    void clear() {
        keys = new long[0];
        children = new int[0];
        first = new int[0];
        sibling = new int[0];
        character = new char[0];
    }
}
