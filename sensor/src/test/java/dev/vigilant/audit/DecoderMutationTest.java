// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vigilant.counter.Counter;
import dev.vigilant.counter.Counters;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.source.FileSystems;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DecoderMutationTest {
    @Test
    void brokenRecordsOfTheKernelNeitherThrowNorGetLost() throws Exception {
        Records live = new Records(AuditDecoder.Options.LIVE);
        new Mutations(20261124, Mutations.SAMPLE).feed(live, 150_000);

        assertThat(live.count(Counter.RECORDS_IN)).isGreaterThanOrEqualTo(150_000);
    }

    @Test
    void brokenRecordsOfAFileNeitherThrowNorGetLost() throws Exception {
        Records file = new Records(AuditDecoder.Options.FILE);
        new Mutations(42, Mutations.SAMPLE).feed(file, 50_000);

        assertThat(file.count(Counter.RECORDS_IN)).isGreaterThanOrEqualTo(50_000);
    }

    @Test
    void sampleIsDecodedWithoutRest() throws Exception {
        List<KernelEvent> events = new ArrayList<>();
        Counters counters = new Counters();
        AuditDecoder decoder = new AuditDecoder(events::add, counters, FileSystems.NONE, AuditDecoder.Options.FILE);
        try (AuditLogReader reader = new AuditLogReader(List.of(Mutations.SAMPLE), counters)) {
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
