// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.audit;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one record, as places in its bytes; text is decoded when it is asked for.
 *
 * <pre>
 *   key=value key="value" key=68657861 key=(null) msg='key=value key="value"' 0x1D KEY="interpreted"
 * </pre>
 *
 * <p>Threading: one thread, reused for each record. Allocation: none to parse; a String for each text asked for.
 */
final class Fields {
    /** More fields than any record of the kernel has; what comes behind is not looked at. */
    private static final int MAX_FIELDS = 8192;

    private static final byte ENRICHED = 0x1D;

    /** Fields that the kernel encodes in hex when they hold blanks, quotes or control characters. */
    private static final Set<String> ENCODED = Set.of(
            "acct",
            "cmd",
            "comm",
            "cwd",
            "data",
            "dir",
            "exe",
            "file",
            "grp",
            "key",
            "name",
            "new_group",
            "ocomm",
            "path",
            "proctitle",
            "profile",
            "sw",
            "vm",
            "watch");

    private byte[] bytes = new byte[0];
    private int count;
    private int[] places = new int[4 * 64];
    private int bracesStart;
    private int bracesEnd;
    private boolean denied;

    /** Looks at a record's body; the bytes must stay as they are while fields are asked for. */
    void parse(byte[] source, int start, int end) {
        bytes = source;
        count = 0;
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
        int at = start;
        while (at < end && (bytes[at] == ' ' || bytes[at] == '\'' || bytes[at] == ',' || bytes[at] == '\n')) {
            at++;
        }
        if (at < end && bytes[at] == '{') {
            return braces(at, end);
        }
        int keyStart = at;
        while (at < end && bytes[at] != '=' && bytes[at] != ' ' && bytes[at] != ENRICHED) {
            at++;
        }
        if (at >= end || bytes[at] != '=') {
            denied |= at - keyStart == 6 && matches(keyStart, "denied");
            return at;
        }
        int keyEnd = at;
        at++;
        if (at < end && bytes[at] == '\'') {
            // msg='...' of a user-space record: its content is fields of its own.
            return at + 1;
        }
        return value(keyStart, keyEnd, at, end);
    }

    private int value(int keyStart, int keyEnd, int start, int end) {
        int at = start;
        if (at < end && bytes[at] == '"') {
            int close = at + 1;
            while (close < end && bytes[close] != '"') {
                close++;
            }
            add(keyStart, keyEnd, at + 1, close, true);
            return Math.min(close + 1, end);
        }
        while (at < end && bytes[at] != ' ' && bytes[at] != ENRICHED && bytes[at] != '\'' && bytes[at] != '\n') {
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
        int at = count * 4;
        if (at + 4 > places.length) {
            places = Arrays.copyOf(places, places.length * 2);
        }
        places[at] = keyStart;
        places[at + 1] = keyEnd;
        places[at + 2] = quoted ? -valueStart - 1 : valueStart;
        places[at + 3] = valueEnd;
        count++;
    }

    private boolean matches(int start, String text) {
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
        for (int i = 0; i < count; i++) {
            int start = places[i * 4];
            if (places[i * 4 + 1] - start == key.length() && matches(start, key)) {
                return i;
            }
        }
        return -1;
    }

    String key(int index) {
        return ascii(places[index * 4], places[index * 4 + 1]);
    }

    private boolean quoted(int index) {
        return places[index * 4 + 2] < 0;
    }

    private int valueStart(int index) {
        int start = places[index * 4 + 2];
        return start < 0 ? -start - 1 : start;
    }

    private int valueEnd(int index) {
        return places[index * 4 + 3];
    }

    private String ascii(int start, int end) {
        return new String(bytes, start, Math.max(0, end - start), StandardCharsets.UTF_8);
    }

    /** The value as it stands, quotes left out; null when there is no such field. */
    @Nullable
    String raw(String key) {
        int index = index(key);
        return index < 0 ? null : ascii(valueStart(index), valueEnd(index));
    }

    /** The value of a text field, decoded; null for no such field, {@code (null)}, {@code (none)} and {@code ?}. */
    @Nullable
    String text(String key) {
        int index = index(key);
        return index < 0 ? null : text(index, ENCODED.contains(key));
    }

    /** The value of a field that may be encoded in hex, whatever its key. */
    @Nullable
    String encoded(int index) {
        return text(index, true);
    }

    private @Nullable String text(int index, boolean mayBeHex) {
        int start = valueStart(index);
        int end = valueEnd(index);
        if (quoted(index)) {
            return ascii(start, end);
        }
        if (is(start, end, "(null)") || is(start, end, "(none)") || is(start, end, "?")) {
            return null;
        }
        if (mayBeHex && isHex(start, end)) {
            return new String(hex(start, end), StandardCharsets.UTF_8);
        }
        return ascii(start, end);
    }

    /** The bytes of a field encoded in hex; empty when it is not. */
    byte[] hexBytes(String key) {
        int index = index(key);
        if (index < 0 || !isHex(valueStart(index), valueEnd(index))) {
            return new byte[0];
        }
        return hex(valueStart(index), valueEnd(index));
    }

    /** The bytes of a field that may be encoded in hex, as text cut anywhere. */
    byte[] encodedBytes(int index) {
        int start = valueStart(index);
        int end = valueEnd(index);
        return !quoted(index) && isHex(start, end) ? hex(start, end) : Arrays.copyOfRange(bytes, start, end);
    }

    private boolean is(int start, int end, String text) {
        return end - start == text.length() && matches(start, text);
    }

    private boolean isHex(int start, int end) {
        if (end <= start || (end - start) % 2 != 0) {
            return false;
        }
        for (int i = start; i < end; i++) {
            if (Character.digit(bytes[i], 16) < 0) {
                return false;
            }
        }
        return true;
    }

    private byte[] hex(int start, int end) {
        byte[] decoded = new byte[(end - start) / 2];
        for (int i = 0; i < decoded.length; i++) {
            decoded[i] = (byte)
                    (Character.digit(bytes[start + 2 * i], 16) << 4 | Character.digit(bytes[start + 2 * i + 1], 16));
        }
        return decoded;
    }

    /** A decimal number, or {@code otherwise} when there is none. */
    long number(String key, long otherwise) {
        return number(key, 10, otherwise);
    }

    /** A number of the base, an optional minus and 0x before it; {@code otherwise} when there is none. */
    long number(String key, int radix, long otherwise) {
        int index = index(key);
        if (index < 0) {
            return otherwise;
        }
        int at = valueStart(index);
        int end = valueEnd(index);
        boolean negative = at < end && bytes[at] == '-';
        at += negative ? 1 : 0;
        int base = radix;
        if (end - at > 2 && bytes[at] == '0' && bytes[at + 1] == 'x') {
            at += 2;
            base = 16;
        }
        if (at >= end || end - at > 22) {
            return otherwise;
        }
        long value = 0;
        for (int i = at; i < end; i++) {
            int digit = Character.digit(bytes[i], base);
            if (digit < 0) {
                return otherwise;
            }
            value = value * base + digit;
        }
        return negative ? -value : value;
    }

    /** What stands in braces in an SELinux decision, trimmed. */
    @Nullable
    String braces() {
        return bracesStart < 0 ? null : ascii(bracesStart, bracesEnd).trim();
    }

    /** Whether the word {@code denied} stands in the record. */
    boolean denied() {
        return denied;
    }

    /** All fields, decoded; a repeated key keeps its first value. */
    Map<String, String> all() {
        Map<String, String> all = new HashMap<>();
        for (int i = 0; i < count; i++) {
            String key = key(i);
            String value = text(i, ENCODED.contains(key));
            if (value != null) {
                all.putIfAbsent(key, value);
            }
        }
        return all;
    }
}
