// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.sink;

import dev.vigilant.counter.Counter;
import dev.vigilant.counter.Counters;
import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/** Writes one alert a line, to standard output or to the end of a file. */
public final class LineSink implements AlertSink {
    private final OutputStream out;
    private final String name;
    private final Counters counters;
    private long unflushed;

    private LineSink(OutputStream out, String name, Counters counters) {
        this.out = out;
        this.name = name;
        this.counters = counters;
    }

    /** Standard output. */
    public static LineSink stdout(Counters counters) {
        return new LineSink(new BufferedOutputStream(System.out, 1 << 16), "standard output", counters);
    }

    /**
     * A file, appended to, made when it is not there.
     *
     * @throws IOException when it cannot be opened
     */
    public static LineSink file(Path file, Counters counters) throws IOException {
        OutputStream stream = new BufferedOutputStream(new FileOutputStream(file.toFile(), true), 1 << 16);
        return new LineSink(stream, file.toString(), counters);
    }

    @Override
    public void accept(byte[] key, byte[] json) throws IOException {
        try {
            out.write(json);
            out.write('\n');
            unflushed++;
        } catch (IOException e) {
            throw broken(e);
        }
    }

    @Override
    public void flush() throws IOException {
        if (unflushed == 0) {
            return;
        }
        try {
            out.flush();
        } catch (IOException e) {
            throw broken(e);
        }
        counters.add(Counter.ALERTS_DELIVERED, unflushed);
        unflushed = 0;
    }

    private IOException broken(IOException cause) {
        return new IOException(
                "alerts could not be written: " + name + ": " + cause.getMessage()
                        + "; free space or name another --sink",
                cause);
    }

    @Override
    public void close() throws IOException {
        flush();
        if (!name.equals("standard output")) {
            out.close();
        }
    }
}
