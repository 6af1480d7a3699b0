// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.enrich;

import dev.vigilant.event.ProcFacts;
import dev.vigilant.event.Process;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The processes of the node by pid, with those that ended a moment ago: records of one source may arrive after another
 * source told the exit.
 *
 * <p>Threading: the enriching stage. Allocation: one entry a process.
 *
 * <h2>Memory</h2>
 *
 * Bounded twice: an entry leaves {@link #LINGER_NANOS} after its exit, and above {@link #MAX_ENTRIES} the ended ones leave
 * first, then the oldest. A lineage is cut at {@link Process#MAX_DEPTH}.
 */
final class ProcessTable {
    /** How long an ended process stays known, in event time. */
    static final long LINGER_NANOS = 30_000_000_000L;

    /** More processes than a node has; a fork bomb stops here. */
    static final int MAX_ENTRIES = 131_072;

    /** What is known of one pid. */
    static final class Entry {
        /** The image that the event stream has come to. */
        Process process;
        /** Images that the process connector told of before the event stream told the exec, oldest first. */
        final ArrayDeque<Image> ahead = new ArrayDeque<>(2);

        /** Whether it ran a program of its own since it was forked. */
        boolean executed;

        /** Whether it calls itself a runtime's process that becomes the container's with its next exec. */
        boolean preparing;

        int depth;
        long exitNanos;
        /** Id of the container that a runtime process was asked to set up or enter, by its arguments. */
        @Nullable
        String runtimeTarget;
        /** What it was forked from, while the event stream has not come to the exec that made it. */
        @Nullable
        Origin origin;
        /** What /proc said for an exec of which no source has told yet. */
        @Nullable
        ProcFacts announced;
        /** What /proc said of an exec that it had come to when an earlier one was noticed. */
        @Nullable
        Process later;

        Entry(Process process, int depth) {
            this.process = process;
            this.depth = depth;
        }

        /**
         * What /proc said of the exec with these arguments. A program that executes another at once is gone when /proc is read:
         * then that tells of the other, which is told apart by its arguments, and of which the next reading may find nothing.
         *
         * @param noticed what was read when the exec was noticed
         */
        Process seen(Process noticed, List<String> args) {
            Process before = later;
            later = null;
            if (!Lineage.mayHave(noticed, args)) {
                later = noticed;
                return Lineage.withoutEnvironment(noticed);
            }
            if (before != null && noticed.args().isEmpty() && before.args().equals(args)) {
                return before;
            }
            return noticed;
        }

        /** The newest image known from any source: what a fork copies. */
        Process newest() {
            Image last = ahead.peekLast();
            return last == null ? process : last.noticed;
        }
    }

    /** A program that a process runs since a moment; noticed first, told in full by its record later. */
    static final class Image {
        final Process noticed;
        final long sinceNanos;

        @Nullable
        Process told;

        Image(Process noticed, long sinceNanos) {
            this.noticed = noticed;
            this.sinceNanos = sinceNanos;
        }
    }

    /** Where a fork came from: the parent, and the image that it ran when that was only noticed. */
    record Origin(Entry parent, @Nullable Image image) {
        /** The parent's image as its record told it, or null while that has not come. */
        @Nullable
        Process told() {
            if (image != null) {
                return image.told;
            }
            return parent.origin == null ? parent.process : null;
        }
    }

    private record Ended(int pid, long exitNanos) {}

    private final Map<Integer, Entry> entries = new HashMap<>();
    private final ArrayDeque<Ended> ended = new ArrayDeque<>();

    @Nullable
    Entry get(int pid) {
        return entries.get(pid);
    }

    Entry put(Process process, @Nullable Entry parent) {
        int depth = parent == null ? 0 : parent.depth + 1;
        Process kept = process;
        if (depth > 2 * Process.MAX_DEPTH) {
            depth = Process.MAX_DEPTH;
            kept = Lineage.cut(process, Process.MAX_DEPTH);
        }
        Entry entry = new Entry(kept, depth);
        if (parent != null) {
            entry.runtimeTarget = parent.runtimeTarget;
            Image image = parent.ahead.peekLast();
            if (image != null || parent.origin != null) {
                entry.origin = new Origin(parent, image);
            }
        }
        if (entries.size() >= MAX_ENTRIES) {
            evictOne();
        }
        entries.put(process.pid(), entry);
        return entry;
    }

    void exited(int pid, long timeNanos) {
        Entry entry = entries.get(pid);
        if (entry != null && entry.exitNanos == 0) {
            entry.exitNanos = timeNanos;
            ended.add(new Ended(pid, timeNanos));
        }
    }

    /** Forgets what ended long before {@code nowNanos}, in event time. */
    void expire(long nowNanos) {
        while (!ended.isEmpty() && nowNanos - ended.peek().exitNanos() > LINGER_NANOS) {
            forget(ended.poll());
        }
    }

    int size() {
        return entries.size();
    }

    private void evictOne() {
        if (!ended.isEmpty()) {
            forget(ended.poll());
            return;
        }
        Iterator<Integer> pids = entries.keySet().iterator();
        pids.next();
        pids.remove();
    }

    private void forget(Ended one) {
        Entry entry = entries.get(one.pid());
        // A reused pid has an entry of its own that did not end then.
        if (entry != null && entry.exitNanos == one.exitNanos()) {
            entries.remove(one.pid());
        }
    }
}
