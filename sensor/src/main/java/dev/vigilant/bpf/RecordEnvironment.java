// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.bpf;

import dev.vigilant.bpf.BpfRecord.Kind;
import dev.vigilant.bpf.BpfRecord.Tag;
import dev.vigilant.source.EnvironmentDemand;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The environment of an exec's record: the entries whose keys the kernel was asked for, and, where more is asked than keys,
 * how all of it begins.
 *
 * <p>Threading: the sensor thread. Allocation: the entries of an environment that is there.
 */
final class RecordEnvironment {
    private static final int BY_KEY = 0;
    private static final int BEGINNING = 1;

    private final BpfRecord record = new BpfRecord();

    /** The entries of a record; none when there is no environment. */
    static Map<String, String> of(BpfRecord record) {
        if (record.find(Tag.ENVIRONMENT, BY_KEY) < 0 && record.find(Tag.ENVIRONMENT, BEGINNING) < 0) {
            return Map.of();
        }
        Map<String, String> all = new LinkedHashMap<>(entries(record, BY_KEY));
        entries(record, BEGINNING).forEach(all::putIfAbsent);
        return all;
    }

    private static Map<String, String> entries(BpfRecord record, int argument) {
        String text = new String(record.bytes(Tag.ENVIRONMENT, argument), StandardCharsets.UTF_8);
        return EnvironmentDemand.WHOLE.wanted(List.of(text.split("\0", -1)));
    }

    /**
     * Takes out of a record's bytes what nobody asks for, so that it goes no further. Bytes that are no record stay.
     *
     * @return how long the record is then
     */
    int cut(byte[] buffer, int offset, int length, EnvironmentDemand demand) {
        if (demand.whole() || !record.at(buffer, offset, length) || record.kind() != Kind.EXEC) {
            return length;
        }
        int shorter = cut(buffer, offset, length, demand, BEGINNING);
        record.at(buffer, offset, shorter);
        return cut(buffer, offset, shorter, demand, BY_KEY);
    }

    private int cut(byte[] buffer, int offset, int length, EnvironmentDemand demand, int argument) {
        int at = record.find(Tag.ENVIRONMENT, argument);
        if (at < 0) {
            return length;
        }
        int before = record.length(at);
        int kept = 0;
        for (int from = at; from < at + before; ) {
            int zero = from;
            while (zero < at + before && buffer[zero] != 0) {
                zero++;
            }
            if (demand.wants(new String(buffer, from, zero - from, StandardCharsets.UTF_8))) {
                System.arraycopy(buffer, from, buffer, at + kept, zero - from);
                kept += zero - from;
                if (kept < before) {
                    buffer[at + kept] = 0;
                    kept++;
                }
            }
            from = zero + 1;
        }
        record.setLength(at, kept);
        int end = at + (before + 7 & ~7);
        int newEnd = at + (kept + 7 & ~7);
        Arrays.fill(buffer, at + kept, newEnd, (byte) 0);
        int rest = Math.max(0, offset + length - end);
        System.arraycopy(buffer, Math.min(end, offset + length), buffer, newEnd, rest);
        Arrays.fill(buffer, newEnd + rest, offset + length, (byte) 0);
        return newEnd + rest - offset;
    }
}
