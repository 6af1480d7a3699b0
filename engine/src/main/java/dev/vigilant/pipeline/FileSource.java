// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.pipeline;

import dev.vigilant.audit.AuditDecoder;
import dev.vigilant.audit.AuditLogReader;
import dev.vigilant.bpf.RecordDecoder;
import dev.vigilant.counter.Counters;
import dev.vigilant.proc.ProcEventDecoder;
import dev.vigilant.source.EventSink;
import dev.vigilant.source.FileSystems;
import dev.vigilant.source.FrameReader;
import dev.vigilant.source.Recording;
import dev.vigilant.source.SnapshotFrames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Events from files: recordings of vigilant's own, or logs of auditd. The same decoders as live.
 *
 * <p>Threading: the thread that calls {@link #run} is the sensor thread.
 */
public final class FileSource {
    private final List<Path> files;
    private final Counters counters;
    private final EventSink events;

    public FileSource(List<Path> files, EventSink events, Counters counters) {
        this.files = List.copyOf(files);
        this.events = events;
        this.counters = counters;
    }

    /**
     * Reads all files to their end.
     *
     * @return the records that were set aside last
     * @throws IOException when a file cannot be read; what came before was handed over
     */
    public List<AuditDecoder.Reject> run() throws IOException {
        List<Path> logs = new ArrayList<>();
        List<AuditDecoder.Reject> rejects = new ArrayList<>();
        for (Path file : files) {
            if (!Files.isDirectory(file) && Recording.isRecording(file)) {
                try (Recording.Reader reader = new Recording.Reader(file)) {
                    rejects.addAll(replay(reader, AuditDecoder.Options.LIVE));
                }
            } else {
                logs.add(file);
            }
        }
        if (!logs.isEmpty()) {
            try (AuditLogReader reader = new AuditLogReader(logs, counters)) {
                rejects.addAll(replay(reader, AuditDecoder.Options.FILE));
            }
        }
        return rejects;
    }

    private List<AuditDecoder.Reject> replay(FrameReader reader, AuditDecoder.Options options) throws IOException {
        AuditDecoder audit = new AuditDecoder(events, counters, FileSystems.NONE, options);
        ProcEventDecoder proc = new ProcEventDecoder(events, counters);
        RecordDecoder bpf = new RecordDecoder(events, counters, false);
        SnapshotFrames snapshots = new SnapshotFrames(events, counters);
        try {
            while (reader.read((channel, type, buffer, offset, length, time) -> {
                        switch (channel) {
                            case AUDIT -> audit.frame(channel, type, buffer, offset, length, time);
                            case PROC_CONNECTOR -> proc.frame(channel, type, buffer, offset, length, time);
                            case BPF -> bpf.frame(channel, type, buffer, offset, length, time);
                            case PROC_FACTS, CONTAINER -> snapshots.frame(channel, type, buffer, offset, length, time);
                            case HEALTH -> {
                                // The decoders tell health again.
                            }
                        }
                    })
                    >= 0) {
                // Reads on to the end.
            }
        } finally {
            audit.finish();
        }
        return audit.rejects();
    }
}
