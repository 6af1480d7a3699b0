// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.audit;

import dev.vigilant.source.TextCache;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one record. Values are decoded when they are asked for.
 *
 * <p>Threading: one thread, reused for each record. Allocation: none to parse; a String for each text asked for that did not
 * come lately.
 */
final class Fields {
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

    private static final byte[] DIGITS = digits();

    private final TextCache texts = new TextCache();
    private final FieldIndex places = new FieldIndex();
    private byte[] bytes = new byte[0];
    private byte[] decoded = new byte[256];

    /** Looks at a record's body; the bytes must stay as they are while fields are asked for. */
    void parse(byte[] source, int start, int end) {
        bytes = source;
        places.parse(source, start, end);
    }

    /** The value of each ASCII digit, letters included; -1 for any other byte. */
    private static byte[] digits() {
        byte[] digits = new byte[256];
        for (int b = 0; b < digits.length; b++) {
            digits[b] = (byte) (b < 128 ? Character.digit(b, 16) : -1);
        }
        return digits;
    }

    int size() {
        return places.size();
    }

    String key(int index) {
        return plain(places.keyStart(index), places.keyEnd(index));
    }

    private String plain(int start, int end) {
        return texts.text(bytes, start, Math.max(0, end - start));
    }

    /** The value as it stands, quotes left out; null when there is no such field. */
    @Nullable
    String raw(String key) {
        int index = places.index(key);
        return index < 0 ? null : plain(places.valueStart(index), places.valueEnd(index));
    }

    /** The value of a text field, decoded; null for no such field, {@code (null)}, {@code (none)} and {@code ?}. */
    @Nullable
    String text(String key) {
        int index = places.index(key);
        return index < 0 ? null : text(index, ENCODED.contains(key));
    }

    /** The value of a field that may be encoded in hex, whatever its key. */
    @Nullable
    String encoded(int index) {
        return text(index, true);
    }

    private @Nullable String text(int index, boolean mayBeHex) {
        int start = places.valueStart(index);
        int end = places.valueEnd(index);
        if (places.quoted(index)) {
            return plain(start, end);
        }
        if (is(start, end, "(null)") || is(start, end, "(none)") || is(start, end, "?")) {
            return null;
        }
        if (mayBeHex && isHex(start, end)) {
            int length = decode(start, end);
            return texts.text(decoded, 0, length);
        }
        return plain(start, end);
    }

    /** The bytes of a field encoded in hex; empty when it is not. */
    byte[] hexBytes(String key) {
        int index = places.index(key);
        if (index < 0 || !isHex(places.valueStart(index), places.valueEnd(index))) {
            return new byte[0];
        }
        return hex(places.valueStart(index), places.valueEnd(index));
    }

    /** The bytes of a field that may be encoded in hex, as text cut anywhere. */
    byte[] encodedBytes(int index) {
        int start = places.valueStart(index);
        int end = places.valueEnd(index);
        return !places.quoted(index) && isHex(start, end) ? hex(start, end) : Arrays.copyOfRange(bytes, start, end);
    }

    private boolean is(int start, int end, String text) {
        return end - start == text.length() && places.matches(start, text);
    }

    private boolean isHex(int start, int end) {
        if (end <= start || (end - start) % 2 != 0) {
            return false;
        }
        for (int i = start; i < end; i++) {
            if (digit(i) < 0) {
                return false;
            }
        }
        return true;
    }

    private int digit(int at) {
        return DIGITS[bytes[at] & 0xff];
    }

    /** Decodes into {@link #decoded}; returns how many bytes. */
    private int decode(int start, int end) {
        int length = (end - start) / 2;
        if (length > decoded.length) {
            decoded = new byte[Math.max(length, decoded.length * 2)];
        }
        for (int i = 0; i < length; i++) {
            decoded[i] = (byte) (digit(start + 2 * i) << 4 | digit(start + 2 * i + 1));
        }
        return length;
    }

    private byte[] hex(int start, int end) {
        int length = decode(start, end);
        return Arrays.copyOf(decoded, length);
    }

    /** A decimal number, or {@code otherwise} when there is none. */
    long number(String key, long otherwise) {
        return number(key, 10, otherwise);
    }

    /** A number of the base, an optional minus and 0x before it; {@code otherwise} when there is none. */
    long number(String key, int radix, long otherwise) {
        int index = places.index(key);
        if (index < 0) {
            return otherwise;
        }
        int at = places.valueStart(index);
        int end = places.valueEnd(index);
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
            int digit = digit(i);
            if (digit < 0 || digit >= base) {
                return otherwise;
            }
            value = value * base + digit;
        }
        return negative ? -value : value;
    }

    /** The major number of a device {@code major:minor} in hex; -1 when there is none. */
    int major(String key) {
        int index = places.index(key);
        int colon = index < 0 ? -1 : colon(index);
        return colon < 0 ? -1 : hexNumber(places.valueStart(index), colon);
    }

    /** The minor number of a device {@code major:minor} in hex; -1 when there is none. */
    int minor(String key) {
        int index = places.index(key);
        int colon = index < 0 ? -1 : colon(index);
        return colon < 0 ? -1 : hexNumber(colon + 1, places.valueEnd(index));
    }

    private int colon(int index) {
        for (int i = places.valueStart(index) + 1; i < places.valueEnd(index); i++) {
            if (bytes[i] == ':') {
                return i;
            }
        }
        return -1;
    }

    private int hexNumber(int start, int end) {
        long value = 0;
        for (int i = start; i < end; i++) {
            int digit = digit(i);
            if (digit < 0 || value > Integer.MAX_VALUE >> 4) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return start < end ? (int) value : -1;
    }

    /** What stands in braces in an SELinux decision, trimmed. */
    @Nullable
    String braces() {
        return places.bracesStart() < 0
                ? null
                : plain(places.bracesStart(), places.bracesEnd()).trim();
    }

    /** Whether the word {@code denied} stands in the record. */
    boolean denied() {
        return places.denied();
    }

    /** All fields, decoded; a repeated key keeps its first value. */
    Map<String, String> all() {
        Map<String, String> all = new HashMap<>();
        for (int i = 0; i < places.size(); i++) {
            String key = key(i);
            String value = text(i, ENCODED.contains(key));
            if (value != null) {
                all.putIfAbsent(key, value);
            }
        }
        return all;
    }
}
