// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.pipeline;

import com.lmax.disruptor.EventHandler;
import com.lmax.disruptor.EventTranslatorOneArg;
import com.lmax.disruptor.ExceptionHandler;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.TimeoutException;
import com.lmax.disruptor.dsl.Disruptor;
import com.lmax.disruptor.dsl.EventHandlerGroup;
import com.lmax.disruptor.dsl.ProducerType;
import dev.vigilant.counter.Counters;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.source.EventSink;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ring and its stages, for what is sensed live; a replay has {@link InlinePipeline}.
 *
 * <p>Threading: one producer calls {@link #event}; each stage has a thread of its own. Allocation: none beyond the events.
 *
 * <h2>Loss</h2>
 *
 * Nothing is lost here: the producer waits for room. Live, what the kernel tells meanwhile gathers in its own buffers, which
 * know what may be lost first, and count it.
 */
public final class Pipeline implements EventSink, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Pipeline.class);

    private static final EventTranslatorOneArg<Slot, KernelEvent> FILL = (slot, sequence, event) -> slot.fill(event);

    private final Disruptor<Slot> disruptor;
    private final RingBuffer<Slot> ring;
    private final ParkingWaitStrategy waiting = new ParkingWaitStrategy();
    /** So many slots are handed on at the latest, lest the ring fills up behind a stage that sleeps. */
    private final int handOnEach;

    private final StageGuard guard;
    private final CountDownLatch started;

    /**
     * Starts the stages.
     *
     * @param slots size of the ring, a power of two
     * @param stages in the order in which a slot passes them; those of one list work on it side by side
     */
    public Pipeline(int slots, List<List<Stage>> stages, Counters counters) {
        this.guard = new StageGuard(counters);
        this.started = new CountDownLatch(stages.stream().mapToInt(List::size).sum());
        this.handOnEach = Math.max(1, slots / 4);
        this.disruptor = new Disruptor<>(Slot::new, slots, Pipeline::stageThread, ProducerType.SINGLE, waiting);
        EventHandlerGroup<Slot> group = null;
        for (int i = 0; i < stages.size(); i++) {
            boolean last = i == stages.size() - 1;
            Handler[] handlers = stages.get(i).stream()
                    .map(stage -> new Handler(stage, last))
                    .toArray(Handler[]::new);
            group = group == null ? disruptor.handleEventsWith(handlers) : group.then(handlers);
        }
        disruptor.setDefaultExceptionHandler(new StageFailure());
        this.ring = disruptor.start();
        awaitStart();
    }

    private static Thread stageThread(Runnable run) {
        Thread thread = new Thread(run, "vigilant-stage");
        thread.setDaemon(true);
        return thread;
    }

    /** Runs a stage on each slot, and tells the next when it should not wait. */
    private final class Handler implements EventHandler<Slot> {
        private final Stage stage;
        private final boolean last;
        private @Nullable Sequence progress;

        Handler(Stage stage, boolean last) {
            this.stage = stage;
            this.last = last;
        }

        @Override
        public void setSequenceCallback(Sequence sequence) {
            progress = sequence;
        }

        @Override
        public void onStart() {
            started.countDown();
        }

        @Override
        public void onEvent(Slot slot, long sequence, boolean endOfBatch) {
            guard.run(stage, slot, endOfBatch);
            if (last) {
                slot.clear();
            } else if (slot.hasNews() || sequence % handOnEach == 0) {
                handOn(sequence);
            }
        }

        private void handOn(long sequence) {
            if (progress != null) {
                progress.set(sequence);
            }
            waiting.handOn();
        }
    }

    /** A shutdown does not wait for a stage that does not run yet, so nothing is published before all run. */
    private void awaitStart() {
        try {
            started.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the stages started", e);
        }
    }

    @Override
    public void event(KernelEvent event) {
        ring.publishEvent(FILL, event);
    }

    /** Slots that wait for a stage. */
    public long backlog() {
        return ring.getBufferSize() - ring.remainingCapacity();
    }

    /** Waits until every published event has passed all stages, and ends them. */
    @Override
    public void close() {
        try {
            disruptor.shutdown(60, TimeUnit.SECONDS);
        } catch (TimeoutException stuck) {
            LOG.error("{} events were not decided on: a stage is stuck", backlog());
            disruptor.halt();
        }
    }

    /** What reaches here is an Error, and ends the daemon. */
    private static final class StageFailure implements ExceptionHandler<Slot> {
        @Override
        public void handleEventException(Throwable failure, long sequence, Slot slot) {
            LOG.error("the daemon ends: {}", failure.toString(), failure);
            Runtime.getRuntime().halt(70);
        }

        @Override
        public void handleOnStartException(Throwable failure) {
            handleEventException(failure, 0, new Slot());
        }

        @Override
        public void handleOnShutdownException(Throwable failure) {
            LOG.error("a stage did not end cleanly: {}", failure.toString());
        }
    }
}
