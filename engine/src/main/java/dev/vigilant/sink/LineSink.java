// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.sink;

import dev.vigilant.counter.Counter;
import dev.vigilant.counter.Counters;
import java.io.ByteArrayOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/**
 * Writes one alert a line, to standard output or to the end of a file.
 *
 * <p>Loss: lines that could not be written are counted and not tried again, as part of them may stand there already; the next
 * one begins on a line of its own.
 */
public final class LineSink implements AlertSink {
    private static final int BUFFER = 1 << 16;

    private final OutputStream out;
    private final String name;
    private final Counters counters;
    private final ByteArrayOutputStream buffer = new ByteArrayOutputStream(BUFFER);
    private long buffered;
    private boolean torn;

    private LineSink(OutputStream out, String name, Counters counters) {
        this.out = out;
        this.name = name;
        this.counters = counters;
    }

    /** Standard output; its descriptor, as {@link System#out} keeps failures to itself. */
    public static LineSink stdout(Counters counters) {
        return new LineSink(new FileOutputStream(FileDescriptor.out), "standard output", counters);
    }

    /**
     * A file, appended to, made when it is not there.
     *
     * @throws IOException when it cannot be opened
     */
    public static LineSink file(Path file, Counters counters) throws IOException {
        return new LineSink(new FileOutputStream(file.toFile(), true), file.toString(), counters);
    }

    @Override
    public void accept(byte[] key, byte[] json) throws IOException {
        buffer.writeBytes(json);
        buffer.write('\n');
        buffered++;
        if (buffer.size() >= BUFFER) {
            flush();
        }
    }

    @Override
    public void flush() throws IOException {
        if (buffered == 0) {
            return;
        }
        long lines = buffered;
        buffered = 0;
        try {
            if (torn) {
                out.write('\n');
            }
            buffer.writeTo(out);
            torn = false;
        } catch (IOException e) {
            torn = true;
            counters.add(Counter.ALERTS_LOST_SINK_BROKEN, lines);
            throw new IOException(
                    "alerts could not be written: " + name + ": " + e.getMessage()
                            + "; free space or name another --sink",
                    e);
        } finally {
            buffer.reset();
        }
        counters.add(Counter.ALERTS_DELIVERED, lines);
    }

    @Override
    public void close() throws IOException {
        try {
            flush();
        } finally {
            if (!name.equals("standard output")) {
                out.close();
            }
        }
    }
}
