// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.pipeline;

import dev.vigilant.audit.AuditControl;
import dev.vigilant.audit.AuditDecoder;
import dev.vigilant.audit.AuditHealth;
import dev.vigilant.audit.AuditRules;
import dev.vigilant.audit.AuditSession;
import dev.vigilant.audit.NetlinkAuditReader;
import dev.vigilant.counter.Counter;
import dev.vigilant.counter.Counters;
import dev.vigilant.event.Actor;
import dev.vigilant.event.ClockTick;
import dev.vigilant.event.Context;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.event.Origin;
import dev.vigilant.event.ProcFacts;
import dev.vigilant.event.ProcessExec;
import dev.vigilant.event.SensorHealth;
import dev.vigilant.jna.Poller;
import dev.vigilant.proc.MountedFileSystems;
import dev.vigilant.proc.ProcConnectorReader;
import dev.vigilant.proc.ProcEventDecoder;
import dev.vigilant.proc.Procfs;
import dev.vigilant.source.EventSink;
import dev.vigilant.source.FrameSink;
import dev.vigilant.source.Interest;
import dev.vigilant.source.SnapshotFrames;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sensor of this node: kernel audit and the process connector, read by one thread.
 *
 * <p>Threading: the thread that calls {@link #run} is the sensor thread; {@link #stop} may come from any. Allocation: the
 * events.
 *
 * <h2>Order</h2>
 *
 * The process connector is read before audit: what it tells of a process is needed to understand the records. At each exec
 * that it tells, /proc is read at once, while the process is most likely still there.
 *
 * <h2>Stop</h2>
 *
 * First our rules go, so that no new records come; then what the kernel still holds is read; then audit is given back.
 */
public final class LiveSensor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LiveSensor.class);
    private static final int TICK_MILLIS = 100;
    private static final long HEALTH_NANOS = 1_000_000_000L;
    private static final long DRAIN_NANOS = 3_000_000_000L;
    private static final int QUIET_MILLIS = 50;

    /**
     * How to sense.
     *
     * @param mode auto, owner or listener
     * @param backlogLimit records that the kernel keeps for us, in owner mode
     * @param complete whether processes wait rather than lose records, in owner mode
     * @param receiveBuffer bytes of the netlink buffers
     * @param root the host's root directory
     * @param stateDirectory where what was changed is remembered
     */
    public record Settings(
            String mode, int backlogLimit, boolean complete, int receiveBuffer, Path root, Path stateDirectory) {}

    private final Counters counters;
    private final EventSink events;
    private final @Nullable FrameSink recorder;
    private final AuditControl control;
    private final AuditSession session;
    private final NetlinkAuditReader audit;
    private final @Nullable ProcConnectorReader proc;
    private final Procfs procfs;
    private final AuditDecoder auditDecoder;
    private final ProcEventDecoder procDecoder;
    private final SnapshotFrames snapshots;
    private final AuditRules rules;
    private final AuditHealth health;
    private final Poller poller;
    private final AtomicBoolean stopping = new AtomicBoolean();
    private long nextHealthNanos;
    private long nextTickNanos;
    private long ringFullTold;
    private boolean rulesGone;
    private boolean closed;

    /**
     * Takes audit, adds the rules, and looks at all processes.
     *
     * @param interests what the rules want
     * @param events where decoded events go
     * @param recorder also gets every frame, or null
     * @throws IOException when audit cannot be had; the message says why and what helps
     */
    public LiveSensor(
            Settings settings,
            List<Interest> interests,
            EventSink events,
            @Nullable FrameSink recorder,
            Counters counters)
            throws IOException {
        this.counters = counters;
        this.events = events;
        this.recorder = recorder;
        this.rules = AuditRules.of(interests, (int) ProcessHandle.current().pid());
        Path procRoot = settings.root().resolve("proc");
        this.procfs = new Procfs(procRoot, counters);
        this.snapshots = new SnapshotFrames(events, counters);
        this.auditDecoder = new AuditDecoder(
                events,
                counters,
                new MountedFileSystems(procRoot.resolve("self/mountinfo")),
                AuditDecoder.Options.LIVE);
        this.procDecoder = new ProcEventDecoder(this::procEvent, counters);
        this.proc = openProcConnector(settings);
        this.control = new AuditControl();
        this.session = AuditSession.begin(control, settings.stateDirectory());
        try {
            this.audit = openAudit(settings);
            session.install(rules).ifPresent(refused -> LOG.warn("the kernel refuses {}", refused.reason()));
            this.health = new AuditHealth(control.status().pid(), session.ownRules(), events, counters);
        } catch (IOException e) {
            session.close();
            throw e;
        }
        List<Integer> fds = new ArrayList<>(List.of(audit.fd()));
        if (proc != null) {
            fds.add(proc.fd());
        }
        this.poller = new Poller(fds.stream().mapToInt(Integer::intValue).toArray());
        procfs.scan(facts -> snapshot(facts, now()));
    }

    private @Nullable ProcConnectorReader openProcConnector(Settings settings) {
        try {
            return new ProcConnectorReader(settings.receiveBuffer(), counters);
        } catch (IOException e) {
            LOG.warn("no process connector, lineage comes from exec records alone: {}", e.getMessage());
            return null;
        }
    }

    private NetlinkAuditReader openAudit(Settings settings) throws IOException {
        boolean own = settings.mode().equals("owner")
                || (settings.mode().equals("auto") && session.original().pid() == 0);
        if (own && session.original().pid() != 0) {
            throw new IOException(
                    "audit belongs to pid " + session.original().pid() + ": stop it, or run with audit.mode: listener");
        }
        if (own) {
            session.enable(settings.backlogLimit(), settings.complete());
            return NetlinkAuditReader.owner(control.status(), settings.receiveBuffer(), counters);
        }
        NetlinkAuditReader reader = NetlinkAuditReader.listener(settings.receiveBuffer(), counters);
        session.enableOnly();
        return reader;
    }

    /** What is sensed and how, for the line that says ready. */
    public String describe() {
        return "audit " + (audit.isOwner() ? "owner" : "listener") + (proc == null ? "" : " + process connector");
    }

    /** What this sensor cannot see of what the rules want, a sentence each. */
    public List<String> blindSpots() {
        return rules.blindSpots();
    }

    /** Senses until {@link #stop}, then until what the kernel holds is read. */
    public void run() throws IOException {
        while (!stopping.get()) {
            boolean ready = poller.await(TICK_MILLIS);
            int count = ready ? readAll() : 0;
            if (count == 0 || now() >= nextTickNanos) {
                tick();
            }
        }
        drain();
    }

    private void drain() throws IOException {
        rulesGone = true;
        session.removeRules();
        long deadline = System.nanoTime() + DRAIN_NANOS;
        while (System.nanoTime() < deadline && poller.await(QUIET_MILLIS) && readAll() > 0) {
            // Reads on until it is quiet.
        }
        auditDecoder.finish();
        tick();
    }

    private int readAll() throws IOException {
        int count = 0;
        if (proc != null) {
            int n;
            do {
                n = proc.read(this::frame);
                count += n;
            } while (n > 0);
        }
        return count + audit.read(this::frame);
    }

    private void frame(
            dev.vigilant.source.Channel channel, int type, byte[] buffer, int offset, int length, long receivedNanos) {
        switch (channel) {
            case AUDIT -> auditDecoder.frame(channel, type, buffer, offset, length, receivedNanos);
            case PROC_CONNECTOR -> procDecoder.frame(channel, type, buffer, offset, length, receivedNanos);
            case PROC_FACTS, CONTAINER, HEALTH -> throw new IllegalArgumentException(channel + " is no kernel's");
        }
        // After decoding, so that a recording has the snapshot of an exec before the exec, as the ring has.
        if (recorder != null) {
            recorder.frame(channel, type, buffer, offset, length, receivedNanos);
        }
    }

    private void procEvent(KernelEvent event) {
        if (event instanceof ProcessExec) {
            ProcFacts facts = procfs.snapshot(event.context().actor().pid());
            if (facts != null) {
                snapshot(facts, event.context().timeNanos());
            }
        }
        events.event(event);
    }

    private void snapshot(ProcFacts facts, long timeNanos) {
        if (recorder != null) {
            snapshots.write(recorder, facts, timeNanos);
        }
        events.event(new dev.vigilant.event.ProcessSnapshot(
                Context.of(timeNanos, Origin.PROCFS, Actor.ofPid(facts.pid(), facts.ppid())), facts));
    }

    private void tick() throws IOException {
        long now = now();
        nextTickNanos = now + TICK_MILLIS * 1_000_000L;
        auditDecoder.flush(now);
        if (now >= nextHealthNanos && !rulesGone) {
            nextHealthNanos = now + HEALTH_NANOS;
            health.see(control.status(), session.ownRules(), now);
        }
        tellRingFull(now);
        events.event(new ClockTick(Context.of(now, Origin.SENSOR, Actor.NONE)));
    }

    private void tellRingFull(long now) {
        long lost = counters.get(Counter.LOST_RING_FULL);
        if (lost > ringFullTold) {
            events.event(new SensorHealth(
                    Context.of(now, Origin.SENSOR, Actor.NONE),
                    Counter.LOST_RING_FULL.label(),
                    lost - ringFullTold,
                    "rules cannot keep up: load fewer or cheaper ones, or raise ring.slots"));
            ringFullTold = lost;
        }
    }

    private static long now() {
        return System.currentTimeMillis() * 1_000_000L;
    }

    /** Ends {@link #run} soon. */
    public void stop() {
        stopping.set(true);
        poller.wake();
    }

    /** Gives audit back as it was. */
    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try (control;
                poller) {
            try {
                audit.close();
            } finally {
                session.close();
            }
            if (proc != null) {
                proc.close();
            }
        }
    }
}
