// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.bench;

import dev.vigilant.source.Channel;
import dev.vigilant.source.FrameSink;
import java.util.Arrays;

/** Holds records in memory, so that making them is not measured. */
final class EventFrames implements FrameSink {
    /** How many records are made before they are decoded. */
    static final int ROOM = 20_000;

    private byte[] bytes = new byte[16 << 20];
    private int[] ends = new int[2 * ROOM];
    private long[] times = new long[2 * ROOM];
    private int count;
    private int used;

    @Override
    public void frame(Channel channel, int type, byte[] buffer, int offset, int length, long receivedNanos) {
        if (used + length > bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * bytes.length);
        }
        if (count == ends.length) {
            ends = Arrays.copyOf(ends, 2 * count);
            times = Arrays.copyOf(times, 2 * count);
        }
        System.arraycopy(buffer, offset, bytes, used, length);
        used += length;
        ends[count] = used;
        times[count] = receivedNanos;
        count++;
    }

    /** Hands over what is held, and forgets it. */
    void drain(FrameSink sink) {
        int start = 0;
        for (int i = 0; i < count; i++) {
            sink.frame(Channel.BPF, 0, bytes, start, ends[i] - start, times[i]);
            start = ends[i];
        }
        count = 0;
        used = 0;
    }
}
