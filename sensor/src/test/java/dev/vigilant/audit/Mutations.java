// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.audit;

import dev.vigilant.counter.Counter;
import dev.vigilant.source.Channel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Records of a real log, broken at random, into a decoder that must neither throw nor lose count. */
final class Mutations {
    static final Path SAMPLE = Path.of("../src/samples/audit/debian-12-linux-6.18.log");

    private static final String[] TOKENS = {
        "=",
        "\"",
        " ",
        "'",
        "msg='",
        "\u001d",
        "{",
        "}",
        "(null)",
        "a0=",
        "a1_len=",
        "a1[0]=",
        "ffffffff",
        "0x",
        "-",
        "\0",
        "name=",
        "saddr=",
        "exit=-9223372036854775808",
        "items=",
        "..",
        "//",
        "audit(",
        "9".repeat(25),
        "\u00e4",
        "dev=",
        ":"
    };

    private final Random random;
    private final List<byte[]> records = new ArrayList<>();
    private final List<Long> serials = new ArrayList<>();
    private final List<Integer> types = new ArrayList<>();
    private final int[] allTypes;
    private final byte[] buffer = new byte[16 << 10];

    Mutations(long seed, Path log) throws IOException {
        random = new Random(seed);
        for (String line : Files.readAllLines(log, StandardCharsets.UTF_8)) {
            int message = line.indexOf(" msg=");
            int body = line.indexOf("): ", message) + 2;
            records.add(line.substring(body).getBytes(StandardCharsets.UTF_8));
            serials.add(Long.parseLong(line.substring(line.lastIndexOf(':', body - 2) + 1, body - 2)));
            types.add(RecordType.number(line.substring(5, message)));
        }
        List<Integer> all = new ArrayList<>();
        for (int type = 1000; type < 2200; type++) {
            if (!RecordType.name(type).startsWith("UNKNOWN")) {
                all.add(type);
            }
        }
        allTypes = all.stream().mapToInt(i -> i).toArray();
    }

    /** Feeds so many records, whole and broken, and checks the account. */
    void feed(Records into, long count) {
        long time = Records.TIME;
        for (long i = 0; i < count; i++) {
            int index = random.nextInt(8) > 0 ? (int) (i % records.size()) : random.nextInt(records.size());
            byte[] record = records.get(index);
            int length = begin(record, serials.get(index) + 10_000 * (i / records.size()));
            int type = types.get(index);
            if (random.nextInt(4) > 0) {
                length = mutate(record, length);
            }
            if (random.nextInt(10) == 0) {
                type = random.nextInt(20) == 0 ? random.nextInt() : allTypes[random.nextInt(allTypes.length)];
            }
            time += random.nextInt(1_000_000);
            into.decoder.frame(Channel.AUDIT, type, buffer, 0, length, time);
            if (random.nextInt(20) == 0) {
                // The end of the event, so that groups stay of all sizes.
                int head = headEnd(length);
                into.decoder.frame(Channel.AUDIT, RecordType.EOE, buffer, 0, head, time);
            }
            into.events.clear();
        }
        into.decoder.finish();
        into.events.clear();
        long in = into.count(Counter.RECORDS_IN);
        long out = into.count(Counter.RECORDS_IN_EVENTS) + Records.rejected(into.counters);
        if (in != out) {
            throw new AssertionError("records in " + in + ", accounted for " + out);
        }
        if (into.count(Counter.LOST_DECODER_ERROR) > 0) {
            throw new AssertionError("the decoder failed on " + into.decoder.rejects());
        }
    }

    /** A record of the log with a serial of its own for each time round. */
    private int begin(byte[] record, long serial) {
        byte[] head = ("audit(1795491000.000:" + serial + "):").getBytes(StandardCharsets.US_ASCII);
        int length = Math.min(record.length, buffer.length - head.length);
        System.arraycopy(head, 0, buffer, 0, head.length);
        System.arraycopy(record, 0, buffer, head.length, length);
        return head.length + length;
    }

    private int headEnd(int length) {
        for (int i = 0; i + 1 < length; i++) {
            if (buffer[i] == ')') {
                return i + 2;
            }
        }
        return length;
    }

    private int mutate(byte[] record, int start) {
        int length = start;
        // Mostly behind the head: a broken head is rejected at once.
        int from = random.nextInt(20) == 0 ? 0 : Math.min(headEnd(length), length);
        for (int n = 1 + random.nextInt(4); n > 0 && length > from; n--) {
            int at = from + random.nextInt(length - from);
            switch (random.nextInt(6)) {
                case 0 -> buffer[at] = (byte) random.nextInt(256);
                case 1 -> length = at;
                case 2 -> length = remove(at, Math.min(1 + random.nextInt(30), length - at), length);
                case 3 ->
                    length = insert(at, TOKENS[random.nextInt(TOKENS.length)].getBytes(StandardCharsets.UTF_8), length);
                case 4 -> {
                    int pieceStart = random.nextInt(record.length);
                    int pieceEnd = Math.min(record.length, pieceStart + random.nextInt(200));
                    length = insert(at, Arrays.copyOfRange(record, pieceStart, pieceEnd), length);
                }
                default -> buffer[at] ^= (byte) (1 << random.nextInt(8));
            }
        }
        return length;
    }

    private int remove(int at, int count, int length) {
        System.arraycopy(buffer, at + count, buffer, at, length - at - count);
        return length - count;
    }

    private int insert(int at, byte[] text, int length) {
        if (length + text.length > buffer.length) {
            return length;
        }
        System.arraycopy(buffer, at, buffer, at + text.length, length - at);
        System.arraycopy(text, 0, buffer, at, text.length);
        return length + text.length;
    }
}
