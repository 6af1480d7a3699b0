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
import java.util.concurrent.locks.ReentrantLock;

/**
 * How a stage waits for its next slot. The first blocks until the producer signals. One behind another blocks until that one
 * hands on ({@link #handOn}), which it does for what is urgent; anything else waits up to {@value #PATIENCE_NANOS} ns. A
 * thread that is woken for each event costs more than most stages do for it.
 *
 * <p>Threading: producer and stages. Allocation: none, but for a queue entry of the lock when a stage blocks.
 */
final class ParkingWaitStrategy implements WaitStrategy {
    private static final int SPINS = 200;
    private static final long PATIENCE_NANOS = 20_000_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition published = lock.newCondition();
    private final Condition handedOn = lock.newCondition();
    /** Set by a stage before it blocks, so that whoever signals takes the lock only when one may be blocked. */
    private final AtomicBoolean blocked = new AtomicBoolean();

    private final AtomicBoolean blockedBehind = new AtomicBoolean();

    @Override
    public long waitFor(long sequence, Sequence cursor, Sequence dependentSequence, SequenceBarrier barrier)
            throws AlertException, InterruptedException {
        if (dependentSequence == cursor) {
            if (cursor.get() < sequence) {
                awaitPublished(sequence, cursor, barrier);
            }
            return cursor.get();
        }
        long available = dependentSequence.get();
        for (int spins = 0; available < sequence; spins++) {
            barrier.checkAlert();
            if (spins < SPINS) {
                Thread.onSpinWait();
            } else {
                awaitHandedOn(sequence, dependentSequence);
            }
            available = dependentSequence.get();
        }
        return available;
    }

    @SuppressWarnings("WaitNotInLoop") // the caller asks again
    private void awaitHandedOn(long sequence, Sequence before) throws InterruptedException {
        lock.lock();
        try {
            blockedBehind.set(true);
            // Asked again after the mark is set: who did not see the mark has moved its sequence before.
            if (before.get() < sequence) {
                handedOn.awaitNanos(PATIENCE_NANOS);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Wakes the stages that wait for another; that one has moved its sequence already. */
    void handOn() {
        if (blockedBehind.getAndSet(false)) {
            lock.lock();
            try {
                handedOn.signalAll();
            } finally {
                lock.unlock();
            }
        }
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
