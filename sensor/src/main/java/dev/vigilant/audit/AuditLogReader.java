// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.audit;

import dev.vigilant.counter.Counter;
import dev.vigilant.counter.Counters;
import dev.vigilant.source.Channel;
import dev.vigilant.source.FrameReader;
import dev.vigilant.source.FrameSink;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Log files of auditd, one or many, plain or gzip, raw or enriched: each line a frame.
 *
 * <pre>
 *   [node=NAME ]type=TYPE msg=audit(seconds.millis:serial): fields
 * </pre>
 *
 * <p>Threading: one thread. Allocation: none per line. A line that is no record is counted and passed over; a frame's time is
 * its record's own, so that time-outs run in event time.
 */
public final class AuditLogReader implements FrameReader {
    private static final int BATCH = 1024;
    private static final int BUFFER = 1 << 18;
    private static final int GZIP_MAGIC = 0x8b1f;
    private static final byte[] TYPE = "type=".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] MESSAGE = " msg=".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NODE = "node=".getBytes(StandardCharsets.US_ASCII);

    private static final int TYPES = 64;
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final long NEWLINES = '\n' * ONES;

    private record TypeName(byte[] name, int number) {}

    private final ArrayDeque<Path> files;
    private final Counters counters;
    private final @Nullable TypeName[] types = new TypeName[TYPES];
    private final RecordHeader header = new RecordHeader();
    private final byte[] buffer = new byte[BUFFER];
    private int start;
    private int end;
    private boolean skipping;
    private long lastNanos;
    private @Nullable Path file;
    private @Nullable InputStream in;

    /** @param files logs, oldest first; a directory stands for the audit.log files in it */
    public AuditLogReader(List<Path> files, Counters counters) throws IOException {
        this.counters = counters;
        this.files = new ArrayDeque<>();
        for (Path file : files) {
            this.files.addAll(expand(file));
        }
    }

    /** Rotated logs have the higher number the older they are. */
    private static List<Path> expand(Path file) throws IOException {
        if (!Files.isDirectory(file)) {
            return List.of(file);
        }
        List<Path> logs = new ArrayList<>();
        try (var entries = Files.newDirectoryStream(file, "audit.log*")) {
            entries.forEach(logs::add);
        }
        if (logs.isEmpty()) {
            throw new IOException(file + ": holds no audit.log");
        }
        logs.sort(Comparator.comparingInt(AuditLogReader::rotation).reversed());
        return logs;
    }

    private static int rotation(Path file) {
        String digits = file.getFileName().toString().replaceAll("[^0-9]", "");
        if (digits.isEmpty() || digits.length() > 9) {
            return 0;
        }
        // With a date for a number it is the other way round.
        int number = Integer.parseInt(digits);
        return digits.length() == 8 ? Integer.MAX_VALUE - number : number;
    }

    @Override
    public int read(FrameSink sink) throws IOException {
        int frames = 0;
        while (frames < BATCH) {
            int newline = indexOfNewline();
            if (newline >= 0) {
                frames += line(start, newline, sink);
                start = newline + 1;
            } else if (!fill()) {
                if (start < end || skipping) {
                    frames += line(start, end, sink);
                    start = end;
                }
                if (!nextFile()) {
                    return frames == 0 ? -1 : frames;
                }
            }
        }
        return frames;
    }

    /** Eight bytes at a time: one that is a newline becomes 0, and from 0 alone a borrow reaches the highest bit. */
    private int indexOfNewline() {
        int at = start;
        for (; at <= end - Long.BYTES; at += Long.BYTES) {
            long zeros = (long) LONG.get(buffer, at) ^ NEWLINES;
            long found = (zeros - ONES) & ~zeros & HIGH_BITS;
            if (found != 0) {
                return at + (Long.numberOfTrailingZeros(found) >>> 3);
            }
        }
        for (; at < end; at++) {
            if (buffer[at] == '\n') {
                return at;
            }
        }
        return -1;
    }

    private boolean fill() throws IOException {
        if (in == null) {
            return false;
        }
        if (start > 0) {
            System.arraycopy(buffer, start, buffer, 0, end - start);
            end -= start;
            start = 0;
        }
        if (end == buffer.length) {
            // No record is that long: what there is of the line is dropped, and what is still to come of it.
            skipping = true;
            end = 0;
        }
        int n = readSome(in);
        if (n < 0) {
            return false;
        }
        end += n;
        return true;
    }

    private int readSome(InputStream input) throws IOException {
        try {
            return input.read(buffer, end, buffer.length - end);
        } catch (IOException damaged) {
            throw new IOException(
                    file + ": cannot be read on: " + damaged.getMessage() + "; what came before was handed over",
                    damaged);
        }
    }

    private boolean nextFile() throws IOException {
        if (in != null) {
            in.close();
            in = null;
        }
        Path next = files.poll();
        if (next == null) {
            return false;
        }
        file = next;
        start = 0;
        end = 0;
        BufferedInputStream raw = new BufferedInputStream(Files.newInputStream(next), 1 << 16);
        raw.mark(2);
        int magic = raw.read() | raw.read() << 8;
        raw.reset();
        try {
            in = magic == GZIP_MAGIC ? new GZIPInputStream(raw, 1 << 16) : raw;
        } catch (IOException damaged) {
            raw.close();
            throw new IOException(next + ": begins as gzip and is none: " + damaged.getMessage(), damaged);
        }
        return true;
    }

    /** @return 1 when the line was a frame, also when the decoder will reject it */
    private int line(int from, int newline, FrameSink sink) {
        int to = newline > from && buffer[newline - 1] == '\r' ? newline - 1 : newline;
        if (skipping) {
            skipping = false;
            reject(Counter.REJECTED_LENGTH);
            return 0;
        }
        if (to == from) {
            return 0;
        }
        int at = from;
        if (startsWith(NODE, at, to)) {
            while (at < to && buffer[at] != ' ') {
                at++;
            }
            at++;
        }
        if (!startsWith(TYPE, at, to)) {
            reject(Counter.REJECTED_LINE);
            return 0;
        }
        int typeStart = at + TYPE.length;
        at = typeStart;
        while (at < to && buffer[at] != ' ') {
            at++;
        }
        int type = type(typeStart, at);
        if (type < 0 || !startsWith(MESSAGE, at, to)) {
            reject(Counter.REJECTED_LINE);
            return 0;
        }
        at += MESSAGE.length;
        if (header.parse(buffer, at, to - at) >= 0) {
            lastNanos = header.timeNanos();
        }
        sink.frame(Channel.AUDIT, type, buffer, at, to - at, lastNanos);
        return 1;
    }

    private void reject(Counter reason) {
        counters.increment(Counter.RECORDS_IN);
        counters.increment(reason);
    }

    private boolean startsWith(byte[] text, int at, int to) {
        return to - at >= text.length && Arrays.equals(buffer, at, at + text.length, text, 0, text.length);
    }

    /** The few types of a log are kept as their bytes, so that a line makes no String. */
    private int type(int from, int to) {
        int length = to - from;
        int slot = length == 0 ? 0 : (buffer[from] * 31 + buffer[to - 1] * 7 + length) & (TYPES - 1);
        TypeName known = types[slot];
        if (known != null && Arrays.equals(known.name, 0, known.name.length, buffer, from, to)) {
            return known.number;
        }
        byte[] name = Arrays.copyOfRange(buffer, from, to);
        int number = RecordType.number(new String(name, StandardCharsets.US_ASCII));
        if (number >= 0) {
            types[slot] = new TypeName(name, number);
        }
        return number;
    }

    @Override
    public int fd() {
        return -1;
    }

    @Override
    public void close() throws IOException {
        if (in != null) {
            in.close();
        }
    }
}
