// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.audit;

import java.util.Arrays;

/**
 * Where the fields of one record stand in its bytes, found by their keys.
 *
 * <pre>
 *   key=value key="value" key=68657861 key=(null) msg='key=value key="value"' 0x1D KEY="interpreted"
 * </pre>
 *
 * <p>Threading: one thread, reused for each record. Allocation: none.
 */
final class FieldIndex {
    /** More fields than any record of the kernel has; what comes behind is not looked at. */
    private static final int MAX_FIELDS = 8192;

    private static final byte ENRICHED = 0x1D;

    /** Slots of the index; a few more than the keys of a record. */
    private static final int HEADS = 64;

    /** What stands of a field in {@link #places}: where key and value begin and end, and the field before it in its slot. */
    private static final int KEY_START = 0;

    private static final int KEY_END = 1;
    private static final int VALUE_START = 2;
    private static final int VALUE_END = 3;
    private static final int BEFORE = 4;
    private static final int PLACES = 5;

    private byte[] bytes = new byte[0];
    private int count;
    private int[] places = new int[PLACES * 64];
    /** The last field of each slot, or -1. */
    private final int[] heads = new int[HEADS];

    private int bracesStart;
    private int bracesEnd;
    private boolean denied;

    /** Looks at a record's body; the bytes must stay as they are while fields are asked for. */
    void parse(byte[] source, int start, int end) {
        bytes = source;
        count = 0;
        Arrays.fill(heads, -1);
        bracesStart = -1;
        bracesEnd = -1;
        denied = false;
        int at = start;
        while (at < end && source[at] != ENRICHED && count < MAX_FIELDS) {
            at = token(at, end);
        }
    }

    /** One token; returns where the next begins. */
    private int token(int start, int end) {
        byte[] source = bytes;
        int at = start;
        while (at < end && isBetween(source[at])) {
            at++;
        }
        if (at < end && source[at] == '{') {
            return braces(at, end);
        }
        int keyStart = at;
        while (at < end && (source[at] > '=' || !endsKey(source[at]))) {
            at++;
        }
        if (at >= end || source[at] != '=') {
            denied |= at - keyStart == 6 && matches(keyStart, "denied");
            return at;
        }
        int keyEnd = at;
        at++;
        if (at < end && source[at] == '\'') {
            // msg='...' of a user-space record: its content is fields of its own.
            return at + 1;
        }
        return value(keyStart, keyEnd, at, end);
    }

    private static boolean isBetween(byte b) {
        return b == ' ' || b == '\'' || b == ',' || b == '\n';
    }

    private static boolean endsKey(byte b) {
        return b == '=' || b == ' ' || b == ENRICHED;
    }

    private static boolean endsValue(byte b) {
        return b == ' ' || b == ENRICHED || b == '\'' || b == '\n';
    }

    private int value(int keyStart, int keyEnd, int start, int end) {
        byte[] source = bytes;
        int at = start;
        if (at < end && source[at] == '"') {
            int close = at + 1;
            while (close < end && source[close] != '"') {
                close++;
            }
            add(keyStart, keyEnd, at + 1, close, true);
            return Math.min(close + 1, end);
        }
        // Most bytes of values are greater than any that ends one.
        while (at < end && (source[at] > '\'' || !endsValue(source[at]))) {
            at++;
        }
        add(keyStart, keyEnd, start, at, false);
        return at;
    }

    private int braces(int start, int end) {
        int close = start + 1;
        while (close < end && bytes[close] != '}') {
            close++;
        }
        bracesStart = start + 1;
        bracesEnd = close;
        return Math.min(close + 1, end);
    }

    private void add(int keyStart, int keyEnd, int valueStart, int valueEnd, boolean quoted) {
        int at = count * PLACES;
        if (at + PLACES > places.length) {
            places = Arrays.copyOf(places, places.length * 2);
        }
        int length = keyEnd - keyStart;
        int slot = length == 0 ? 0 : slot(bytes[keyStart], length == 1 ? 0 : bytes[keyStart + 1], length);
        places[at + KEY_START] = keyStart;
        places[at + KEY_END] = keyEnd;
        places[at + VALUE_START] = quoted ? -valueStart - 1 : valueStart;
        places[at + VALUE_END] = valueEnd;
        places[at + BEFORE] = heads[slot];
        heads[slot] = count;
        count++;
    }

    /** By the first two characters and the length of a key: the kernel's keys hardly clash. */
    private static int slot(int first, int second, int length) {
        return (((first * 31 + second) * 31 + length) * 0x9E3779B1) >>> 26;
    }

    boolean matches(int start, String text) {
        if (start + text.length() > bytes.length) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (bytes[start + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    int size() {
        return count;
    }

    /** Index of the first field with the key, or -1. */
    int index(String key) {
        int length = key.length();
        int slot = length == 0 ? 0 : slot(key.charAt(0), length == 1 ? 0 : key.charAt(1), length);
        int found = -1;
        for (int i = heads[slot]; i >= 0; i = places[i * PLACES + BEFORE]) {
            int start = places[i * PLACES + KEY_START];
            if (places[i * PLACES + KEY_END] - start == length && matches(start, key)) {
                found = i;
            }
        }
        return found;
    }

    int keyStart(int index) {
        return places[index * PLACES + KEY_START];
    }

    int keyEnd(int index) {
        return places[index * PLACES + KEY_END];
    }

    boolean quoted(int index) {
        return places[index * PLACES + VALUE_START] < 0;
    }

    int valueStart(int index) {
        int start = places[index * PLACES + VALUE_START];
        return start < 0 ? -start - 1 : start;
    }

    int valueEnd(int index) {
        return places[index * PLACES + VALUE_END];
    }

    /** Where the text in braces begins, or -1. */
    int bracesStart() {
        return bracesStart;
    }

    int bracesEnd() {
        return bracesEnd;
    }

    boolean denied() {
        return denied;
    }
}
