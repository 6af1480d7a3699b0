// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.sink;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Alerts on disk between detection and Kafka: segment files that are appended to, read once, and removed when all their
 * records are acknowledged.
 *
 * <pre>
 *   00000000000000000001.seg      name: index of its first record
 *   +--------+--------+--------+-----+-------+
 *   | length | crc32c | keyLen | key | value |   length counts what follows the crc
 *   +--------+--------+--------+-----+-------+
 *   acknowledged                  index of the first record that is not acknowledged
 * </pre>
 *
 * <h2>Concurrency</h2>
 *
 * One thread appends, one reads and acknowledges; both go through this object's lock for the short time that they touch
 * the list of segments.
 *
 * <h2>Loss</h2>
 *
 * A record counts as taken after {@link #sync}. A torn tail, as a crash leaves it, is cut at start. Above the quota
 * {@link #append} refuses. Delivery is at least once; the alert's id tells repeats.
 */
final class Spool implements Closeable {
    private static final int HEADER = 10;
    private static final int MAX_RECORD = 16 << 20;
    private static final String ACKNOWLEDGED = "acknowledged";

    /** One alert as it lies in the spool. */
    record Entry(long index, byte[] key, byte[] value) {}

    private final Path directory;
    private final long segmentBytes;
    private final long quotaBytes;
    private final TreeMap<Long, Long> segments = new TreeMap<>();
    private FileChannel tail;
    private long tailFirst;
    private long nextIndex;
    private long durableIndex;
    private long acknowledged;
    private long bytes;

    private @Nullable FileChannel reading;
    private long readIndex;
    private boolean cramped;

    private Spool(Path directory, long segmentBytes, long quotaBytes, FileChannel tail) {
        this.directory = directory;
        this.segmentBytes = segmentBytes;
        this.quotaBytes = quotaBytes;
        this.tail = tail;
    }

    /**
     * Opens the spool and finds what is left in it.
     *
     * @param segmentBytes how long a segment grows; less when the quota is small, as only whole segments make room again
     * @throws IOException when the directory cannot be made, read or written
     */
    static Spool open(Path directory, long segmentBytes, long quotaBytes) throws IOException {
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        TreeMap<Long, Path> found = new TreeMap<>();
        try (var files = Files.newDirectoryStream(directory, "*.seg")) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                found.put(Long.parseLong(name.substring(0, name.length() - 4)), file);
            }
        }
        long next = found.isEmpty() ? 1 : found.lastKey();
        FileChannel tail = channel(directory, next);
        Spool spool = new Spool(directory, Math.min(segmentBytes, quotaBytes / 4), quotaBytes, tail);
        for (var entry : found.entrySet()) {
            spool.segments.put(entry.getKey(), Files.size(entry.getValue()));
        }
        spool.tailFirst = next;
        spool.nextIndex = next + spool.cutTornTail(tail);
        spool.segments.put(next, tail.size());
        spool.bytes =
                spool.segments.values().stream().mapToLong(Long::longValue).sum();
        spool.durableIndex = spool.nextIndex;
        spool.acknowledged = spool.readAcknowledged();
        spool.rewind();
        return spool;
    }

    private static FileChannel channel(Path directory, long first) throws IOException {
        FileChannel channel = FileChannel.open(
                directory.resolve(String.format("%020d.seg", first)),
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        channel.position(channel.size());
        return channel;
    }

    /** Counts the whole records of the last segment and cuts what a crash left behind them. */
    private long cutTornTail(FileChannel channel) throws IOException {
        channel.position(0);
        long count = 0;
        long good = 0;
        while (true) {
            try {
                if (readRecord(channel, 0) == null) {
                    break;
                }
            } catch (IOException damaged) {
                break;
            }
            count++;
            good = channel.position();
        }
        channel.truncate(good);
        channel.position(good);
        return count;
    }

    private long readAcknowledged() throws IOException {
        Path file = directory.resolve(ACKNOWLEDGED);
        long first = segments.firstKey();
        if (!Files.exists(file)) {
            return first;
        }
        try {
            long stored = Long.parseLong(
                    Files.readString(file, StandardCharsets.US_ASCII).trim());
            return Math.min(Math.max(stored, first), nextIndex);
        } catch (NumberFormatException damaged) {
            return first;
        }
    }

    /**
     * Appends a record; it is durable after {@link #sync}.
     *
     * @return false when the quota is used up
     */
    synchronized boolean append(byte[] key, byte[] value) throws IOException {
        int size = HEADER + key.length + value.length;
        if (bytes + size > quotaBytes) {
            return false;
        }
        if (tail.position() > 0 && tail.position() + size > segmentBytes) {
            tail.force(false);
            beginSegment();
        }
        ByteBuffer record = ByteBuffer.allocate(size);
        record.putInt(2 + key.length + value.length)
                .putInt(0)
                .putShort((short) key.length)
                .put(key)
                .put(value);
        CRC32C crc = new CRC32C();
        crc.update(record.array(), 8, size - 8);
        record.putInt(4, (int) crc.getValue());
        record.flip();
        long start = tail.position();
        try {
            while (record.hasRemaining()) {
                tail.write(record);
            }
        } catch (IOException full) {
            cramped = true;
            tail.truncate(start);
            tail.position(start);
            throw full;
        }
        nextIndex++;
        bytes += size;
        segments.merge(tailFirst, (long) size, Long::sum);
        return true;
    }

    private void beginSegment() throws IOException {
        FileChannel fresh = channel(directory, nextIndex);
        tail.close();
        tail = fresh;
        tailFirst = nextIndex;
        segments.put(tailFirst, 0L);
    }

    /** Makes all appended records durable and lets the reader see them. */
    void sync() throws IOException {
        FileChannel channel;
        long until;
        synchronized (this) {
            if (durableIndex == nextIndex) {
                return;
            }
            channel = tail;
            until = nextIndex;
        }
        channel.force(false);
        synchronized (this) {
            durableIndex = until;
            notifyAll();
        }
    }

    /**
     * The next durable record, in order; waits at most {@code millis} for one.
     *
     * @return null when there is none
     */
    @SuppressWarnings("WaitNotInLoop") // a spurious wake-up is an early null, and the caller asks again
    synchronized @Nullable Entry next(long millis) throws IOException, InterruptedException {
        if (readIndex >= durableIndex && millis > 0) {
            wait(millis);
        }
        if (readIndex >= durableIndex) {
            return null;
        }
        if (reading == null || segments.containsKey(readIndex)) {
            open(readIndex);
        }
        FileChannel channel = reading;
        Entry entry = channel == null ? null : readRecord(channel, readIndex);
        if (entry == null) {
            throw new EOFException(directory + ": record " + readIndex + " is missing");
        }
        readIndex++;
        return entry;
    }

    private void open(long index) throws IOException {
        if (reading != null) {
            reading.close();
        }
        Long first = segments.floorKey(index);
        if (first == null) {
            throw new EOFException(directory + ": no segment holds record " + index);
        }
        FileChannel channel =
                FileChannel.open(directory.resolve(String.format("%020d.seg", first)), StandardOpenOption.READ);
        reading = channel;
        for (long i = first; i < index; i++) {
            readRecord(channel, i);
        }
    }

    private static @Nullable Entry readRecord(FileChannel channel, long index) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(HEADER);
        if (!fill(channel, header)) {
            return null;
        }
        int length = header.getInt();
        int expected = header.getInt();
        int keyLength = Short.toUnsignedInt(header.getShort());
        if (length < 2 + keyLength || length > MAX_RECORD) {
            throw new IOException("spool record " + index + " is damaged: length " + length);
        }
        ByteBuffer body = ByteBuffer.allocate(length - 2);
        if (!fill(channel, body)) {
            return null;
        }
        CRC32C crc = new CRC32C();
        crc.update(header.array(), 8, 2);
        crc.update(body.array(), 0, length - 2);
        if ((int) crc.getValue() != expected) {
            throw new IOException("spool record " + index + " is damaged: checksum");
        }
        byte[] key = new byte[keyLength];
        byte[] value = new byte[length - 2 - keyLength];
        body.get(key).get(value);
        return new Entry(index, key, value);
    }

    private static boolean fill(FileChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                return false;
            }
        }
        buffer.flip();
        return true;
    }

    /**
     * All records before {@code index} are delivered: remembers it, and removes segments that are done.
     *
     * @return false when it could not be noted on disk: the next start delivers again what is still there
     */
    synchronized boolean acknowledge(long index) {
        if (index <= acknowledged) {
            return true;
        }
        acknowledged = index;
        boolean noted = true;
        try {
            Path fresh = directory.resolve(ACKNOWLEDGED + ".new");
            Files.writeString(fresh, Long.toString(index), StandardCharsets.US_ASCII);
            Files.move(fresh, directory.resolve(ACKNOWLEDGED), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException full) {
            cramped = true;
            noted = false;
        }
        try {
            if (cramped && index == nextIndex && tail.position() > 0) {
                // An empty file needs no room, and the full one can go.
                beginSegment();
                cramped = false;
            }
            removeDone(index);
        } catch (IOException readOnly) {
            noted = false;
        }
        return noted;
    }

    private void removeDone(long index) throws IOException {
        while (segments.size() > 1 && segments.higherKey(segments.firstKey()) <= index) {
            long first = segments.firstKey();
            Files.deleteIfExists(directory.resolve(String.format("%020d.seg", first)));
            Long size = segments.remove(first);
            bytes -= size == null ? 0 : size;
        }
    }

    /** Goes back to the first record that is not acknowledged, to send from there again. */
    synchronized void rewind() throws IOException {
        readIndex = acknowledged;
        if (reading != null) {
            reading.close();
            reading = null;
        }
    }

    /** Records that are not acknowledged. */
    synchronized long depth() {
        return nextIndex - acknowledged;
    }

    @Override
    public void close() throws IOException {
        sync();
        synchronized (this) {
            tail.close();
            if (reading != null) {
                reading.close();
            }
        }
    }
}
