// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.audit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordTypeTest {
    @ParameterizedTest
    @CsvSource({"1300, SYSCALL", "1326, SECCOMP", "1400, AVC", "1112, USER_LOGIN", "1423, LANDLOCK_ACCESS"})
    void namesRecordTypesBothWays(int number, String name) {
        assertThat(RecordType.name(number)).isEqualTo(name);
        assertThat(RecordType.number(name)).isEqualTo(number);
    }

    @Test
    void unknownRecordTypeKeepsItsNumber() {
        assertThat(RecordType.name(1999)).isEqualTo("UNKNOWN[1999]");
        assertThat(RecordType.number("UNKNOWN[1999]")).isEqualTo(1999);
        assertThat(RecordType.number("UNKNOWN[x]")).isEqualTo(-1);
        assertThat(RecordType.number("NO_SUCH")).isEqualTo(-1);
    }
}
