// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.source;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Holds what runs to the memory that it may allocate, in bytes on its own thread, garbage included. */
public final class Allocation {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Allocation() {}

    /** Runs it and fails when it allocated more, and does so again: the first time it may have loaded classes. */
    public static void within(long bytes, Runnable what) {
        if (of(what) > bytes) {
            long allocated = of(what);
            if (allocated > bytes) {
                throw new AssertionError("allocated " + allocated + " bytes, more than " + bytes);
            }
        }
    }

    private static long of(Runnable what) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        what.run();
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }
}
