// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.pipeline;

import com.lmax.disruptor.AlertException;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.SequenceBarrier;
import com.lmax.disruptor.WaitStrategy;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How a stage waits for its next slot. For one that is not published yet it blocks until the producer signals. For one that
 * only the stage before still has, it spins shortly and then parks, each time twice as long, from {@value #SHORTEST_NANOS}
 * up to {@value #LONGEST_NANOS} ns: Disruptor's own blocking strategies spin there, which keeps a core busy for each stage
 * that is faster than the one before it.
 *
 * <p>Threading: producer and stages. Allocation: none, but for a queue entry of the lock when a stage blocks.
 */
final class ParkingWaitStrategy implements WaitStrategy {
    private static final int SPINS = 200;
    private static final long SHORTEST_NANOS = 20_000;
    private static final long LONGEST_NANOS = 640_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition published = lock.newCondition();
    /** Set by a stage before it blocks, so that the producer takes the lock only when one may be blocked. */
    private final AtomicBoolean blocked = new AtomicBoolean();

    @Override
    public long waitFor(long sequence, Sequence cursor, Sequence dependentSequence, SequenceBarrier barrier)
            throws AlertException, InterruptedException {
        if (cursor.get() < sequence) {
            awaitPublished(sequence, cursor, barrier);
        }
        long park = SHORTEST_NANOS;
        long available = dependentSequence.get();
        for (int spins = 0; available < sequence; spins++) {
            barrier.checkAlert();
            if (spins < SPINS) {
                Thread.onSpinWait();
            } else {
                LockSupport.parkNanos(park);
                park = Math.min(2 * park, LONGEST_NANOS);
            }
            available = dependentSequence.get();
        }
        return available;
    }

    private void awaitPublished(long sequence, Sequence cursor, SequenceBarrier barrier)
            throws AlertException, InterruptedException {
        lock.lock();
        try {
            while (true) {
                blocked.set(true);
                // Asked again after the mark is set: a producer that did not see the mark has published before.
                if (cursor.get() >= sequence) {
                    return;
                }
                barrier.checkAlert();
                published.await(1, TimeUnit.SECONDS);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void signalAllWhenBlocking() {
        if (blocked.getAndSet(false)) {
            lock.lock();
            try {
                published.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }
}
