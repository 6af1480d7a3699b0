// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.bpf;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.vigilant.bpf.BpfRecord.Kind;
import dev.vigilant.bpf.BpfRecord.Tag;
import dev.vigilant.counter.Counter;
import dev.vigilant.counter.Counters;
import dev.vigilant.event.Context;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.event.ProcessExec;
import dev.vigilant.event.ProcessSnapshot;
import dev.vigilant.source.Allocation;
import dev.vigilant.source.Channel;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a record of the ring holds, it is one event (two for an exec) made of the record's own bytes, or is counted. */
class RecordDecoderFuzzTest {
    private static final int AROUND = 64;

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "6s")
    void anyRecordIsAnEventOrIsCounted(byte[] record) {
        // An argv of nothing but ends of texts is a text for each byte. Under Jazzer a record that costs 700 bytes was
        // seen to
        // allocate 160,000: what is held here is that a number in the record never becomes a size.
        Allocation.within(400_000 + 300L * record.length, () -> decode(record, (byte) 0));
        String events = told(decode(record, (byte) 0));
        if (!events.equals(told(decode(record, (byte) 0x01)))) {
            throw new AssertionError("what lies beyond the record was read: " + events);
        }
    }

    private static List<KernelEvent> decode(byte[] record, byte around) {
        byte[] buffer = new byte[AROUND + record.length + AROUND];
        Arrays.fill(buffer, around);
        System.arraycopy(record, 0, buffer, AROUND, record.length);
        Counters counters = new Counters();
        List<KernelEvent> events = new ArrayList<>(2);
        new RecordDecoder(events::add, counters, false).frame(Channel.BPF, 0, buffer, AROUND, record.length, 77);
        boolean exec =
                events.size() == 2 && events.get(0) instanceof ProcessSnapshot && events.get(1) instanceof ProcessExec;
        long accounted = counters.get(Counter.REJECTED_BPF_RECORD) + (exec ? 1 : events.size());
        if (accounted != 1 || counters.get(Counter.BPF_RECORDS_IN) != 1) {
            throw new AssertionError("one record, and " + accounted + " told or counted: " + events);
        }
        return events;
    }

    private static String told(List<KernelEvent> events) {
        StringBuilder text = new StringBuilder();
        events.forEach(event -> tell(event, text));
        return text.toString();
    }

    /** All that the record told; a context has no text of its own. */
    private static void tell(KernelEvent event, StringBuilder text) {
        Context context = event.context();
        text.append(event.kind())
                .append(context.actor())
                .append(context.syscall())
                .append(context.arch());
        text.append(context.result()).append(context.outcome()).append(context.complete());
        for (RecordComponent component : event.getClass().getRecordComponents()) {
            try {
                Object value = component.getAccessor().invoke(event);
                text.append(value instanceof Context ? "" : value).append(' ');
            } catch (ReflectiveOperationException e) {
                throw new AssertionError(e);
            }
        }
    }

    static Stream<byte[]> seeds() {
        return Stream.of(
                        MadeRecord.call("openat", -100, 1, 0x241, 0644)
                                .result(3)
                                .text(Tag.PATH, 1, "../etc/shadow")
                                .text(Tag.BASE, 1, "/jail")
                                .file(255, RecordFiles.OWN | RecordFiles.HOST, "proc", "/proc/200/environ"),
                        MadeRecord.of(Kind.EXEC)
                                .arguments(150, 0, 0, 0, 400)
                                .section(Tag.ARGV, 0, new byte[] {'s', 'h', 0, 0})
                                .file(255, 0, "overlay", "/bin/sh")
                                .text(Tag.PATH, 0, "sh")
                                .text(Tag.CWD, 0, "/")
                                .file(0, 0, "sockfs", "")
                                .text(Tag.CGROUP, 2, "/x")
                                .text(Tag.TTY, 0, "pts0"),
                        MadeRecord.of(Kind.FORK).result(201),
                        MadeRecord.of(Kind.EXIT).result(9),
                        MadeRecord.of(Kind.CAPABILITY).arguments(21, 1),
                        MadeRecord.of(Kind.URING)
                                .number(35)
                                .text(Tag.PATH, 1, "x")
                                .text(Tag.BASE, 1, "/a")
                                .text(Tag.PATH, 3, "/y"),
                        MadeRecord.of(Kind.SIGNAL).arguments(9).task(1, 555, "x"),
                        MadeRecord.call("connect", 5, 1, 16)
                                .socket(0, 10, 443, 1, 2, 3)
                                .section(Tag.BYTES, 1, new byte[] {1, 0, '/', 'x', 0}),
                        MadeRecord.call("mount", 1, 1, 1, 0x1000)
                                .text(Tag.PATH, 1, "/mnt")
                                .text(Tag.PATH, 0, "x")
                                .unreadable(Tag.TEXT, 2),
                        MadeRecord.call("capset", 1, 1).numbers(Tag.BYTES, 1, 1, 2, 3, 4, 5, 6),
                        MadeRecord.call("setns", 5, 0).numbers(Tag.NAMESPACE, 0, 0x20000, 77),
                        MadeRecord.call("finit_module", 5, 1).file(0, 0, "ext4", "/m/x.ko.xz"))
                .map(MadeRecord::bytes);
    }
}
