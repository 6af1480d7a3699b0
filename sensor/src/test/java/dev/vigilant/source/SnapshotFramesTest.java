// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vigilant.counter.Counter;
import dev.vigilant.counter.Counters;
import dev.vigilant.event.KernelEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SnapshotFramesTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            PROC_FACTS | null
            CONTAINER  | null
            PROC_FACTS | {"pid": 1, "args": []}
            CONTAINER  | {"id": "a", "hostNamespaces": [], "mounts": [], "labels": {}}
            CONTAINER  | {"id": "a", "runtime": "runc", "hostNamespaces": [], "mounts": [{"source": "/"}], "labels": {}}
            """)
    void snapshotThatLacksWhatItMustHaveIsCountedAndNoEvent(Channel channel, String json) {
        Counters counters = new Counters();
        List<KernelEvent> events = new ArrayList<>();
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);

        new SnapshotFrames(events::add, counters).frame(channel, 0, bytes, 0, bytes.length, 7);

        assertThat(events).isEmpty();
        assertThat(counters.get(Counter.SNAPSHOTS_UNREADABLE)).isEqualTo(1);
    }
}
