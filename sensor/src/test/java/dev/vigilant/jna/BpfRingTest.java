// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.jna;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Over a file in memory that is laid out as the kernel lays out a ring: its data twice. */
class BpfRingTest {
    private static final int RING = 1 << 18;
    /** The longest of the programs: RECORD_MAX of record.h. */
    private static final int LONGEST = 45056;

    private static final int HEADER = 8;
    private static final int BUSY = 1 << 31;
    private static final int DISCARDED = 1 << 30;

    static {
        Native.register(BpfRingTest.class, "c");
    }

    static native int memfd_create(String name, int flags) throws LastErrorException;

    static native int ftruncate(int fd, long length) throws LastErrorException;

    private final int page = Libc.getpagesize();
    private final long size = 2L * page + 2L * RING;
    private int fd;
    private Pointer memory;

    @BeforeEach
    void makeRing() {
        fd = memfd_create("ring", 0);
        ftruncate(fd, size);
        memory = Libc.mmap(Pointer.NULL, size, 3, 1, fd, 0);
    }

    @AfterEach
    void removeRing() {
        Libc.munmap(memory, size);
        Libc.close(fd);
    }

    /** The consumer's, then the producer's position. */
    private void positions(long consumer, long producer) {
        memory.setLong(0, consumer);
        memory.setLong(page, producer);
    }

    /** As the kernel sees it: what is written beyond the end is at the beginning. */
    private void write(long position, int header, byte[] bytes) {
        long at = position % RING;
        set(at, (byte) header);
        set(at + 1, (byte) (header >> 8));
        set(at + 2, (byte) (header >> 16));
        set(at + 3, (byte) (header >> 24));
        for (int i = 0; i < bytes.length; i++) {
            set(at + HEADER + i, bytes[i]);
        }
    }

    private void set(long at, byte value) {
        long data = 2L * page + at % RING;
        memory.setByte(data, value);
        memory.setByte(data + RING, value);
    }

    private static byte[] record(int length, int seed) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 7 + i / 256 + seed);
        }
        return bytes;
    }

    private static byte[] bytes(BpfRing ring) {
        byte[] bytes = new byte[ring.length()];
        ring.memory().get(ring.offset(), bytes);
        return bytes;
    }

    @Test
    void recordThatCrossesTheEndIsReadWhole() throws Exception {
        for (int before : new int[] {HEADER, 16, 4096, LONGEST / 2, LONGEST}) {
            long position = 5L * RING - before;
            byte[] crossing = record(LONGEST, before);
            write(position, LONGEST, crossing);
            positions(position, position + HEADER + LONGEST);
            try (BpfRing ring = new BpfRing(fd, RING)) {
                assertThat(ring.peek()).isTrue();
                assertThat(Arrays.equals(bytes(ring), crossing))
                        .as("%s before the end", before)
                        .isTrue();
                ring.advance();
                ring.release();

                assertThat(ring.peek()).isFalse();
                assertThat(memory.getLong(0)).isEqualTo(position + HEADER + LONGEST);
            }
        }
    }

    @Test
    void recordsBeforeTheEndAndBehindItFollowEachOther() throws Exception {
        long position = 3L * RING - 2 * (HEADER + 24);
        long next = position;
        for (int i = 0; i < 4; i++, next += HEADER + 24) {
            write(next, 24 - i, record(24 - i, i));
        }
        positions(position, next);
        try (BpfRing ring = new BpfRing(fd, RING)) {
            assertThat(ring.backlog()).isEqualTo(4 * (HEADER + 24));
            for (int i = 0; i < 4; i++) {
                assertThat(ring.peek()).isTrue();
                assertThat(bytes(ring)).isEqualTo(record(24 - i, i));
                ring.advance();
            }
            assertThat(memory.getLong(0)).isEqualTo(position);
            ring.release();
            assertThat(memory.getLong(0)).isEqualTo(next);
        }
    }

    @Test
    void recordThatIsBeingWrittenIsWaitedForAndADiscardedOneSkipped() throws Exception {
        long position = RING - HEADER - 16;
        write(position, 16 | DISCARDED, record(16, 1));
        write(RING, 40 | BUSY, record(40, 2));
        positions(position, RING + HEADER + 40);
        try (BpfRing ring = new BpfRing(fd, RING)) {
            assertThat(ring.peek()).isFalse();
            write(RING, 40, record(40, 2));

            assertThat(ring.peek()).isTrue();
            assertThat(bytes(ring)).isEqualTo(record(40, 2));
        }
    }
}
