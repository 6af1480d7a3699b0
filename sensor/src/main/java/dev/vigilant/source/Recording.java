// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.source;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Vigilant's own recording: the frames of a live run, and what was looked up in /proc and the runtimes' files meanwhile,
 * so that a replay decides the same.
 *
 * <pre>
 *  0                   1         bytes
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7
 * +---------------+
 * |V I G I L R 0 1|                       once
 * +-+-------+---------------+-------+-----
 * |c| type  | receivedNanos | length| bytes ...      a frame: channel, type, time, payload
 * +-+-------+---------------+-------+-----
 * </pre>
 *
 * All numbers are big-endian.
 */
public final class Recording {
    private static final byte[] MAGIC = "VIGILR01".getBytes(StandardCharsets.US_ASCII);

    /** A longer frame is damage; no source makes one. */
    private static final int MAX_FRAME = 8 << 20;

    private static final Channel[] CHANNELS = Channel.values();

    private Recording() {}

    /** Whether the file begins as a recording does. */
    public static boolean isRecording(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return Arrays.equals(in.readNBytes(MAGIC.length), MAGIC);
        }
    }

    /** Writes frames to a file. Threading: any thread, one frame at a time. */
    public static final class Writer implements FrameSink, Closeable {
        private final DataOutputStream out;

        /** Creates or overwrites the file; only its owner may read it, as it holds command lines. */
        public Writer(Path file) throws IOException {
            OutputStream raw = Files.newOutputStream(file);
            this.out = new DataOutputStream(new BufferedOutputStream(raw, 1 << 16));
            out.write(MAGIC);
        }

        @Override
        public synchronized void frame(
                Channel channel, int type, byte[] buffer, int offset, int length, long receivedNanos) {
            try {
                out.writeByte(channel.ordinal());
                out.writeInt(type);
                out.writeLong(receivedNanos);
                out.writeInt(length);
                out.write(buffer, offset, length);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException("recording could not be written: " + e.getMessage(), e);
            }
        }

        @Override
        public synchronized void close() throws IOException {
            out.close();
        }
    }

    /** Reads a recording back, in batches. */
    public static final class Reader implements FrameReader {
        private static final int BATCH = 256;

        private final Path file;
        private final DataInputStream in;
        private byte[] buffer = new byte[1 << 16];

        /** @throws IOException when the file is no recording; the message names it */
        public Reader(Path file) throws IOException {
            this.file = file;
            this.in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16));
            if (!Arrays.equals(in.readNBytes(MAGIC.length), MAGIC)) {
                in.close();
                throw new IOException(file + ": no Vigilant recording: it does not begin with VIGILR01");
            }
        }

        @Override
        public int read(FrameSink sink) throws IOException {
            int count = 0;
            while (count < BATCH) {
                int channel = in.read();
                if (channel < 0) {
                    return count == 0 ? -1 : count;
                }
                int type;
                long receivedNanos;
                int length;
                try {
                    type = in.readInt();
                    receivedNanos = in.readLong();
                    length = in.readInt();
                    if (channel >= CHANNELS.length || length < 0 || length > MAX_FRAME) {
                        throw new IOException(
                                file + ": damaged: a frame with channel " + channel + " and length " + length);
                    }
                    if (length > buffer.length) {
                        buffer = new byte[length];
                    }
                    in.readFully(buffer, 0, length);
                } catch (EOFException torn) {
                    throw new IOException(
                            file + ": ends in the middle of a frame; what came before was replayed", torn);
                }
                sink.frame(CHANNELS[channel], type, buffer, 0, length, receivedNanos);
                count++;
            }
            return count;
        }

        @Override
        public int fd() {
            return -1;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
