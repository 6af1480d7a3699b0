// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.vigilant.counter.Counter;
import dev.vigilant.counter.Counters;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LineSinkTest {
    @TempDir
    Path directory;

    private final Counters counters = new Counters();

    @Test
    void appendsALineForEachAlertAndCountsItWhenItStandsThere() throws IOException {
        Path file = Files.writeString(directory.resolve("alerts.json"), "old\n");
        try (LineSink sink = LineSink.file(file, counters)) {
            accept(sink, "one");
            accept(sink, "two");
            assertThat(counters.get(Counter.ALERTS_DELIVERED)).isZero();
            sink.flush();
            assertThat(counters.get(Counter.ALERTS_DELIVERED)).isEqualTo(2);
            accept(sink, "three");
        }
        assertThat(file).hasContent("old\none\ntwo\nthree\n");
    }

    @Test
    void countsWhatAFullDiskDoesNotTakeAndSaysWhatToDo() throws IOException {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full));
        try (LineSink sink = LineSink.file(full, counters)) {
            accept(sink, "one");
            accept(sink, "two");
            assertThatThrownBy(sink::flush)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("/dev/full: No space left on device; free space or name another --sink");
            assertThat(counters.get(Counter.ALERTS_LOST_SINK_BROKEN)).isEqualTo(2);
            sink.flush();
        }
        assertThat(counters.get(Counter.ALERTS_DELIVERED)).isZero();
        assertThat(counters.get(Counter.ALERTS_LOST_SINK_BROKEN)).isEqualTo(2);
    }

    private static void accept(LineSink sink, String json) throws IOException {
        sink.accept(new byte[0], json.getBytes(StandardCharsets.UTF_8));
    }
}
