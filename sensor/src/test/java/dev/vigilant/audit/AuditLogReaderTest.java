// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vigilant.counter.Counter;
import dev.vigilant.counter.Counters;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditLogReaderTest {
    @TempDir
    Path directory;

    private final Counters counters = new Counters();
    private final List<String> frames = new ArrayList<>();
    private final List<Long> times = new ArrayList<>();

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private void read(Path... files) throws IOException {
        try (AuditLogReader reader = new AuditLogReader(List.of(files), counters)) {
            int frameCount = 0;
            int n = reader.read((channel, type, buffer, offset, length, time) -> {
                frames.add(type + " " + new String(buffer, offset, length, StandardCharsets.UTF_8));
                times.add(time);
            });
            while (n >= 0) {
                frameCount += n;
                n = reader.read((channel, type, buffer, offset, length, time) -> {
                    frames.add(type + " " + new String(buffer, offset, length, StandardCharsets.UTF_8));
                    times.add(time);
                });
            }
            assertThat(frameCount).isEqualTo(frames.size());
            assertThat(reader.fd()).isEqualTo(-1);
        }
    }

    @Test
    void handsOverEachLineFromItsHead() throws IOException {
        read(write("audit.log", """
                type=SYSCALL msg=audit(1.002:3): a=1
                node=host1 type=CWD msg=audit(1.002:3): cwd="/"
                type=UNKNOWN[1999] msg=audit(2.003:4): x=y\r
                type=EOE msg=audit(2.003:4):\s"""));

        assertThat(frames)
                .containsExactly(
                        "1300 audit(1.002:3): a=1",
                        "1307 audit(1.002:3): cwd=\"/\"",
                        "1999 audit(2.003:4): x=y",
                        "1320 audit(2.003:4): ");
        assertThat(times).containsExactly(1_002_000_000L, 1_002_000_000L, 2_003_000_000L, 2_003_000_000L);
    }

    /** Wherever a line ends, and whatever bytes stand before. */
    @Test
    void linesOfAnyLengthEndAtTheirNewline() throws IOException {
        StringBuilder text = new StringBuilder();
        List<String> expected = new ArrayList<>();
        for (int length = 0; length < 40; length++) {
            String body =
                    "audit(1.002:3): " + "\t\u000b\u008a\ufffd\u010a".repeat(8).substring(0, length);
            text.append("type=CWD msg=").append(body).append('\n');
            expected.add("1307 " + body);
        }
        read(write("audit.log", text.toString()));

        assertThat(frames).isEqualTo(expected);
    }

    @Test
    void lineThatIsNoRecordIsCounted() throws IOException {
        read(write("audit.log", """
                ----
                time->Tue Nov 24 03:00:00 2026

                type=SYSCALL
                type=NO_SUCH msg=audit(1.002:3): a=1
                type=SYSCALL msg=audit(1.002:3): a=1
                node=
                """));

        assertThat(frames).hasSize(1);
        assertThat(counters.get(Counter.REJECTED_LINE)).isEqualTo(5);
        assertThat(counters.get(Counter.RECORDS_IN)).isEqualTo(5);
    }

    @Test
    void lineWithoutEndIsCutOffAndTheNextOneRead() throws IOException {
        read(
                write(
                        "one.log",
                        "type=PATH msg=audit(1.002:3): " + "x".repeat(600_000) + "\ntype=CWD msg=audit(1.002:3): a\n"),
                write("two.log", "y".repeat(1 << 18)),
                write("three.log", "type=CWD msg=audit(1.002:3): b"));

        assertThat(frames).containsExactly("1307 audit(1.002:3): a", "1307 audit(1.002:3): b");
        assertThat(counters.get(Counter.REJECTED_LENGTH) + counters.get(Counter.REJECTED_LINE))
                .isEqualTo(2);
    }

    @Test
    void readsGzipByItsContent() throws IOException {
        Path file = directory.resolve("audit.log.1");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write("type=CWD msg=audit(1.002:3): a\n".getBytes(StandardCharsets.US_ASCII));
        }
        read(file);

        assertThat(frames).containsExactly("1307 audit(1.002:3): a");
    }

    @Test
    void tornGzipIsNamed() throws IOException {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(whole)) {
            out.write("type=CWD msg=audit(1.002:3): a\n".repeat(50).getBytes(StandardCharsets.US_ASCII));
        }
        Path file = directory.resolve("torn.gz");
        Files.write(file, Arrays.copyOf(whole.toByteArray(), whole.size() - 12));

        assertThatThrownBy(() -> read(file)).isInstanceOf(IOException.class).hasMessageContaining("torn.gz");
        Files.write(file, new byte[] {0x1f, (byte) 0x8b, 0});
        assertThatThrownBy(() -> read(file)).isInstanceOf(IOException.class).hasMessageContaining("torn.gz");
    }

    @Test
    void directoryIsReadOldestFirst() throws IOException {
        write("audit.log", "type=CWD msg=audit(9.002:3): now\n");
        write("audit.log.1", "type=CWD msg=audit(8.002:3): one\n");
        write("audit.log.10", "type=CWD msg=audit(6.002:3): ten\n");
        write("audit.log.2", "type=CWD msg=audit(7.002:3): two\n");
        read(directory);

        assertThat(times).isSorted().hasSize(4);
    }

    @Test
    void datedLogsAreReadOldestFirst() throws IOException {
        write("audit.log", "type=CWD msg=audit(9.002:3): now\n");
        write("audit.log-20261123", "type=CWD msg=audit(8.002:3): one\n");
        write("audit.log-20261101", "type=CWD msg=audit(7.002:3): two\n");
        read(directory);

        assertThat(times).isSorted().hasSize(3);
    }

    @Test
    void emptyDirectoryIsNamed() {
        assertThatThrownBy(() -> new AuditLogReader(List.of(directory), counters))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(directory.toString());
    }

    @Test
    void manyLinesComeInBatches() throws IOException {
        Path file = write("audit.log", "type=CWD msg=audit(1.002:3): cwd=\"/some/where\"\n".repeat(20_000));
        read(file);

        assertThat(frames).hasSize(20_000);
    }
}
