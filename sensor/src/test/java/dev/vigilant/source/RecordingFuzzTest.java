// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.source;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.vigilant.audit.AuditDecoder;
import dev.vigilant.bpf.RecordDecoder;
import dev.vigilant.counter.Counters;
import dev.vigilant.event.Capabilities;
import dev.vigilant.event.Container;
import dev.vigilant.event.ContainerSnapshot;
import dev.vigilant.event.Credentials;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.event.ProcFacts;
import dev.vigilant.event.ProcessSnapshot;
import dev.vigilant.proc.ProcEventDecoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever bytes a recording holds, its frames are replayed as far as they go, and damage is told as such. */
class RecordingFuzzTest {
    /** The longest frame that a recording may hold is read into one array. */
    private static final long LONGEST_FRAME = 8 << 20;

    @TempDir
    private static Path directory;

    @MethodSource("seeds")
    @DictionaryEntries({"VIGILR01", "null", "{}", "[]", "audit(1795491000.000:7): ", "\\x00\\x00\\x05\\x14"})
    @FuzzTest(maxDuration = "4s")
    void anyRecordingIsReplayedOrRefusedWithItsName(byte[] input) throws IOException {
        Path file = Files.write(directory.resolve("fuzz.vrec"), input);
        Allocation.within(LONGEST_FRAME + 4_000_000 + 2000L * input.length, () -> replay(file));
    }

    private static void replay(Path file) {
        Counters counters = new Counters();
        List<KernelEvent> events = new ArrayList<>();
        AuditDecoder audit = new AuditDecoder(events::add, counters, FileSystems.NONE, AuditDecoder.Options.LIVE);
        ProcEventDecoder proc = new ProcEventDecoder(events::add, counters);
        RecordDecoder bpf = new RecordDecoder(events::add, counters, false);
        SnapshotFrames snapshots = new SnapshotFrames(events::add, counters);
        try (Recording.Reader reader = new Recording.Reader(file)) {
            while (reader.read((channel, type, buffer, offset, length, time) -> {
                        FrameSink sink = switch (channel) {
                            case AUDIT -> audit;
                            case PROC_CONNECTOR -> proc;
                            case BPF -> bpf;
                            case PROC_FACTS, CONTAINER, HEALTH -> snapshots;
                        };
                        sink.frame(channel, type, buffer, offset, length, time);
                    })
                    >= 0) {
                // Reads on to the end.
            }
        } catch (IOException damaged) {
            if (!damaged.getMessage().startsWith(file.toString())) {
                throw new UncheckedIOException("a message without the file", damaged);
            }
        }
        audit.finish();
        for (KernelEvent event : events) {
            check(event);
        }
    }

    /** What the enriching stage relies on is there, whatever the JSON left out. */
    private static void check(KernelEvent event) {
        if (event instanceof ProcessSnapshot snapshot) {
            ProcFacts facts = snapshot.facts();
            Objects.requireNonNull(facts.name(), "name");
            Objects.requireNonNull(facts.credentials(), "credentials");
        } else if (event instanceof ContainerSnapshot snapshot) {
            Container container = snapshot.description();
            Objects.requireNonNull(container.id(), "id");
            Objects.requireNonNull(container.runtime(), "runtime");
            container.hostPath("/etc/shadow");
        }
    }

    static Stream<byte[]> seeds() throws IOException {
        Path file = directory.resolve("seed.vrec");
        byte[] record = "audit(1795491000.000:7): arch=c000003e syscall=59 pid=1".getBytes(StandardCharsets.UTF_8);
        try (Recording.Writer writer = new Recording.Writer(file)) {
            writer.frame(Channel.AUDIT, 1300, record, 0, record.length, 1);
            writer.frame(Channel.PROC_CONNECTOR, 0, new byte[40], 0, 40, 2);

            SnapshotFrames snapshots = new SnapshotFrames(e -> {}, new Counters());
            snapshots.write(writer, facts(), 3);
            snapshots.write(writer, container(), 4);
            for (Channel channel : Channel.values()) {
                for (String json : List.of("{}", "null", "[]")) {
                    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
                    writer.frame(channel, 0, bytes, 0, bytes.length, 5);
                }
            }
        }
        return Stream.of(Files.readAllBytes(file));
    }

    private static ProcFacts facts() {
        return new ProcFacts(
                7,
                1,
                9,
                "sh",
                "/bin/sh",
                false,
                List.of("sh", "-c"),
                "/",
                Credentials.UNKNOWN,
                "0::/",
                null,
                "pipe:[1]",
                new Capabilities(1, 3),
                7,
                Map.of("LANG", "C"));
    }

    private static Container container() {
        return new Container(
                "web",
                "runc",
                true,
                "web",
                "shop/web:3",
                null,
                7,
                false,
                List.of("pid"),
                List.of(new Container.BindMount("/etc", "/host", false)),
                Map.of("app", "shop"),
                new Container.Pod("u", "p", "n", "c"));
    }
}
