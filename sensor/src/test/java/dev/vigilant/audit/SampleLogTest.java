// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vigilant.counter.Counter;
import dev.vigilant.counter.Counters;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.source.FileSystems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The log that ships: all records of a real machine. */
class SampleLogTest {
    static final Path SAMPLE = Path.of("../src/samples/audit/debian-12-linux-6.18.log");

    @Test
    void sampleIsDecodedWithoutRest() throws Exception {
        List<KernelEvent> events = new ArrayList<>();
        Counters counters = new Counters();
        AuditDecoder decoder = new AuditDecoder(events::add, counters, FileSystems.NONE, AuditDecoder.Options.FILE);
        try (AuditLogReader reader = new AuditLogReader(List.of(SAMPLE), counters)) {
            while (reader.read(decoder) >= 0) {
                // Reads on to the end.
            }
        }
        decoder.finish();

        assertThat(Records.rejected(counters)).isZero();
        assertThat(counters.get(Counter.EVENTS_INCOMPLETE)).isZero();
        assertThat(events).hasSize(500).allMatch(e -> e.context().complete());
    }
}
