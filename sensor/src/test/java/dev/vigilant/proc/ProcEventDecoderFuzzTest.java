// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.proc;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.vigilant.counter.Counter;
import dev.vigilant.counter.Counters;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.event.ProcessExit;
import dev.vigilant.event.ProcessFork;
import dev.vigilant.event.ProcessRename;
import dev.vigilant.source.Allocation;
import dev.vigilant.source.Channel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a frame of the process connector holds, it is at most one event, made of the frame's own bytes. */
class ProcEventDecoderFuzzTest {
    private static final int AROUND = 8;

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "4s")
    void anyFrameIsOneEventOrIsCounted(byte[] frame) {
        Allocation.within(100_000, () -> {
            String event = decode(frame, (byte) 0);
            if (!event.equals(decode(frame, (byte) 0x7f))) {
                throw new AssertionError("what lies beyond the frame was read: " + event);
            }
        });
    }

    private static String decode(byte[] frame, byte around) {
        byte[] buffer = new byte[AROUND + frame.length + AROUND * 8];
        Arrays.fill(buffer, around);
        System.arraycopy(frame, 0, buffer, AROUND, frame.length);
        Counters counters = new Counters();
        List<KernelEvent> events = new ArrayList<>();
        new ProcEventDecoder(events::add, counters).frame(Channel.PROC_CONNECTOR, 0, buffer, AROUND, frame.length, 77);
        if (events.size() + counters.get(Counter.PROC_CONTROL_MESSAGES) > 1) {
            throw new AssertionError("one frame, and " + events + " and counted");
        }
        return events.isEmpty() ? "" : text(events.get(0));
    }

    /** All that the frame told; the context has no text of its own. */
    private static String text(KernelEvent event) {
        String who = event.kind() + " " + event.context().actor();
        return who
                + switch (event.kind()) {
                    case PROCESS_FORK -> ((ProcessFork) event).childPid();
                    case PROCESS_EXIT -> ((ProcessExit) event).exitCode() + " " + ((ProcessExit) event).signal();
                    case PROCESS_RENAME -> ((ProcessRename) event).name();
                    default -> "";
                };
    }

    static Stream<byte[]> seeds() {
        return Stream.of(
                bytes(0x1, 100, 100, 200, 200),
                bytes(0x2, 200, 200),
                bytes(0x200, 200, 200, 0x65636f6e, 0x00584658, 0, 0),
                bytes(0x80000000, 200, 200, 9, 17, 100, 100),
                bytes(0x80, 1, 1));
    }

    private static byte[] bytes(int what, int... words) {
        ByteBuffer out = ByteBuffer.allocate(16 + 4 * words.length).order(ByteOrder.nativeOrder());
        out.putInt(what).putInt(1).putLong(123);
        for (int word : words) {
            out.putInt(word);
        }
        return out.array();
    }
}
