// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.audit;

import com.code_intelligence.jazzer.junit.DictionaryFile;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.vigilant.counter.Counter;
import dev.vigilant.source.Allocation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever bytes a log file holds, each line is a record that is accounted for, and damage is told as such. */
class AuditLogReaderFuzzTest {
    @TempDir
    private static Path directory;

    @MethodSource("seeds")
    @DictionaryFile(resourcePath = "audit.dict")
    @FuzzTest(maxDuration = "4s")
    void anyFileIsReadToItsEndOrRefusedWithItsName(byte[] input) throws IOException {
        Path log = Files.write(directory.resolve("audit.log"), input);
        Allocation.within(4_000_000 + 2000L * input.length, () -> read(log));
    }

    private static void read(Path log) {
        Records records = new Records(AuditDecoder.Options.FILE);
        try (AuditLogReader reader = new AuditLogReader(List.of(log), records.counters)) {
            while (reader.read(records.decoder) >= 0) {
                // Reads on to the end.
            }
        } catch (IOException damaged) {
            if (!damaged.getMessage().startsWith(log.toString())) {
                throw new UncheckedIOException("a message without the file", damaged);
            }
        }
        records.decoder.finish();
        long in = records.count(Counter.RECORDS_IN);
        long accounted = records.count(Counter.RECORDS_IN_EVENTS) + Records.rejected(records.counters);
        if (in != accounted || records.count(Counter.LOST_DECODER_ERROR) > 0) {
            throw new AssertionError("in " + in + ", accounted for " + accounted + ": " + records.decoder.rejects());
        }
    }

    static Stream<byte[]> seeds() throws IOException {
        byte[] log = Files.readAllBytes(Path.of("../src/samples/audit/escape.log"));
        String some = new String(log, 0, 3000, StandardCharsets.UTF_8);
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(log, 0, 3000);
        }
        return Stream.of(
                some.getBytes(StandardCharsets.UTF_8),
                some.replace("type=", "node=web.example type=")
                        .replace("\n", "\r\n")
                        .getBytes(StandardCharsets.UTF_8),
                packed.toByteArray(),
                "type=UNKNOWN[1999] msg=audit(1.000:1): a=\u001dA=b\n\n# no record\ntype=EOE msg=audit(1.000:1): "
                        .getBytes(StandardCharsets.UTF_8));
    }
}
