// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class AuditStatusTest {
    private static final AuditStatus ORIGINAL = new AuditStatus(0, 1, 0, 0, 64, 0, 0, 15_000, 0, 0x7f);

    @Test
    void readsTheKernelsStructure() {
        ByteBuffer in = ByteBuffer.allocate(44).order(ByteOrder.nativeOrder());
        for (int i = 0; i < 11; i++) {
            in.putInt(100 + i);
        }

        assertThat(AuditStatus.parse(in.array(), 0, 44))
                .isEqualTo(new AuditStatus(101, 102, 103, 104, 105, 106, 107, 109, 110, 108));
    }

    @Test
    void readsTheShorterStructureOfOldKernels() {
        byte[] bytes = ByteBuffer.allocate(44)
                .order(ByteOrder.nativeOrder())
                .putInt(4, 1)
                .putInt(28, 7)
                .array();

        AuditStatus status = AuditStatus.parse(bytes, 0, 32);

        assertThat(status.enabled()).isEqualTo(1);
        assertThat(status.backlog()).isEqualTo(7);
        assertThat(status.backlogWaitTime()).isZero();
    }

    @Test
    void encodedIsWhatIsParsed() {
        AuditStatus status = new AuditStatus(1, 2, 3, 4, 5, 0, 0, 8, 0, 0);
        byte[] bytes = status.encode(AuditStatus.MASK_PID);

        assertThat(AuditStatus.parse(bytes, 0, bytes.length)).isEqualTo(status);
        assertThat(ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).getInt(0))
                .isEqualTo(4);
    }

    @Test
    void onlySettingsThatStandAsAppliedAreToBeRestored() {
        AuditStatus applied = ORIGINAL.with(1, 0, 8192, 0);

        assertThat(applied.changedSince(ORIGINAL, applied))
                .isEqualTo(
                        AuditStatus.MASK_ENABLED | AuditStatus.MASK_BACKLOG_LIMIT | AuditStatus.MASK_BACKLOG_WAIT_TIME);
        assertThat(applied.changedSince(ORIGINAL, ORIGINAL.with(1, 0, 500, 0)))
                .isEqualTo(AuditStatus.MASK_ENABLED | AuditStatus.MASK_BACKLOG_WAIT_TIME);
        assertThat(ORIGINAL.changedSince(ORIGINAL, applied)).isZero();
    }
}
