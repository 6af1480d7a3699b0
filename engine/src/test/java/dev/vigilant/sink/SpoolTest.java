// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolTest {
    private static final long SEGMENT = 200;
    private static final long QUOTA = 1 << 20;

    @TempDir
    Path directory;

    @Test
    void givesBackInOrderWhatWasAppended() throws Exception {
        try (Spool spool = open()) {
            append(spool, 0, 20);

            assertThat(drain(spool)).isEqualTo(values(0, 20));
        }
    }

    @Test
    void showsNothingBeforeItIsDurable() throws Exception {
        try (Spool spool = open()) {
            spool.append(bytes("k"), bytes("v"));

            assertThat(spool.next(0)).isNull();
        }
    }

    @Test
    void keepsWhatWasNotAcknowledgedOverARestart() throws Exception {
        try (Spool spool = open()) {
            append(spool, 0, 20);
            drain(spool);
            spool.acknowledge(8);
        }
        try (Spool spool = open()) {
            assertThat(spool.depth()).isEqualTo(13);
            assertThat(drain(spool)).isEqualTo(values(7, 20));
            append(spool, 20, 21);
            assertThat(drain(spool)).isEqualTo(values(20, 21));
        }
    }

    @Test
    void removesSegmentsThatAreDone() throws Exception {
        try (Spool spool = open()) {
            append(spool, 0, 50);
            long before = segments();
            drain(spool);
            spool.acknowledge(51);

            assertThat(before).isGreaterThan(5);
            assertThat(segments()).isEqualTo(1);
            assertThat(spool.depth()).isZero();
        }
    }

    @Test
    void refusesAboveTheQuotaAndTakesAgainAfterDelivery() throws Exception {
        try (Spool spool = Spool.open(directory, SEGMENT, 1000)) {
            int taken = 0;
            while (spool.append(bytes("k"), bytes("value " + taken))) {
                taken++;
            }
            spool.sync();
            assertThat(drain(spool)).hasSize(taken);
            spool.acknowledge(taken + 1);

            assertThat(spool.append(bytes("k"), bytes("more"))).isTrue();
        }
    }

    @Test
    void goesBackToTheFirstUnacknowledgedRecord() throws Exception {
        try (Spool spool = open()) {
            append(spool, 0, 10);
            drain(spool);
            spool.acknowledge(4);
            spool.rewind();

            assertThat(drain(spool)).isEqualTo(values(3, 10));
        }
    }

    /** A crash may leave the last segment cut at any byte: all whole records stay, and appending goes on. */
    @Test
    void cutsATornTailAtAnyByte(@TempDir Path other) throws Exception {
        try (Spool spool = Spool.open(directory, QUOTA, QUOTA)) {
            append(spool, 0, 5);
        }
        Path segment = directory.resolve("00000000000000000001.seg");
        byte[] whole = Files.readAllBytes(segment);
        int record = whole.length / 5;
        for (int length = 0; length < whole.length; length++) {
            Path copy = Files.createDirectories(other.resolve(Integer.toString(length)));
            Files.copy(segment, copy.resolve(segment.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            Files.write(copy.resolve(segment.getFileName()), java.util.Arrays.copyOf(whole, length));
            try (Spool spool = Spool.open(copy, QUOTA, QUOTA)) {
                int kept = length / record;
                append(spool, 100, 101);
                List<String> expected = values(0, kept);
                expected.addAll(values(100, 101));

                assertThat(drain(spool)).as("cut at byte %d", length).isEqualTo(expected);
            }
        }
    }

    @Test
    void survivesDamageOfTheAcknowledgedFileByDeliveringAgain() throws Exception {
        try (Spool spool = open()) {
            append(spool, 0, 3);
        }
        Files.writeString(directory.resolve("acknowledged"), "garbage");
        try (Spool spool = open()) {
            assertThat(drain(spool)).isEqualTo(values(0, 3));
        }
    }

    @Test
    void takesOnForeverBelowAQuotaThatIsSmallerThanASegment() throws Exception {
        try (Spool spool = Spool.open(directory, 1 << 20, 2000)) {
            for (int i = 0; i < 1000; i++) {
                append(spool, i, i + 1);
                assertThat(drain(spool)).isEqualTo(values(i, i + 1));
                spool.acknowledge(i + 2);
            }
        }
    }

    /** On a full disk nothing can be noted, but what is delivered must go, or the disk stays full. */
    @Test
    void makesRoomWhenADeliveryCannotBeNoted() throws Exception {
        Path inTheWay = Files.createDirectory(directory.resolve("acknowledged.new"));
        try (Spool spool = open()) {
            append(spool, 0, 20);
            drain(spool);

            assertThat(spool.acknowledge(21)).isFalse();
            assertThat(spool.depth()).isZero();
            assertThat(segmentBytes()).isZero();
            Files.delete(inTheWay);
            append(spool, 20, 22);
            assertThat(drain(spool)).isEqualTo(values(20, 22));
            assertThat(spool.acknowledge(22)).isTrue();
        }
        try (Spool spool = open()) {
            assertThat(drain(spool)).isEqualTo(values(21, 22));
        }
    }

    private long segmentBytes() throws IOException {
        long bytes = 0;
        try (var files = Files.newDirectoryStream(directory, "*.seg")) {
            for (Path file : files) {
                bytes += Files.size(file);
            }
        }
        return bytes;
    }

    private Spool open() throws IOException {
        return Spool.open(directory, SEGMENT, QUOTA);
    }

    private long segments() throws IOException {
        try (var files = Files.list(directory)) {
            return files.filter(f -> f.toString().endsWith(".seg")).count();
        }
    }

    private static void append(Spool spool, int from, int to) throws IOException {
        for (String value : values(from, to)) {
            assertThat(spool.append(bytes("key"), bytes(value))).isTrue();
        }
        spool.sync();
    }

    private static List<String> drain(Spool spool) throws Exception {
        List<String> found = new ArrayList<>();
        for (Spool.Entry e = spool.next(0); e != null; e = spool.next(0)) {
            assertThat(e.key()).isEqualTo(bytes("key").length == e.key().length ? bytes("key") : bytes("k"));
            found.add(new String(e.value(), StandardCharsets.UTF_8));
        }
        return found;
    }

    private static List<String> values(int from, int to) {
        List<String> values = new ArrayList<>();
        for (int i = from; i < to; i++) {
            values.add(String.format("value %03d", i));
        }
        return values;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
