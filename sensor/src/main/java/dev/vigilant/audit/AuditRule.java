// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.audit;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One rule of the kernel's exit filter, as struct audit_rule_data of linux/audit.h:
 *
 * <pre>
 *     0 flags   4 action   8 field_count
 *    12 mask[64]           one bit a syscall
 *   268 fields[64]  524 values[64]  780 fieldflags[64]
 *  1036 buflen  1040 buf   strings of fields, in order
 * </pre>
 */
public final class AuditRule {
    /** Operators and fields of linux/audit.h. */
    static final int EQUAL = 0x40000000;

    static final int NOT_EQUAL = 0x30000000;
    static final int LESS = 0x10000000;
    static final int LESS_OR_EQUAL = 0x50000000;
    static final int GREATER = 0x20000000;
    static final int GREATER_OR_EQUAL = 0x60000000;
    static final int ANY_BIT = 0x08000000;

    static final int FIELD_PID = 0;
    static final int FIELD_ARCH = 11;
    static final int FIELD_SADDR_FAM = 113;
    static final int FIELD_ARG0 = 200;

    private static final int FIELD_KEY = 210;
    private static final int FILTER_EXIT = 4;
    private static final int PREPEND = 0x10;
    private static final int NEVER = 0;
    private static final int ALWAYS = 2;
    private static final int MASK = 12;
    private static final int FIELDS = 268;
    private static final int VALUES = 524;
    private static final int FLAGS = 780;
    private static final int BUFLEN = 1036;
    private static final int BUF = 1040;
    private static final int MAX_FIELDS = 64;
    private static final int SYSCALLS = 64 * 32;

    private final byte[] bytes;

    /** A comparison in a rule. */
    record Field(int field, int operator, int value) {
        @Override
        public String toString() {
            String name = switch (field) {
                case FIELD_PID -> "pid";
                case FIELD_ARCH -> "arch";
                case FIELD_SADDR_FAM -> "saddr_fam";
                case FIELD_ARG0, FIELD_ARG0 + 1, FIELD_ARG0 + 2, FIELD_ARG0 + 3 -> "a" + (field - FIELD_ARG0);
                default -> "field" + field;
            };
            String sign = switch (operator) {
                case EQUAL -> "=";
                case NOT_EQUAL -> "!=";
                case LESS -> "<";
                case LESS_OR_EQUAL -> "<=";
                case GREATER -> ">";
                case GREATER_OR_EQUAL -> ">=";
                case ANY_BIT -> "&";
                default -> "?";
            };
            return name + sign + (field == FIELD_PID ? Integer.toString(value) : "0x" + Integer.toHexString(value));
        }
    }

    AuditRule(byte[] bytes) {
        this.bytes = bytes.clone();
    }

    /** A rule that records the syscalls when all fields hold. */
    static AuditRule always(Collection<Integer> syscalls, List<Field> fields, String key) {
        return encode(FILTER_EXIT, ALWAYS, syscalls, fields, key);
    }

    /** A rule, before all others, that keeps any syscall from being recorded when all fields hold. */
    static AuditRule never(List<Field> fields, String key) {
        List<Integer> all = new ArrayList<>();
        for (int i = 0; i < SYSCALLS; i++) {
            all.add(i);
        }
        return encode(FILTER_EXIT | PREPEND, NEVER, all, fields, key);
    }

    private static AuditRule encode(
            int flags, int action, Collection<Integer> syscalls, List<Field> fields, String key) {
        byte[] keyBytes = key.getBytes(StandardCharsets.UTF_8);
        ByteBuffer out = ByteBuffer.allocate(BUF + keyBytes.length).order(ByteOrder.nativeOrder());
        out.putInt(0, flags).putInt(4, action).putInt(8, fields.size() + 1);
        for (int syscall : syscalls) {
            int at = MASK + syscall / 32 * 4;
            out.putInt(at, out.getInt(at) | 1 << syscall % 32);
        }
        int i = 0;
        for (Field field : fields) {
            out.putInt(FIELDS + i * 4, field.field())
                    .putInt(VALUES + i * 4, field.value())
                    .putInt(FLAGS + i * 4, field.operator());
            i++;
        }
        out.putInt(FIELDS + i * 4, FIELD_KEY)
                .putInt(VALUES + i * 4, keyBytes.length)
                .putInt(FLAGS + i * 4, EQUAL);
        out.putInt(BUFLEN, keyBytes.length).put(BUF, keyBytes);
        return new AuditRule(out.array());
    }

    byte[] bytes() {
        return bytes.clone();
    }

    /** The rule's key, null if it has none. */
    public @Nullable String key() {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        if (bytes.length < BUF) {
            return null;
        }
        int count = Math.min(in.getInt(8), MAX_FIELDS);
        int at = BUF;
        for (int i = 0; i < count; i++) {
            int field = in.getInt(FIELDS + i * 4);
            int length = in.getInt(VALUES + i * 4);
            if (!hasString(field)) {
                continue;
            }
            if (length < 0 || length > bytes.length - at) {
                return null;
            }
            if (field == FIELD_KEY) {
                return new String(bytes, at, length, StandardCharsets.UTF_8);
            }
            at += length;
        }
        return null;
    }

    /** Fields whose value is the length of a string: subj, obj, watch, dir, exe, filterkey. */
    private static boolean hasString(int field) {
        return (field >= 13 && field <= 17)
                || (field >= 19 && field <= 23)
                || field == 105
                || field == 107
                || field == FIELD_KEY
                || field == 112;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof AuditRule rule && Arrays.equals(rule.bytes, bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** The syscalls that the rule is about. */
    Set<Integer> syscalls() {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        Set<Integer> syscalls = new TreeSet<>();
        for (int i = 0; bytes.length >= BUF && i < SYSCALLS; i++) {
            if ((in.getInt(MASK + i / 32 * 4) & 1 << i % 32) != 0) {
                syscalls.add(i);
            }
        }
        return syscalls;
    }

    /** The comparisons but those with strings. */
    List<Field> fields() {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        List<Field> fields = new ArrayList<>();
        int count = bytes.length < BUF ? 0 : Math.min(in.getInt(8), MAX_FIELDS);
        for (int i = 0; i < count; i++) {
            int field = in.getInt(FIELDS + i * 4);
            if (!hasString(field)) {
                fields.add(new Field(field, in.getInt(FLAGS + i * 4), in.getInt(VALUES + i * 4)));
            }
        }
        return fields;
    }

    /** As auditctl writes it, with numbers for syscalls. */
    @Override
    public String toString() {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        if (bytes.length < BUF) {
            return "rule of " + bytes.length + " bytes";
        }
        StringBuilder text = new StringBuilder(in.getInt(4) == NEVER ? "never" : "always")
                .append((in.getInt(0) & ~PREPEND) == FILTER_EXIT ? ",exit" : ",list " + in.getInt(0));
        Set<Integer> syscalls = syscalls();
        text.append(" -S ")
                .append(
                        syscalls.size() == SYSCALLS
                                ? "all"
                                : syscalls.stream().map(String::valueOf).collect(Collectors.joining(",")));
        for (Field field : fields()) {
            text.append(" -F ").append(field);
        }
        return text.append(" -k ").append(key()).toString();
    }
}
