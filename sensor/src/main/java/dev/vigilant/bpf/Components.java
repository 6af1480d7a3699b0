// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.bpf;

import dev.vigilant.event.Process;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The path components, types of file systems and names of processes that rules ask for, each set a bit. The kernel looks them up by hash while
 * it walks a path; path.h computes the same hash.
 */
final class Components {
    /** A type of file system is a component longer than itself by this: no path has one. As in filter.h. */
    static final int FILE_SYSTEM_LENGTH = 64;

    /** A name of a process is a component of this length. As in filter.h. */
    static final int PROGRAM_LENGTH = 128;

    /** What the kernel keeps of a name: TASK_COMM_LEN of linux/sched.h without the zero. */
    private static final int COMM_BYTES = 15;

    private static final int BITS = 64;
    private static final int WORDS = 5;
    /** Two characters. */
    private static final int BEGINNINGS = 1 << 16;

    private static final long FACTOR = 0x9E3779B97F4A7C15L;
    /** Of the hash of a name's first bytes, those that number its bit. */
    private static final int CANDIDATE_BITS = 14;

    private final Map<Long, Long> bits = new LinkedHashMap<>();
    private final Map<Object, Long> sets = new LinkedHashMap<>();
    private final Set<Integer> candidates = new TreeSet<>();
    private final Set<Integer> spelledCandidates = new TreeSet<>();
    private final Set<Integer> nameCandidates = new TreeSet<>();
    private final BitSet spelledBeginnings = new BitSet(BEGINNINGS);
    /** Bits of names of processes are asked apart from those of files, and so are counted apart. */
    private int programSets;

    private int pathSets;

    /** The bit for a set of components; 0 for an empty one. More than 64 sets share bits: more is sensed than asked. */
    long components(Collection<String> names) {
        return names.isEmpty() ? 0 : add(names, 0, "component");
    }

    /** The same of components of paths as they are asked for, which begin with one of the prefixes; none stands for any. */
    long spelled(Collection<String> names, Collection<String> prefixes) {
        if (!names.isEmpty()) {
            (prefixes.isEmpty() ? List.of("") : prefixes).forEach(this::addBeginning);
        }
        names.stream()
                .map(name -> name.getBytes(StandardCharsets.UTF_8))
                .forEach(name -> addCandidate(spelledCandidates, name));
        return components(names);
    }

    private void addBeginning(String prefix) {
        byte[] text = prefix.getBytes(StandardCharsets.UTF_8);
        switch (text.length) {
            case 0 -> spelledBeginnings.set(0, BEGINNINGS);
            case 1 -> {
                for (int second = 0; second < BEGINNINGS; second += 1 << Byte.SIZE) {
                    spelledBeginnings.set(second | Byte.toUnsignedInt(text[0]));
                }
            }
            default -> spelledBeginnings.set(Byte.toUnsignedInt(text[1]) << Byte.SIZE | Byte.toUnsignedInt(text[0]));
        }
    }

    private static void addCandidate(Set<Integer> candidates, byte[] name) {
        if (name.length > 0) {
            candidates.add(candidate(first(name) ^ name.length));
        }
    }

    /** The bit for a set of types of file systems; 0 for an empty one. */
    long fileSystems(Collection<String> types) {
        return types.isEmpty() ? 0 : add(types, FILE_SYSTEM_LENGTH, "file system");
    }

    /** The bit for a set of names of processes; 0 for an empty one. What has no name of its own has it too. */
    long programs(Collection<String> names) {
        if (names.isEmpty()) {
            return 0;
        }
        Set<String> all = new TreeSet<>(names);
        all.add(Process.NAMELESS);
        return add(all, PROGRAM_LENGTH, "program");
    }

    private long add(Collection<String> names, int longer, String what) {
        Long known = sets.get(Map.entry(what, names));
        if (known != null) {
            return known;
        }
        long bit = 1L << ((longer == PROGRAM_LENGTH ? programSets++ : pathSets++) % BITS);
        sets.put(Map.entry(what, names), bit);
        for (String name : names) {
            byte[] text = name.getBytes(StandardCharsets.UTF_8);
            int length = text.length + longer;
            if (longer == PROGRAM_LENGTH) {
                text = Arrays.copyOf(text, Math.min(text.length, COMM_BYTES));
                length = PROGRAM_LENGTH;
            }
            bits.merge(hash(text, length), bit, (a, b) -> a | b);
            if (longer == 0) {
                addCandidate(candidates, text);
            } else {
                nameCandidates.add(nameCandidate(text));
            }
        }
        return bit;
    }

    /** Bits by hash. */
    Map<Long, Long> bits() {
        return bits;
    }

    /** The bits of the sets that have this component. */
    long bitsOf(String component) {
        byte[] text = component.getBytes(StandardCharsets.UTF_8);
        return bits.getOrDefault(hash(text, text.length), 0L);
    }

    /** Numbers of bits by the length and the first 8 bytes of each component of paths: what path.h asks before it hashes. */
    Set<Integer> candidates() {
        return candidates;
    }

    /** The number of the bit of a name's first 8 bytes, zeros beyond its end. */
    static int nameCandidate(byte[] name) {
        return candidate(first(name));
    }

    private static long first(byte[] name) {
        return ByteBuffer.wrap(Arrays.copyOf(name, Long.BYTES))
                .order(ByteOrder.LITTLE_ENDIAN)
                .getLong();
    }

    private static int candidate(long of) {
        return (int) ((of * FACTOR) >>> (Long.SIZE - CANDIDATE_BITS));
    }

    /** Numbers of bits by the first 8 bytes of each name of a process and type of a file system: what filter.h asks before it hashes. */
    Set<Integer> nameCandidates() {
        return nameCandidates;
    }

    /** First two characters, the second in the upper byte, of paths as they are asked for of which components are asked. */
    BitSet spelledBeginnings() {
        return spelledBeginnings;
    }

    /** Those of the components that are asked of paths as they are asked for. */
    Set<Integer> spelledCandidates() {
        return spelledCandidates;
    }

    /** The hash of a component's length and first 40 bytes. */
    static long hash(byte[] text, int length) {
        byte[] padded = new byte[WORDS * 8];
        System.arraycopy(text, 0, padded, 0, Math.min(text.length, padded.length));
        ByteBuffer words = ByteBuffer.wrap(padded).order(ByteOrder.LITTLE_ENDIAN);
        long h = length;
        for (int i = 0; i < WORDS && 8 * i < length; i++) {
            h = (h ^ words.getLong(8 * i)) * FACTOR;
            h ^= h >>> 29;
        }
        return h;
    }
}
