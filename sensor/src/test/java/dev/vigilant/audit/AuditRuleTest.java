// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vigilant.audit.AuditRule.Field;
import dev.vigilant.syscall.SyscallTable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The words are those that auditctl 3.0.9 sends for the same rule, seen with strace. */
class AuditRuleTest {
    @Test
    void filterOfAnArgumentIsEncodedAsAuditctlDoes() {
        // auditctl -a always,exit -F arch=b64 -S openat -F 'a2&3' -k vigilant
        AuditRule rule = AuditRule.always(
                List.of(257),
                List.of(
                        new Field(AuditRule.FIELD_ARCH, AuditRule.EQUAL, SyscallTable.X86_64),
                        new Field(AuditRule.FIELD_ARG0 + 2, AuditRule.ANY_BIT, 3)),
                "vigilant");

        assertThat(rule.bytes()).hasSize(1048);
        assertThat(words(rule.bytes()))
                .isEqualTo(new TreeMap<>(Map.ofEntries(
                        Map.entry(0, 0x4),
                        Map.entry(4, 0x2),
                        Map.entry(8, 0x3),
                        Map.entry(12 + 257 / 32 * 4, 0x2),
                        Map.entry(268, 0xb),
                        Map.entry(272, 0xca),
                        Map.entry(276, 0xd2),
                        Map.entry(524, 0xc000003e),
                        Map.entry(528, 0x3),
                        Map.entry(532, 0x8),
                        Map.entry(780, 0x40000000),
                        Map.entry(784, 0x08000000),
                        Map.entry(788, 0x40000000),
                        Map.entry(1036, 0x8),
                        Map.entry(1040, 0x69676976),
                        Map.entry(1044, 0x746e616c))));
    }

    @Test
    void exceptionForOnePidIsEncodedAsAuditctlDoes() {
        // auditctl -A never,exit -S all -F pid=4242 -k vigilant
        AuditRule rule = AuditRule.never(List.of(new Field(AuditRule.FIELD_PID, AuditRule.EQUAL, 4242)), "vigilant");

        Map<Integer, Integer> words = words(rule.bytes());
        for (int i = 0; i < 64; i++) {
            assertThat(words.remove(12 + i * 4)).isEqualTo(-1);
        }
        assertThat(words)
                .isEqualTo(new TreeMap<>(Map.of(
                        0,
                        0x14,
                        8,
                        0x2,
                        272,
                        0xd2,
                        524,
                        4242,
                        528,
                        0x8,
                        780,
                        0x40000000,
                        784,
                        0x40000000,
                        1036,
                        0x8,
                        1040,
                        0x69676976,
                        1044,
                        0x746e616c)));
    }

    @Test
    void keyIsFoundBehindOtherStrings() {
        // exe=/bin/sh, then the key, as the kernel lists them.
        ByteBuffer out = ByteBuffer.allocate(1040 + 10).order(ByteOrder.nativeOrder());
        out.putInt(8, 2)
                .putInt(268, 112)
                .putInt(524, 7)
                .putInt(272, 210)
                .putInt(528, 3)
                .putInt(1036, 10);
        out.put(1040, "/bin/shkey".getBytes(java.nio.charset.StandardCharsets.US_ASCII));

        assertThat(new AuditRule(out.array()).key()).isEqualTo("key");
    }

    @Test
    void ruleWithLyingLengthsHasNoKey() {
        ByteBuffer out = ByteBuffer.allocate(1040 + 4).order(ByteOrder.nativeOrder());
        out.putInt(8, 70).putInt(268, 210).putInt(524, Integer.MAX_VALUE);

        assertThat(new AuditRule(out.array()).key()).isNull();
        assertThat(new AuditRule(new byte[3]).key()).isNull();
        assertThat(new AuditRule(new byte[3])).hasToString("rule of 3 bytes");
    }

    @Test
    void printsItselfAsAuditctlWouldTakeIt() {
        AuditRule rule = AuditRule.always(
                List.of(33, 292),
                List.of(
                        new Field(AuditRule.FIELD_ARCH, AuditRule.EQUAL, SyscallTable.X86_64),
                        new Field(AuditRule.FIELD_ARG0 + 1, AuditRule.LESS_OR_EQUAL, 2)),
                "vigilant");

        assertThat(rule).hasToString("always,exit -S 33,292 -F arch=0xc000003e -F a1<=0x2 -k vigilant");
    }

    /** Offset and value of each 32-bit word that is not 0. */
    private static Map<Integer, Integer> words(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        Map<Integer, Integer> words = new TreeMap<>();
        for (int at = 0; at + 4 <= bytes.length; at += 4) {
            if (in.getInt(at) != 0) {
                words.put(at, in.getInt(at));
            }
        }
        return words;
    }
}
