// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.audit;

import dev.vigilant.counter.Counter;
import java.nio.file.Path;

/** The mutation test at length: {@code DecoderFuzz COUNT [SEED [LOG]]}. */
final class DecoderFuzz {
    private DecoderFuzz() {}

    public static void main(String[] args) throws Exception {
        long count = Long.parseLong(args[0]);
        long seed = args.length > 1 ? Long.parseLong(args[1]) : 1;
        Path log = args.length > 2 ? Path.of(args[2]) : Mutations.SAMPLE;
        long start = System.nanoTime();
        Records live = new Records(AuditDecoder.Options.LIVE);
        new Mutations(seed, log).feed(live, count / 2);
        Records file = new Records(AuditDecoder.Options.FILE);
        new Mutations(seed + 1, log).feed(file, count - count / 2);
        System.out.printf(
                "%,d records in %.1f s; in events live %,d, file %,d; rejected live %,d, file %,d%n",
                count,
                (System.nanoTime() - start) / 1e9,
                live.count(Counter.RECORDS_IN_EVENTS),
                file.count(Counter.RECORDS_IN_EVENTS),
                Records.rejected(live.counters),
                Records.rejected(file.counters));
    }
}
