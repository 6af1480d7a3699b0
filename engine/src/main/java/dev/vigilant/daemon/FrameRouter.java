package dev.vigilant.daemon;

import dev.vigilant.audit.AuditDecoder;
import dev.vigilant.proc.ProcEventDecoder;
import dev.vigilant.source.Channel;
import dev.vigilant.source.FrameSink;
import dev.vigilant.source.SnapshotFrames;

/** Gives each frame to the decoder of its channel. One thread. */
final class FrameRouter implements FrameSink {
    private final AuditDecoder audit;
    private final ProcEventDecoder proc;
    private final SnapshotFrames snapshots;

    FrameRouter(AuditDecoder audit, ProcEventDecoder proc, SnapshotFrames snapshots) {
        this.audit = audit;
        this.proc = proc;
        this.snapshots = snapshots;
    }

    @Override
    public void frame(Channel channel, int type, byte[] buffer, int offset, int length, long receivedNanos) {
        switch (channel) {
            case AUDIT -> audit.frame(channel, type, buffer, offset, length, receivedNanos);
            case PROC_CONNECTOR -> proc.frame(channel, type, buffer, offset, length, receivedNanos);
            case PROC_FACTS, CONTAINER -> snapshots.frame(channel, type, buffer, offset, length, receivedNanos);
            case HEALTH -> {
                // Health is told again by whoever decodes the frames.
            }
        }
    }
}
