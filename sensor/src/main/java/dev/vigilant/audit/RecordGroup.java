// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.audit;

import java.util.Arrays;

/**
 * The records of one event, gathered: their bytes one after another, each ended by a newline, so that the whole is the raw
 * record of the event.
 *
 * <p>Threading: one thread. Allocation: buffers grow once and are used again; bounded by {@link #MAX_BYTES}.
 */
final class RecordGroup {
    /** argv may be 128 KB and is encoded in hex; what is longer is cut, and the event marked incomplete. */
    private static final int MAX_BYTES = 1 << 20;

    private static final int MAX_RECORDS = 4096;

    private byte[] bytes = new byte[2048];
    private int length;
    private int[] types = new int[8];
    private int[] starts = new int[8];
    private int[] bodies = new int[8];
    private int[] ends = new int[8];
    private int count;
    private long timeNanos;
    private long serial;
    private long firstReceivedNanos;
    private boolean hasHead;
    private boolean hasCompanion;
    private boolean truncated;

    void begin(long newTimeNanos, long newSerial, long receivedNanos) {
        length = 0;
        count = 0;
        hasHead = false;
        hasCompanion = false;
        truncated = false;
        timeNanos = newTimeNanos;
        serial = newSerial;
        firstReceivedNanos = receivedNanos;
    }

    /** Whether the group has the very same record already. */
    boolean has(int type, byte[] source, int offset, int size) {
        for (int i = 0; i < count; i++) {
            if (types[i] == type
                    && ends[i] - starts[i] == size
                    && Arrays.equals(bytes, starts[i], ends[i], source, offset, offset + size)) {
                return true;
            }
        }
        return false;
    }

    /** Adds a record; {@code body} is where its fields begin, counted from {@code offset}. */
    void add(int type, byte[] source, int offset, int size, int body) {
        hasHead |= RecordType.isHead(type);
        hasCompanion |= RecordType.isCompanion(type);
        if (length + size + 1 > MAX_BYTES || count >= MAX_RECORDS) {
            truncated = true;
            return;
        }
        if (length + size + 1 > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + size + 1));
        }
        if (count == types.length) {
            types = Arrays.copyOf(types, count * 2);
            starts = Arrays.copyOf(starts, count * 2);
            bodies = Arrays.copyOf(bodies, count * 2);
            ends = Arrays.copyOf(ends, count * 2);
        }
        System.arraycopy(source, offset, bytes, length, size);
        types[count] = type;
        starts[count] = length;
        bodies[count] = length + body;
        ends[count] = length + size;
        length += size;
        bytes[length++] = '\n';
        count++;
    }

    int count() {
        return count;
    }

    int type(int index) {
        return types[index];
    }

    /** Index of the first record of a type, or -1. */
    int find(int type) {
        for (int i = 0; i < count; i++) {
            if (types[i] == type) {
                return i;
            }
        }
        return -1;
    }

    /** Lets {@code fields} look at a record. */
    void read(int index, Fields fields) {
        fields.parse(bytes, bodies[index], ends[index]);
    }

    boolean hasHead() {
        return hasHead;
    }

    /** Whether there are records that only ever come with a head, and it is not there. */
    boolean lacksHead() {
        return hasCompanion && !hasHead;
    }

    boolean truncated() {
        return truncated;
    }

    long timeNanos() {
        return timeNanos;
    }

    long serial() {
        return serial;
    }

    long firstReceivedNanos() {
        return firstReceivedNanos;
    }

    /** A copy of all bytes. */
    byte[] raw() {
        return Arrays.copyOf(bytes, length);
    }
}
