// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.source;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Texts that were decoded lately. Paths, names and types of file systems repeat from one record to the next: the same bytes
 * become the same String, whose hash is known already and which need not be made.
 *
 * <p>Threading: one thread. Allocation: none for what is in it; it holds {@value #SLOTS} texts of up to {@value #LONGEST} bytes.
 */
public final class TextCache {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final int SLOTS = 4096;
    private static final int LONGEST = 256;

    private final @Nullable Entry[] entries = new Entry[SLOTS];

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Entry(byte[] key, String text) {}

    /** The text of these bytes of UTF-8; what is not UTF-8 in them is replaced. */
    public String text(byte[] buffer, int at, int length) {
        if (length > LONGEST) {
            return new String(buffer, at, length, StandardCharsets.UTF_8);
        }
        int slot = slot(buffer, at, length);
        Entry known = entries[slot];
        if (known != null && Arrays.equals(known.key, 0, known.key.length, buffer, at, at + length)) {
            return known.text;
        }
        String text = new String(buffer, at, length, StandardCharsets.UTF_8);
        entries[slot] = new Entry(Arrays.copyOfRange(buffer, at, at + length), text);
        return text;
    }

    /** Eight bytes at a time; the last ones once more where the length is no multiple of eight. */
    private static int slot(byte[] buffer, int at, int length) {
        long hash = length;
        int end = at + length;
        if (length < Long.BYTES) {
            for (int i = at; i < end; i++) {
                hash = (hash << 8) ^ buffer[i] ^ (hash >>> 56);
            }
            return (int) ((hash * 0x9E3779B97F4A7C15L) >>> 52);
        }
        for (int i = at; i <= end - Long.BYTES; i += Long.BYTES) {
            hash = (hash ^ (long) LONG.get(buffer, i)) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 32;
        }
        hash = (hash ^ (long) LONG.get(buffer, end - Long.BYTES)) * 0x9E3779B97F4A7C15L;
        return (int) (hash >>> 52);
    }
}
