// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.pipeline;

import dev.vigilant.audit.AuditControl;
import dev.vigilant.audit.AuditDecoder;
import dev.vigilant.audit.AuditHealth;
import dev.vigilant.audit.AuditRules;
import dev.vigilant.audit.AuditSession;
import dev.vigilant.audit.NetlinkAuditReader;
import dev.vigilant.counter.Counters;
import dev.vigilant.proc.MountedFileSystems;
import dev.vigilant.source.Channel;
import dev.vigilant.source.EventSink;
import dev.vigilant.source.FrameSink;
import java.io.Closeable;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kernel audit of this node: taken, told what to record, read, and given back.
 *
 * <p>Threading: the sensor thread.
 */
final class AuditSource implements FrameSink, Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(AuditSource.class);

    private final Counters counters;
    private final AuditControl control;
    private final AuditSession session;
    private final NetlinkAuditReader reader;
    private final AuditDecoder decoder;
    private final AuditHealth health;
    private boolean rulesGone;
    private boolean closed;

    /**
     * Takes audit and adds the rules.
     *
     * @throws IOException when audit cannot be had; the message says why and what helps
     */
    AuditSource(LiveSensor.Settings settings, AuditRules rules, EventSink events, Counters counters)
            throws IOException {
        this.counters = counters;
        this.decoder = new AuditDecoder(
                events,
                counters,
                new MountedFileSystems(settings.root().resolve("proc/self/mountinfo")),
                AuditDecoder.Options.LIVE);
        this.control = new AuditControl();
        this.session = AuditSession.begin(control, settings.stateDirectory());
        try {
            this.reader = open(settings);
            install(rules);
            this.health = new AuditHealth(control.status().pid(), session.ownRules(), events, counters);
        } catch (IOException e) {
            session.close();
            throw e;
        }
    }

    private void install(AuditRules rules) throws IOException {
        session.install(rules).ifPresent(refused -> LOG.warn("the kernel refuses {}", refused.reason()));
    }

    /** Has other things recorded from now on. What was wanted before and is still wanted is recorded all the time. */
    void want(AuditRules rules) throws IOException {
        install(rules);
        health.expect(session.ownRules());
    }

    private NetlinkAuditReader open(LiveSensor.Settings settings) throws IOException {
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
        NetlinkAuditReader listener = NetlinkAuditReader.listener(settings.receiveBuffer(), counters);
        session.enableOnly();
        return listener;
    }

    /** Whether it is owned, or only listened to. */
    String describe() {
        return reader.isOwner() ? "owner" : "listener";
    }

    int fd() {
        return reader.fd();
    }

    /** Hands over what is there. */
    int read(FrameSink sink) throws IOException {
        return reader.read(sink);
    }

    @Override
    public void frame(Channel channel, int type, byte[] buffer, int offset, int length, long receivedNanos) {
        decoder.frame(channel, type, buffer, offset, length, receivedNanos);
    }

    /** Closes events whose end is overdue. */
    void flush(long nowNanos) {
        decoder.flush(nowNanos);
    }

    /** Looks at what became of audit and our rules. */
    void look(long nowNanos) throws IOException {
        if (!rulesGone) {
            health.see(control.status(), session.ownRules(), nowNanos);
        }
    }

    /** Takes the rules away, so that no new records come. */
    void quiesce() throws IOException {
        rulesGone = true;
        session.removeRules();
    }

    /** Closes all events that are open. */
    void finish() {
        decoder.finish();
    }

    /** Gives audit back as it was. */
    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try (control) {
            try {
                reader.close();
            } finally {
                session.close();
            }
        }
    }
}
