// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.jna;

import com.sun.jna.LastErrorException;
import com.sun.jna.Pointer;
import java.io.Closeable;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A BPF ring buffer, read from the memory that the kernel writes.
 *
 * <p>Threading: one thread reads. Allocation: none.
 *
 * <h2>Memory</h2>
 *
 * <pre>
 *  page 0, ours to write    consumer_pos (8)
 *  page 1, the kernel's     producer_pos (8)
 *  then the data, and its beginning once more, so that no record is torn at the end
 *
 *  a record:   0 length(4): bit 31 busy, bit 30 discarded    4 pg_off(4)    8 bytes, padded to 8
 * </pre>
 *
 * Positions only grow; the kernel publishes a record by clearing its busy bit (release), and we its room by consumer_pos.
 * Layout: Documentation/bpf/ringbuf.rst and kernel/bpf/ringbuf.c of Linux 6.18.
 */
public final class BpfRing implements Closeable {
    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());
    private static final int BUSY = 1 << 31;
    private static final int DISCARDED = 1 << 30;
    private static final int HEADER = 8;
    /** How much of the beginning: no record is longer, and each page that is mapped counts as memory of ours. */
    private static final int LONGEST = 1 << 16;

    private static final int PROT_READ = 1;
    private static final int PROT_WRITE = 2;
    private static final int MAP_SHARED = 1;

    private final int fd;
    private final int mask;
    private final int page;
    private final Pointer consumerPage;
    private final Pointer producerPages;
    private final long producerBytes;
    private final ByteBuffer consumer;
    private final ByteBuffer producer;
    private long position;
    private long published;
    private int length;
    private boolean closed;

    BpfRing(int fd, int bytes) throws NativeFailure {
        this.fd = fd;
        this.mask = bytes - 1;
        this.page = Libc.getpagesize();
        this.producerBytes = page + (long) bytes + Math.min(bytes, LONGEST);
        try {
            consumerPage = Libc.mmap(Pointer.NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
            producerPages = Libc.mmap(Pointer.NULL, producerBytes, PROT_READ, MAP_SHARED, fd, page);
        } catch (LastErrorException e) {
            throw new NativeFailure("mmap of a BPF ring buffer of " + bytes + " bytes", e);
        }
        consumer = consumerPage.getByteBuffer(0, page).order(ByteOrder.nativeOrder());
        producer = producerPages.getByteBuffer(0, producerBytes).order(ByteOrder.nativeOrder());
        position = (long) LONG.getAcquire(consumer, 0);
        published = position;
    }

    /** Descriptor to poll. */
    public int fd() {
        return fd;
    }

    /** Whether a record is there; if so, {@link #offset} and {@link #length} tell where. */
    public boolean peek() {
        while (position < (long) LONG.getAcquire(producer, 0)) {
            int at = page + (int) (position & mask);
            int header = (int) INT.getAcquire(producer, at);
            if ((header & BUSY) != 0) {
                return false;
            }
            length = header & ~DISCARDED;
            if ((header & DISCARDED) == 0) {
                return true;
            }
            advance();
        }
        return false;
    }

    /** Where the record that {@link #peek} found begins in {@link #memory}. */
    public int offset() {
        return page + (int) (position & mask) + HEADER;
    }

    /** How many bytes the record that {@link #peek} found has. */
    public int length() {
        return length;
    }

    /** The kernel's memory. */
    public ByteBuffer memory() {
        return producer;
    }

    /** Goes on to the next record; the kernel gets the room at the next {@link #release}. */
    public void advance() {
        position += (length + HEADER + 7) & ~7;
    }

    /** Gives the kernel the room of all records before this one. */
    public void release() {
        if (published != position) {
            published = position;
            LONG.setRelease(consumer, 0, position);
        }
    }

    /** Bytes that wait to be read. */
    public long backlog() {
        return (long) LONG.getAcquire(producer, 0) - position;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            Libc.munmap(consumerPage, page);
            Libc.munmap(producerPages, producerBytes);
        }
    }
}
