// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryFile;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.vigilant.counter.Counter;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.source.Allocation;
import dev.vigilant.source.Channel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever records come, the decoder neither throws nor loses count, and takes no more memory than they are worth.
 *
 * <pre>
 *  input    options line...
 *  options  bit 0: records of the kernel, not of a file
 *  line     control text newline
 *  control  bits 0-2: which of eight events the record belongs to
 *           bits 3-4: time that passes before it: none, 10 ms, 300 ms, 3 s
 *           bit 5: the text is a frame as it is, without a head put before it
 *  text     TYPE, a blank, fields
 * </pre>
 */
class AuditDecoderFuzzTest {
    private static final long[] PASSES = {0, 10_000_000L, 300_000_000L, 3_000_000_000L};
    private static final int RAW = 0x20;
    private static final byte[] HEAD = "audit(1795491000.000:7000000): ".getBytes(StandardCharsets.US_ASCII);
    private static final int LAST_DIGIT = HEAD.length - 4;
    private static long inputs;
    private static long fed;

    private long now;

    @MethodSource("seeds")
    @DictionaryFile(resourcePath = "audit.dict")
    @FuzzTest(maxDuration = "10s")
    void anyRecordsBecomeEventsOrAreCounted(byte[] input) {
        boolean live = input.length > 0 && (input[0] & 1) != 0;
        Allocation.within(2_000_000 + 500L * input.length, () -> {
            Records records = new Records(live ? AuditDecoder.Options.LIVE : AuditDecoder.Options.FILE);
            now = Records.TIME;
            int lines = feed(records, input);
            records.decoder.finish();
            inputs++;
            fed += lines;
            check(records, lines);
        });
    }

    private int feed(Records records, byte[] input) {
        int lines = 0;
        int start = 1;
        for (int at = 1; at <= input.length; at++) {
            if (at == input.length || input[at] == '\n') {
                if (at > start) {
                    line(records, input, start, at);
                    lines++;
                }
                start = at + 1;
            }
        }
        return lines;
    }

    private void line(Records records, byte[] input, int start, int end) {
        int control = input[start];
        now += PASSES[control >> 3 & 3];
        int type = start + 1;
        int text = type;
        while (text < end && input[text] != ' ') {
            text++;
        }
        int number = RecordType.number(new String(input, type, text - type, StandardCharsets.ISO_8859_1));
        text = Math.min(text + 1, end);
        if ((control & RAW) != 0) {
            records.decoder.frame(Channel.AUDIT, number, input, text, end - text, now);
            return;
        }
        byte[] bytes = Arrays.copyOf(HEAD, HEAD.length + end - text);
        bytes[LAST_DIGIT] = (byte) ('0' + (control & 7));
        System.arraycopy(input, text, bytes, HEAD.length, end - text);
        records.decoder.frame(Channel.AUDIT, number, bytes, 0, bytes.length, now);
    }

    private static void check(Records records, int lines) {
        long in = records.count(Counter.RECORDS_IN);
        long accounted = records.count(Counter.RECORDS_IN_EVENTS) + Records.rejected(records.counters);
        if (in != lines || in != accounted || records.count(Counter.LOST_DECODER_ERROR) > 0) {
            throw new AssertionError("fed " + lines + ", in " + in + ", accounted for " + accounted
                    + ", the decoder's own errors " + records.count(Counter.LOST_DECODER_ERROR) + ": "
                    + records.decoder.rejects());
        }
        if (records.events.size() > lines * 2) {
            throw new AssertionError(records.events.size() + " events of " + lines + " records");
        }
        for (KernelEvent event : records.events) {
            if (event.kind() == null || event.toString().isEmpty()) {
                throw new AssertionError("an event without a kind or text");
            }
        }
    }

    @AfterAll
    static void tellHowMany() {
        System.out.printf("audit decoder: %,d records in %,d inputs%n", fed, inputs);
    }

    /** Events of the sample logs: one of each syscall with each company of records, alone and woven into another. */
    static Stream<byte[]> seeds() throws IOException {
        Stream.Builder<byte[]> seeds = Stream.builder();
        Set<String> seen = new HashSet<>();
        for (Path log : logs()) {
            ByteArrayOutputStream seed = new ByteArrayOutputStream();
            StringBuilder shape = new StringBuilder();
            String serial = "";
            int number = 0;
            for (String line : Files.readAllLines(log, StandardCharsets.UTF_8)) {
                int message = line.indexOf(" msg=");
                int body = line.indexOf("): ", message);
                String type = line.substring("type=".length(), message);
                String next = line.substring(line.lastIndexOf(':', body), body);
                if (!next.equals(serial)) {
                    if (seen.add(shape.toString()) && seed.size() > 0) {
                        seeds.add(seed.toByteArray());
                    }
                    seed.reset();
                    seed.write(number++ & 1);
                    shape.setLength(0);
                    serial = next;
                }
                String fields = line.substring(body + 3);
                shape.append(type).append(' ');
                if (type.equals("SYSCALL")) {
                    shape.append(fields, 0, fields.indexOf(" success="));
                }
                seed.write('@' + number % 3);
                seed.writeBytes((type + " " + fields + "\n").getBytes(StandardCharsets.UTF_8));
            }
        }
        return seeds.build();
    }

    private static List<Path> logs() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("../src/samples/audit"))) {
            List<Path> logs =
                    files.filter(f -> f.toString().endsWith(".log")).sorted().toList();
            assertThat(logs).isNotEmpty();
            return logs;
        }
    }
}
