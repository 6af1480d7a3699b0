// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.vigilant.counter.Counter;
import dev.vigilant.counter.Counters;
import dev.vigilant.event.SensorHealth;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AuditHealthTest {
    private static final int OURS = 42;

    private final List<SensorHealth> told = new ArrayList<>();
    private final Counters counters = new Counters();
    private final AuditHealth health =
            new AuditHealth(OURS, true, 5, event -> told.add((SensorHealth) event), counters);

    @Test
    void staysSilentWhileNothingChanges() {
        see(status(1, OURS, 7), 5);
        see(status(1, OURS, 7), 5);

        assertThat(told).isEmpty();
    }

    @Test
    void tellsHowManyRecordsTheKernelLostSinceTheLastLook() {
        see(status(1, OURS, 7), 5);
        see(status(1, OURS, 10), 5);
        see(status(1, OURS, 10), 5);
        see(status(1, OURS, 14), 5);

        assertThat(told)
                .extracting(SensorHealth::cause, SensorHealth::count)
                .containsExactly(tuple("lost_in_kernel", 3L), tuple("lost_in_kernel", 4L));
        assertThat(counters.get(Counter.LOST_IN_KERNEL)).isEqualTo(7);
    }

    @Test
    void counterThatWasResetIsNoLoss() {
        see(status(1, OURS, 7), 5);
        see(status(1, OURS, 0), 5);
        see(status(1, OURS, 2), 5);

        assertThat(told).extracting(SensorHealth::count).containsExactly(2L);
    }

    @Test
    void tellsOnceThatAuditWasSwitchedOff() {
        see(status(1, OURS, 0), 5);
        see(status(0, OURS, 0), 5);
        see(status(0, OURS, 0), 5);
        see(status(1, OURS, 0), 5);
        see(status(0, OURS, 0), 5);

        assertThat(causes()).containsExactly("audit_disabled", "audit_disabled");
    }

    @Test
    void tellsOnceThatSomebodyElseOwnsAudit() {
        see(status(1, OURS, 0), 5);
        see(status(1, 99, 0), 5);
        see(status(1, 99, 0), 5);

        assertThat(causes()).containsExactly("audit_taken_over");
        assertThat(told.get(0).detail()).contains("pid 99").contains("audit.mode: listener");
    }

    @Test
    void ownersMayComeAndGoBesideAListener() {
        AuditHealth listener = new AuditHealth(0, false, 5, event -> told.add((SensorHealth) event), counters);
        listener.see(status(1, 0, 0), 5, 1);
        listener.see(status(1, 99, 0), 5, 2);
        listener.see(status(1, 0, 0), 5, 3);

        assertThat(told).isEmpty();
    }

    @Test
    void tellsHowManyRulesVanished() {
        see(status(1, OURS, 0), 5);
        see(status(1, OURS, 0), 3);
        see(status(1, OURS, 0), 3);
        see(status(1, OURS, 0), 0);

        assertThat(told)
                .extracting(SensorHealth::cause, SensorHealth::count)
                .containsExactly(tuple("rules_removed", 2L), tuple("rules_removed", 3L));
    }

    @Test
    void eachFindingNamesARemedy() {
        see(status(1, OURS, 0), 5);
        see(status(0, 0, 3), 0);

        assertThat(causes()).containsExactly("lost_in_kernel", "audit_disabled", "audit_taken_over", "rules_removed");
        assertThat(told).allMatch(event -> event.detail().contains(": "));
    }

    private void see(AuditStatus status, int rules) {
        health.see(status, rules, 1_000);
    }

    private List<String> causes() {
        return told.stream().map(SensorHealth::cause).toList();
    }

    private static AuditStatus status(int enabled, int pid, int lost) {
        return new AuditStatus(enabled, 1, pid, 0, 8192, lost, 0, 0, 0, 0);
    }
}
