// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.audit;

import dev.vigilant.counter.Counter;
import dev.vigilant.counter.Counters;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.source.Channel;
import dev.vigilant.source.FileSystems;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A decoder that is fed lines as auditd writes them, and what came out of it. */
final class Records {
    static final long TIME = 1_795_491_000_000_000_000L;

    final List<KernelEvent> events = new ArrayList<>();
    final Counters counters = new Counters();
    final AuditDecoder decoder;

    Records(AuditDecoder.Options options) {
        this(options, FileSystems.NONE);
    }

    Records(AuditDecoder.Options options, FileSystems fileSystems) {
        decoder = new AuditDecoder(events::add, counters, fileSystems, options);
    }

    /** The one event of the lines, which may leave out the head: {@code TYPE fields}. */
    static KernelEvent event(String lines) {
        Records records = new Records(AuditDecoder.Options.LIVE);
        for (String line : lines.lines().toList()) {
            int blank = line.indexOf(' ');
            records.record(line.substring(0, blank), 7, line.substring(blank + 1));
        }
        records.record("EOE", 7, "");
        records.decoder.finish();
        if (records.events.size() != 1) {
            throw new AssertionError("not one event: " + records.events);
        }
        return records.events.get(0);
    }

    /** The event of a syscall on x86_64: arguments as in the record, then its companions' lines. */
    static <E extends KernelEvent> E syscall(Class<E> type, int number, String rest, String companions) {
        return type.cast(event("SYSCALL arch=c000003e syscall=" + number + " " + rest
                + " items=1 ppid=16368 pid=16372 auid=4242 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0"
                + " tty=(none) ses=1 comm=\"act\" exe=\"/usr/bin/act\" subj=unconfined key=\"k\"\n" + companions));
    }

    void record(String type, long serial, String fields) {
        record(type, TIME, serial, fields, TIME);
    }

    void record(String type, long timeNanos, long serial, String fields, long receivedNanos) {
        long millis = timeNanos / 1_000_000;
        frame(
                RecordType.number(type),
                String.format("audit(%d.%03d:%d): %s", millis / 1000, millis % 1000, serial, fields),
                receivedNanos);
    }

    void frame(int type, String text, long receivedNanos) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        decoder.frame(Channel.AUDIT, type, bytes, 0, bytes.length, receivedNanos);
    }

    long count(Counter counter) {
        return counters.get(counter);
    }

    static long rejected(Counters counters) {
        long sum = 0;
        for (Counter counter : Counter.values()) {
            if (counter.name().startsWith("REJECTED_")) {
                sum += counters.get(counter);
            }
        }
        return sum;
    }
}
