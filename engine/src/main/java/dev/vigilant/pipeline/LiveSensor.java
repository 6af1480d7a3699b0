// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.pipeline;

import dev.vigilant.audit.AuditRules;
import dev.vigilant.bpf.BpfSensor;
import dev.vigilant.bpf.RecordDecoder;
import dev.vigilant.counter.Counters;
import dev.vigilant.event.Actor;
import dev.vigilant.event.ClockTick;
import dev.vigilant.event.Context;
import dev.vigilant.event.Origin;
import dev.vigilant.jna.Poller;
import dev.vigilant.source.Channel;
import dev.vigilant.source.EnvironmentDemand;
import dev.vigilant.source.EventSink;
import dev.vigilant.source.FrameSink;
import dev.vigilant.source.Interest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The sensor of this node: eBPF programs beside kernel audit for what only audit tells, or audit with the process
 * connector. One thread reads.
 *
 * <p>Threading: the thread that calls {@link #run} is the sensor thread; {@link #stop} may come from any. Allocation: the
 * events.
 *
 * <h2>Order</h2>
 *
 * With audit, the process connector is read before audit: what it tells of a process is needed to understand the records. The
 * eBPF programs tell all of that in order, and are read before audit too.
 *
 * <h2>Stop</h2>
 *
 * First our rules and programs go, so that nothing new comes; then what the kernel still holds is read; then audit is given
 * back.
 */
public final class LiveSensor implements AutoCloseable {
    private static final int TICK_MILLIS = 100;
    private static final long HEALTH_NANOS = 1_000_000_000L;
    private static final long DRAIN_NANOS = 3_000_000_000L;
    private static final int QUIET_MILLIS = 50;

    /** Records that wake the reader twice within this time come in numbers: then it looks at the rings by the clock. */
    private static final long BURST_NANOS = 1_000_000;

    /** How long it lets records gather meanwhile: waking costs a program whose record does it a microsecond and more. */
    private static final long NAP_NANOS = 500_000;

    /**
     * How to sense.
     *
     * @param sensor auto, ebpf or audit
     * @param bpf how the eBPF programs are loaded
     * @param mode of audit: auto, owner or listener
     * @param backlogLimit records that the kernel keeps for us, in owner mode
     * @param complete whether processes wait rather than lose records, in owner mode
     * @param receiveBuffer bytes of the netlink buffers
     * @param root the host's root directory
     * @param stateDirectory where what was changed is remembered
     */
    public record Settings(
            String sensor,
            BpfSensor.Settings bpf,
            String mode,
            int backlogLimit,
            boolean complete,
            int receiveBuffer,
            Path root,
            Path stateDirectory) {}

    private final Counters counters;
    private final EventSink events;
    private final @Nullable FrameSink recorder;
    private final @Nullable BpfSensor bpf;
    private final @Nullable AuditSource audit;
    private final ProcSource proc;
    private final RecordDecoder bpfDecoder;
    private final List<String> blindSpots = new ArrayList<>();
    private final Poller poller;
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final Wishes wishes = new Wishes();
    private long nextHealthNanos;
    private long nextTickNanos;
    private boolean closed;
    private boolean bursting;
    private boolean byClock;
    private long wokenNanos;

    /**
     * Attaches the programs or takes audit, and looks at all processes.
     *
     * @param programs loaded with the same settings
     * @param interests what the rules want
     * @param events where decoded events go
     * @param recorder also gets every frame, or null
     * @throws IOException when neither can be had; the message says why and what helps
     */
    public LiveSensor(
            Settings settings,
            Programs programs,
            List<Interest> interests,
            EventSink events,
            @Nullable FrameSink recorder,
            Counters counters)
            throws IOException {
        this.counters = counters;
        this.events = events;
        this.recorder = recorder;
        this.bpfDecoder = new RecordDecoder(events, counters, false);
        this.bpf = programs.take();
        this.proc = new ProcSource(settings, events, recorder, counters, bpf == null);
        try {
            this.audit = openAudit(settings, interests);
            if (bpf != null) {
                blindSpots.addAll(bpf.missing());
                bpf.want(interests);
                bpf.start();
            }
            this.poller = new Poller(fds());
            proc.want(EnvironmentDemand.of(interests));
            proc.scan(now());
        } catch (IOException | RuntimeException e) {
            closeAll();
            throw e;
        }
    }

    /** Beside eBPF, audit needs no rules: what it tells without being asked (seccomp, logins, its own state) is all it is for. */
    private @Nullable AuditSource openAudit(Settings settings, List<Interest> interests) throws IOException {
        if (bpf == null) {
            AuditRules rules =
                    AuditRules.of(interests, (int) ProcessHandle.current().pid());
            blindSpots.addAll(rules.blindSpots());
            return new AuditSource(settings, rules, events, counters);
        }
        try {
            return new AuditSource(settings, AuditRules.NONE, events, counters);
        } catch (IOException e) {
            blindSpots.add(
                    "what only audit tells (seccomp, security modules, logins, audit's own state): " + e.getMessage());
            return null;
        }
    }

    private int[] fds() {
        IntStream.Builder fds = IntStream.builder();
        if (bpf != null) {
            Arrays.stream(bpf.fds()).forEach(fds);
        }
        proc.fds().forEach(fds);
        if (audit != null) {
            fds.add(audit.fd());
        }
        return fds.build().toArray();
    }

    /** What is sensed and how, for the line that says ready. */
    public String describe() {
        List<String> parts = new ArrayList<>();
        if (bpf != null) {
            parts.add("ebpf");
        }
        if (audit != null) {
            parts.add("audit " + audit.describe());
        }
        if (proc.connected()) {
            parts.add("process connector");
        }
        return String.join(" + ", parts);
    }

    /** What this sensor cannot see of what the rules want, a sentence each. */
    public List<String> blindSpots() {
        return List.copyOf(blindSpots);
    }

    /** Senses until {@link #stop}, then until what the kernel holds is read. */
    public void run() throws IOException {
        while (!stopping.get()) {
            wishes.grant(this::tell);
            int count = readAll();
            if (count == 0) {
                count = restAndRead();
            }
            if (count == 0 || now() >= nextTickNanos) {
                tick();
            }
        }
        drain();
    }

    /**
     * Says what is wanted from now on, without anything being attached anew: what was wanted before and is still wanted is sensed
     * all the time. Any thread; the sensor thread does it soon.
     *
     * @return done when the kernel has been told; failed when it refused, and then some of the new may be sensed already
     */
    public CompletableFuture<@Nullable Void> want(List<Interest> interests) {
        CompletableFuture<@Nullable Void> done = wishes.add(interests);
        poller.wake();
        return done;
    }

    private void tell(List<Interest> interests) throws IOException {
        proc.want(EnvironmentDemand.of(interests));
        if (bpf != null) {
            bpf.want(interests);
        } else if (audit != null) {
            audit.want(AuditRules.of(interests, (int) ProcessHandle.current().pid()));
        }
    }

    private int restAndRead() throws IOException {
        if (bursting) {
            LockSupport.parkNanos(NAP_NANOS);
            int count = readAll();
            // With nothing left records wake again, and once more is looked for what came before they did.
            bursting = count > 0 || byClock;
            readByClock(count > 0);
            return count;
        }
        if (!poller.await(TICK_MILLIS)) {
            return 0;
        }
        long now = System.nanoTime();
        bursting = bpf != null && now - wokenNanos < BURST_NANOS;
        readByClock(bursting);
        wokenNanos = now;
        return readAll();
    }

    private void readByClock(boolean is) {
        if (bpf != null && is != byClock) {
            byClock = is;
            bpf.readByClock(is);
        }
    }

    private void drain() throws IOException {
        readByClock(false);
        if (bpf != null) {
            bpf.stop();
        }
        if (audit != null) {
            audit.quiesce();
        }
        long deadline = System.nanoTime() + DRAIN_NANOS;
        while (System.nanoTime() < deadline && (readAll() > 0 || (poller.await(QUIET_MILLIS) && readAll() > 0))) {
            // Reads on until it is quiet.
        }
        if (audit != null) {
            audit.finish();
        }
        tick();
    }

    private int readAll() throws IOException {
        int count = bpf == null ? 0 : bpf.read(this::frame);
        count += proc.read(this::frame);
        return audit == null ? count : count + audit.read(this::frame);
    }

    private void frame(Channel channel, int type, byte[] buffer, int offset, int length, long receivedNanos) {
        switch (channel) {
            case AUDIT -> {
                if (audit != null) {
                    audit.frame(channel, type, buffer, offset, length, receivedNanos);
                }
            }
            case PROC_CONNECTOR -> proc.frame(channel, type, buffer, offset, length, receivedNanos);
            case BPF -> bpfDecoder.frame(channel, type, buffer, offset, length, receivedNanos);
            case PROC_FACTS, CONTAINER, HEALTH -> throw new IllegalArgumentException(channel + " is no kernel's");
        }
        // After decoding, so that a recording has the snapshot of an exec before the exec, as the ring has.
        if (recorder != null) {
            recorder.frame(channel, type, buffer, offset, length, receivedNanos);
        }
    }

    private void tick() throws IOException {
        long now = now();
        nextTickNanos = now + TICK_MILLIS * 1_000_000L;
        if (audit != null) {
            audit.flush(now);
        }
        if (now >= nextHealthNanos) {
            nextHealthNanos = now + HEALTH_NANOS;
            if (audit != null) {
                audit.look(now);
            }
        }
        if (bpf != null) {
            bpf.tellLoss(events, counters, now);
        }
        events.event(new ClockTick(Context.of(now, Origin.SENSOR, Actor.NONE)));
    }

    private static long now() {
        return System.currentTimeMillis() * 1_000_000L;
    }

    /** Ends {@link #run} soon. */
    public void stop() {
        stopping.set(true);
        poller.wake();
    }

    private void closeAll() throws IOException {
        try {
            if (audit != null) {
                audit.close();
            }
            proc.close();
        } finally {
            if (bpf != null) {
                bpf.close();
            }
        }
    }

    /** Gives audit back as it was, and takes the programs away. */
    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try (poller) {
            closeAll();
        }
    }
}
