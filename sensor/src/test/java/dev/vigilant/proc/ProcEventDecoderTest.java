// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.proc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.vigilant.counter.Counter;
import dev.vigilant.counter.Counters;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.event.Origin;
import dev.vigilant.event.ProcessExec;
import dev.vigilant.event.ProcessExit;
import dev.vigilant.event.ProcessFork;
import dev.vigilant.event.ProcessRename;
import dev.vigilant.source.Channel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ProcEventDecoderTest {
    private static final int FORK = 1;
    private static final int EXEC = 2;
    private static final int SID = 0x80;
    private static final int COMM = 0x200;
    private static final int EXIT = 0x80000000;

    private final Counters counters = new Counters();
    private final List<KernelEvent> events = new ArrayList<>();
    private final ProcEventDecoder decoder = new ProcEventDecoder(events::add, counters);

    @Test
    void forkOfAProcessNamesParentAndChild() {
        decode(FORK, 101, 100, 200, 200);

        ProcessFork fork = (ProcessFork) events.get(0);
        assertThat(fork.childPid()).isEqualTo(200);
        assertThat(fork.context().actor().pid()).isEqualTo(100);
        assertThat(fork.context().origin()).isEqualTo(Origin.PROC_CONNECTOR);
        assertThat(fork.context().timeNanos()).isEqualTo(77);
    }

    @Test
    void newThreadIsNoEvent() {
        decode(FORK, 100, 100, 201, 100);

        assertThat(events).isEmpty();
    }

    @Test
    void execIsTheNoticeOfAProcess() {
        decode(EXEC, 201, 200);

        assertThat(((ProcessExec) events.get(0)).context().actor().pid()).isEqualTo(200);
    }

    @Test
    void exitTellsStatusOrSignal() {
        decode(EXIT, 200, 200, 3 << 8, 17, 100, 100);
        decode(EXIT, 300, 300, 9 | 0x80, 17, 100, 100);

        assertThat(events)
                .extracting(e -> ((ProcessExit) e).exitCode(), e -> ((ProcessExit) e).signal())
                .containsExactly(tuple(3, 0), tuple(0, 9));
    }

    @Test
    void newNameOfAProcessIsToldButNotOfAThread() {
        decode(COMM, 200, 200, 0x65636f6e, 0x00584658, 0, 0);
        decode(COMM, 201, 200, 0x65636f6e, 0, 0, 0);
        decode(COMM, 200, 200, 0x64636261, 0x64636261, 0x64636261, 0x64636261);

        assertThat(events).extracting(e -> ((ProcessRename) e).name()).containsExactly("noceXFX", "abcdabcdabcdabcd");
    }

    @Test
    void endOfAThreadIsNoEvent() {
        decode(EXIT, 201, 200, 0, 0, 100, 100);

        assertThat(events).isEmpty();
    }

    @Test
    void whatElseComesIsCounted() {
        decode(SID, 1, 1, 0, 0, 0, 0);
        decode(0, 0);

        assertThat(events).isEmpty();
        assertThat(counters.get(Counter.PROC_CONTROL_MESSAGES)).isEqualTo(2);
    }

    @Test
    void cutEventsAreCountedWhateverTheirLength() {
        for (int what : new int[] {FORK, EXEC, COMM, EXIT}) {
            for (int length = 0; length < 24; length++) {
                decoder.frame(Channel.PROC_CONNECTOR, 0, bytes(what, 7, 7, 7, 7, 7, 7), 0, length, 77);
            }
        }
        assertThat(events).isEmpty();
        assertThat(counters.get(Counter.PROC_CONTROL_MESSAGES)).isEqualTo(96);
    }

    @Test
    void anyBytesAreEitherEventsOrCounted() {
        Random random = new Random(7);
        for (int i = 0; i < 10_000; i++) {
            byte[] bytes = new byte[random.nextInt(64)];
            random.nextBytes(bytes);
            decoder.frame(Channel.PROC_CONNECTOR, 0, bytes, 0, bytes.length, 77);
        }
    }

    private void decode(int what, int... words) {
        byte[] bytes = bytes(what, words);
        byte[] shifted = new byte[bytes.length + 3];
        System.arraycopy(bytes, 0, shifted, 3, bytes.length);
        decoder.frame(Channel.PROC_CONNECTOR, 0, shifted, 3, bytes.length, 77);
    }

    /** struct proc_event: what, cpu, timestamp, then the words. */
    private static byte[] bytes(int what, int... words) {
        ByteBuffer out = ByteBuffer.allocate(16 + 24).order(ByteOrder.nativeOrder());
        out.putInt(what).putInt(1).putLong(123);
        for (int word : words) {
            out.putInt(word);
        }
        return out.array();
    }
}
