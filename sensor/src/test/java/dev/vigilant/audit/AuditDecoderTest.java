// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vigilant.counter.Counter;
import dev.vigilant.event.AuditMessage;
import dev.vigilant.event.EventKind;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.event.SensorHealth;
import dev.vigilant.event.UserRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuditDecoderTest {
    private static final String SETUID = "arch=c000003e syscall=105 success=yes exit=0 a0=0 pid=10 comm=\"su\"";
    private static final long SECOND = 1_000_000_000L;

    private final Records live = new Records(AuditDecoder.Options.LIVE);
    private final Records file = new Records(AuditDecoder.Options.FILE);

    @Test
    void emitsEventOnceWhenRecordsInterleave() {
        live.record("SYSCALL", 1, SETUID);
        live.record("SYSCALL", 2, SETUID);
        live.record("PROCTITLE", 2, "proctitle=\"b\"");
        live.record("PROCTITLE", 1, "proctitle=\"a\"");
        live.record("EOE", 2, "");
        live.record("EOE", 1, "");

        assertThat(live.events).extracting(e -> e.context().serial()).containsExactly(2L, 1L);
        assertThat(live.events).allMatch(e -> e.context().complete());
        assertThat(live.count(Counter.RECORDS_IN_EVENTS)).isEqualTo(6);
    }

    @Test
    void sameSerialAtAnotherTimeIsAnotherEvent() {
        live.record("SYSCALL", Records.TIME, 5, SETUID, Records.TIME);
        live.record("SYSCALL", Records.TIME + SECOND, 5, SETUID, Records.TIME);
        live.decoder.finish();

        assertThat(live.events).hasSize(2);
    }

    @Test
    void syscallWithoutItsEndIsToldIncompleteAfterTheTimeout() {
        live.record("SYSCALL", 1, SETUID);
        live.decoder.flush(Records.TIME + 2 * SECOND - 1);
        assertThat(live.events).isEmpty();

        live.decoder.flush(Records.TIME + 2 * SECOND + 1);
        assertThat(live.events).hasSize(1).noneMatch(e -> e.context().complete());
        assertThat(live.count(Counter.EVENTS_INCOMPLETE)).isEqualTo(1);
    }

    @Test
    void recordThatComesAloneIsWholeAfterTheShorterTimeout() {
        live.record("SECCOMP", 1, "pid=3 comm=\"x\" sig=31 arch=c000003e syscall=110 code=0x80000000");
        live.decoder.flush(Records.TIME + SECOND / 4);

        assertThat(live.events).hasSize(1).allMatch(e -> e.context().complete());
    }

    @Test
    void companionsWithoutTheirSyscallAreIncomplete() {
        live.record("CWD", 1, "cwd=\"/\"");
        live.record("PATH", 1, "item=0 name=\"x\"");
        live.record("EOE", 1, "");

        assertThat(live.events).singleElement().isInstanceOf(AuditMessage.class);
        assertThat(live.events).noneMatch(e -> e.context().complete());
    }

    @Test
    void endWithoutAnythingBeforeIsAnIncompleteEvent() {
        live.record("EOE", 1, "");

        assertThat(live.events).singleElement().satisfies(e -> {
            assertThat(((AuditMessage) e).record()).isEqualTo("EOE");
            assertThat(e.context().complete()).isFalse();
        });
    }

    @Test
    void identicalRecordIsCountedAsDuplicate() {
        live.record("SYSCALL", 1, SETUID);
        live.record("SYSCALL", 1, SETUID);
        live.record("EOE", 1, "");

        assertThat(live.events).hasSize(1);
        assertThat(live.count(Counter.REJECTED_DUPLICATE)).isEqualTo(1);
        assertThat(live.decoder.rejects())
                .singleElement()
                .satisfies(r -> assertThat(r.record()).contains("syscall=105"));
    }

    @Test
    void recordOfAClosedEventIsCountedAsLate() {
        live.record("SYSCALL", 1, SETUID);
        live.record("EOE", 1, "");
        live.record("PROCTITLE", 1, "proctitle=\"a\"");

        assertThat(live.events).hasSize(1);
        assertThat(live.count(Counter.REJECTED_LATE)).isEqualTo(1);
    }

    @Test
    void proctitleEndsAnEventOfAFile() {
        file.record("SYSCALL", 1, SETUID);
        file.record("PROCTITLE", 1, "proctitle=\"a\"");
        assertThat(file.events).hasSize(1).allMatch(e -> e.context().complete());

        file.record("EOE", 1, "");
        assertThat(file.count(Counter.RECORDS_IN_EVENTS)).isEqualTo(3);
    }

    @Test
    void recordOfAProgramPassesAtOnce() {
        live.record("USER_LOGIN", 1, "pid=5 uid=0 msg='op=login acct=\"root\" res=failed'");

        assertThat(live.events).singleElement().isInstanceOf(UserRecord.class);
    }

    @Test
    void loginWaitsForTheSyscallBehindIt() {
        live.record("LOGIN", 1, "pid=9 uid=0 old-auid=4294967295 auid=1000 ses=1 res=1");
        live.record(
                "SYSCALL", 1, "arch=c000003e syscall=1 success=yes exit=4 pid=9 comm=\"sshd\" exe=\"/usr/sbin/sshd\"");
        live.record("EOE", 1, "");

        assertThat(live.events).singleElement().satisfies(e -> {
            assertThat(((UserRecord) e).record()).isEqualTo("LOGIN");
            assertThat(((UserRecord) e).fields()).containsEntry("auid", "1000");
            assertThat(e.context().actor().executable()).isEqualTo("/usr/sbin/sshd");
        });
        assertThat(live.count(Counter.REJECTED_LATE)).isZero();
    }

    @Test
    void oldestEventGivesWayWhenTooManyAreOpen() {
        for (int serial = 1; serial <= 600; serial++) {
            live.record("SYSCALL", serial, SETUID);
        }

        assertThat(live.events).hasSize(88);
        assertThat(live.events.get(0).context().serial()).isEqualTo(1);
        assertThat(live.count(Counter.EVENTS_INCOMPLETE)).isEqualTo(88);
    }

    @Test
    void serialThatNeverCameIsToldAsLoss() {
        live.record("USER", 1, "pid=1");
        live.record("USER", 5, "pid=1");
        live.record("USER", 3, "pid=1");
        live.decoder.flush(Records.TIME + 3 * SECOND);

        assertThat(live.count(Counter.LOST_SERIALS)).isEqualTo(2);
        assertThat(live.events)
                .filteredOn(e -> e.kind() == EventKind.SENSOR_HEALTH)
                .singleElement()
                .satisfies(e -> {
                    assertThat(((SensorHealth) e).cause()).isEqualTo("lost_serials");
                    assertThat(((SensorHealth) e).count()).isEqualTo(2);
                });
    }

    @Test
    void filteredLogHasNoLoss() {
        file.record("USER", 1, "pid=1");
        file.record("USER", 500, "pid=1");
        file.decoder.flush(Records.TIME + 3 * SECOND);

        assertThat(file.count(Counter.LOST_SERIALS)).isZero();
    }

    @Test
    void serialsThatBeginAnewAreNoLoss() {
        for (long serial : new long[] {0xfffffffeL, 0xffffffffL, 0, 1, 2}) {
            live.record("SYSCALL", serial, SETUID);
            live.record("EOE", serial, "");
        }
        live.decoder.flush(Records.TIME + 3 * SECOND);

        assertThat(live.events).hasSize(5);
        assertThat(live.count(Counter.LOST_SERIALS)).isZero();
    }

    @Test
    void clockSetBackLeavesNothingOpen() {
        live.record("SYSCALL", Records.TIME, 1, SETUID, Records.TIME);
        live.decoder.flush(Records.TIME - 3600 * SECOND);

        assertThat(live.events).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "audit",
                "audit(",
                "audit(1.2:3): x=1",
                "audit(1.123:): x",
                "audit(a.123:1): x",
                "audit(1.123:1)",
                "audit(9999999999.123:1): x",
                "audit(1.123:1234567890123): x",
                "type=SYSCALL msg=audit(1.123:1): x"
            })
    void rejectsWhatHasNoHead(String text) {
        live.frame(RecordType.SYSCALL, text, Records.TIME);

        assertThat(live.count(Counter.REJECTED_HEADER)).isEqualTo(1);
        assertThat(live.events).isEmpty();
    }

    @Test
    void rejectsWhatIsLongerThanAnyRecord() {
        live.record("SYSCALL", 1, "x".repeat(70_000));

        assertThat(live.count(Counter.REJECTED_LENGTH)).isEqualTo(1);
        assertThat(live.decoder.rejects())
                .singleElement()
                .satisfies(r -> assertThat(r.record()).hasSizeLessThan(3000));
    }

    @Test
    void eventKeepsTheTextOfItsRecords() {
        live.record("SYSCALL", 1, SETUID);
        live.record("PROCTITLE", 1, "proctitle=\"su\"");
        live.record("EOE", 1, "");

        byte[] raw = live.events.get(0).context().raw();
        assertThat(new String(raw, StandardCharsets.UTF_8))
                .contains("syscall=105")
                .endsWith("proctitle=\"su\"\n");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void accountsForEachRecordHoweverTheyAreShuffled(long seed) {
        Random random = new Random(seed);
        List<Object[]> records = new ArrayList<>();
        int events = 300;
        for (long serial = 1; serial <= events; serial++) {
            records.add(new Object[] {"SYSCALL", serial, SETUID});
            records.add(new Object[] {"CWD", serial, "cwd=\"/\""});
            records.add(new Object[] {"PROCTITLE", serial, "proctitle=\"su\""});
            if (random.nextInt(10) > 0) {
                records.add(new Object[] {"EOE", serial, ""});
            }
        }
        for (int i = random.nextInt(50); i > 0; i--) {
            records.add(records.get(random.nextInt(records.size())));
        }
        for (int i = random.nextInt(50); i > 0; i--) {
            records.remove(random.nextInt(records.size()));
        }
        int window = 1 + random.nextInt(40);
        for (int at = 0; at < records.size(); at += window) {
            Collections.shuffle(records.subList(at, Math.min(at + window, records.size())), random);
        }
        for (Object[] r : records) {
            live.record((String) r[0], (long) r[1], (String) r[2]);
        }
        live.decoder.finish();

        assertThat(live.count(Counter.RECORDS_IN)).isEqualTo(records.size());
        assertThat(live.count(Counter.RECORDS_IN_EVENTS) + Records.rejected(live.counters))
                .isEqualTo(records.size());
        assertThat(live.events).extracting(e -> e.context().serial()).doesNotHaveDuplicates();
        long told = records.stream().map(r -> r[1]).distinct().count();
        assertThat(live.events).hasSize((int) told);
        long incomplete =
                live.events.stream().filter(e -> !e.context().complete()).count();
        assertThat(live.count(Counter.EVENTS_INCOMPLETE)).isEqualTo(incomplete);
    }

    @Test
    void brokenEventsOfManyRecordsAreBounded() {
        for (int i = 0; i < 6000; i++) {
            live.record("PATH", 1, "item=" + i + " name=\"x\"");
        }
        live.record("EOE", 1, "");

        KernelEvent event = live.events.get(0);
        assertThat(event.context().complete()).isFalse();
        assertThat(live.count(Counter.RECORDS_IN_EVENTS)).isEqualTo(6001);
    }
}
