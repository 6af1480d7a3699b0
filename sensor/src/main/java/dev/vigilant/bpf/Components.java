// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.bpf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The path components and types of file systems that rules ask for, each set a bit. The kernel looks them up by hash while
 * it walks a path; path.h computes the same hash.
 */
final class Components {
    /** A type of file system is a component longer than itself by this: no path has one. As in syscall.h. */
    static final int FILE_SYSTEM_LENGTH = 64;

    private static final int BITS = 64;
    private static final int WORDS = 5;

    private final Map<Long, Long> bits = new LinkedHashMap<>();
    private final Map<Object, Long> sets = new LinkedHashMap<>();
    private final Set<Integer> candidates = new TreeSet<>();
    private long lengths;

    /** The bit for a set of components; 0 for an empty one. More than 64 sets share bits: more is sensed than asked. */
    long components(Collection<String> names) {
        return names.isEmpty() ? 0 : add(names, 0, "component");
    }

    /** The bit for a set of types of file systems; 0 for an empty one. */
    long fileSystems(Collection<String> types) {
        return types.isEmpty() ? 0 : add(types, FILE_SYSTEM_LENGTH, "file system");
    }

    private long add(Collection<String> names, int longer, String what) {
        Long known = sets.get(Map.entry(what, names));
        if (known != null) {
            return known;
        }
        long bit = 1L << (sets.size() % BITS);
        sets.put(Map.entry(what, names), bit);
        for (String name : names) {
            byte[] text = name.getBytes(StandardCharsets.UTF_8);
            int length = text.length + longer;
            lengths |= 1L << Math.min(length, 63);
            bits.merge(hash(text, length), bit, (a, b) -> a | b);
            if (longer == 0 && text.length > 0) {
                candidates.add((length & 63) << 8 | Byte.toUnsignedInt(text[0]));
            }
        }
        return bit;
    }

    /** Bits by hash. */
    Map<Long, Long> bits() {
        return bits;
    }

    /** Length (6 bits) and first byte of each component, as numbers of bits: what fast.h asks before it hashes. */
    Set<Integer> candidates() {
        return candidates;
    }

    /** Bit {@code n} is set when a component has {@code n} bytes; the last bit stands for 63 and more. */
    long lengths() {
        return lengths;
    }

    /** The hash of a component's length and first 40 bytes. */
    static long hash(byte[] text, int length) {
        byte[] padded = new byte[WORDS * 8];
        System.arraycopy(text, 0, padded, 0, Math.min(text.length, padded.length));
        ByteBuffer words = ByteBuffer.wrap(padded).order(ByteOrder.LITTLE_ENDIAN);
        long h = length;
        for (int i = 0; i < WORDS; i++) {
            h = (h ^ words.getLong(8 * i)) * 0x9E3779B97F4A7C15L;
            h ^= h >>> 29;
        }
        return h;
    }
}
