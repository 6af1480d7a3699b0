// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.bpf;

import dev.vigilant.bpf.BpfRecord.Kind;
import dev.vigilant.bpf.BpfRecord.Tag;
import dev.vigilant.counter.Counter;
import dev.vigilant.counter.Counters;
import dev.vigilant.event.Actor;
import dev.vigilant.event.Capabilities;
import dev.vigilant.event.CapabilityUse;
import dev.vigilant.event.Context;
import dev.vigilant.event.Credentials;
import dev.vigilant.event.FileTarget;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.event.Origin;
import dev.vigilant.event.Outcome;
import dev.vigilant.event.ProcFacts;
import dev.vigilant.event.ProcessExec;
import dev.vigilant.event.ProcessExit;
import dev.vigilant.event.ProcessFork;
import dev.vigilant.event.ProcessSnapshot;
import dev.vigilant.event.SignalSent;
import dev.vigilant.source.Channel;
import dev.vigilant.source.EventSink;
import dev.vigilant.source.FrameSink;
import dev.vigilant.syscall.SyscallEvents;
import dev.vigilant.syscall.SyscallFacts;
import dev.vigilant.syscall.SyscallTable;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns records of the ring buffers into events. A record that is none is counted.
 *
 * <p>Threading: the sensor thread. Allocation: the event and its texts.
 */
public final class RecordDecoder implements FrameSink {
    private static final long EINPROGRESS = -115;
    private static final int ERRNO_MAX = 4095;

    private final EventSink events;
    private final Counters counters;
    private final boolean keepRaw;
    private final BpfRecord record = new BpfRecord();
    private final int hostArch;

    /** @param keepRaw whether events keep the record's bytes for forensics */
    public RecordDecoder(EventSink events, Counters counters, boolean keepRaw) {
        this.events = events;
        this.counters = counters;
        this.keepRaw = keepRaw;
        List<Integer> architectures = SyscallTable.hostArchitectures();
        this.hostArch = architectures.isEmpty() ? SyscallTable.X86_64 : architectures.get(0);
    }

    @Override
    public void frame(Channel channel, int type, byte[] buffer, int offset, int length, long receivedNanos) {
        counters.increment(Counter.BPF_RECORDS_IN);
        if (!record.at(buffer, offset, length)) {
            counters.increment(Counter.REJECTED_BPF_RECORD);
            return;
        }
        if (record.has(BpfRecord.FLAG_CUT)) {
            counters.increment(Counter.BPF_RECORDS_CUT);
        }
        switch (record.kind()) {
            case SYSCALL -> events.event(syscall(receivedNanos));
            case FORK ->
                events.event(new ProcessFork(context(receivedNanos, null, Outcome.SUCCESS), (int) record.result(), 0));
            case EXEC -> exec(receivedNanos);
            case EXIT -> {
                int status = (int) record.result();
                events.event(new ProcessExit(
                        context(receivedNanos, null, Outcome.SUCCESS), status >> 8 & 0xff, status & 0x7f));
            }
            case CAPABILITY -> {
                boolean granted = record.argument(1) != 0;
                Outcome outcome = granted ? Outcome.SUCCESS : Outcome.FAILURE;
                events.event(
                        new CapabilityUse(context(receivedNanos, null, outcome), (int) record.argument(0), granted));
            }
            case URING -> events.event(uring(receivedNanos));
            case SIGNAL -> events.event(signal(receivedNanos));
            case NONE -> throw new IllegalStateException("a record of no kind passed the check");
        }
    }

    private KernelEvent syscall(long time) {
        int arch = record.has(BpfRecord.FLAG_COMPAT) && hostArch == SyscallTable.X86_64 ? SyscallTable.I386 : hostArch;
        String known = SyscallTable.name(arch, record.number());
        String name = known != null ? known : Integer.toString(record.number());
        Context context = context(time, name, outcome(record.result()));
        if (name.equals("execve") || name.equals("execveat")) {
            // Those that worked come from their own hook.
            return new ProcessExec(context, RecordFiles.named(record, name.equals("execve") ? 0 : 1), List.of(), false);
        }
        return SyscallEvents.of(new RecordFacts(record, context, name));
    }

    private KernelEvent uring(long time) {
        String operation = SyscallTable.URING.name(record.number());
        Context context = context(time, null, Outcome.UNKNOWN);
        return SyscallEvents.of(
                new RecordFacts(record, context, operation == null ? "io_uring " + record.number() : operation));
    }

    private KernelEvent signal(long time) {
        Context context = context(time, null, Outcome.SUCCESS);
        SyscallFacts.Target target = new RecordFacts(record, context, "kill").target();
        return new SignalSent(
                context,
                target == null ? 0 : target.pid(),
                (int) record.argument(0),
                target == null ? null : target.name());
    }

    private static Outcome outcome(long result) {
        boolean failed = result < 0 && result >= -ERRNO_MAX && result != EINPROGRESS;
        return failed ? Outcome.FAILURE : Outcome.SUCCESS;
    }

    /** An exec comes with what /proc would say of the process, so that nothing has to be read there. */
    private void exec(long time) {
        String executable = executable();
        boolean deleted = (RecordFiles.flags(record, BpfRecord.RETURNED) & RecordFiles.DELETED) != 0;
        List<String> args = args();
        String workingDirectory = record.text(Tag.CWD, 0);
        Credentials credentials = credentials();
        events.event(new ProcessSnapshot(
                Context.of(time, Origin.EBPF, Actor.ofPid(record.pid(), record.parentPid())),
                new ProcFacts(
                        record.pid(),
                        record.parentPid(),
                        time - record.argument(4),
                        record.comm(),
                        executable,
                        deleted,
                        args,
                        workingDirectory,
                        credentials,
                        cgroups(),
                        null,
                        RecordFiles.descriptor(record, 0),
                        new Capabilities(record.argument(2), record.argument(1)),
                        (int) record.argument(5),
                        RecordEnvironment.of(record))));
        Context context = new Context(
                time,
                Origin.EBPF,
                0,
                new Actor(
                        record.pid(),
                        record.parentPid(),
                        credentials,
                        record.comm(),
                        executable,
                        deleted,
                        workingDirectory,
                        record.text(Tag.TTY, 0),
                        record.id(36),
                        null),
                "execve",
                archName(),
                0,
                Outcome.SUCCESS,
                !record.has(BpfRecord.FLAG_CUT),
                keepRaw ? record.copy() : null);
        boolean interpreted = record.has(BpfRecord.FLAG_INTERPRETED);
        boolean upperLayer = (RecordFiles.flags(record, BpfRecord.RETURNED) & RecordFiles.UPPER) != 0;
        events.event(new ProcessExec(context, program(interpreted, workingDirectory), args, interpreted, upperLayer));
    }

    private @Nullable String executable() {
        FileTarget file = RecordFiles.open(record, BpfRecord.RETURNED, null);
        return file == null ? null : file.path();
    }

    /** With a script the kernel tells the interpreter's file; the script is what was asked for. */
    private FileTarget program(boolean interpreted, @Nullable String workingDirectory) {
        String asked = record.text(Tag.PATH, 0);
        FileTarget file = interpreted ? null : RecordFiles.open(record, BpfRecord.RETURNED, asked);
        return file != null
                ? file
                : FileTarget.ofPath(FileTarget.absolute(workingDirectory, asked))
                        .withRawPath(asked);
    }

    private List<String> args() {
        String all = text(Tag.ARGV);
        if (all.isEmpty()) {
            return List.of();
        }
        String whole = all.endsWith("\0") ? all.substring(0, all.length() - 1) : all;
        return List.of(whole.split("\0", -1));
    }

    private String text(Tag tag) {
        int at = record.find(tag, 0);
        return at < 0 ? "" : new String(record.bytes(tag, 0), StandardCharsets.UTF_8);
    }

    /** As /proc/PID/cgroup has it: one line for cgroup v2, one for a controller of v1. */
    private String cgroups() {
        String unified = record.text(Tag.CGROUP, 2);
        String pids = record.text(Tag.CGROUP, 1);
        return (pids == null ? "" : "1:pids:" + (pids.isEmpty() ? "/" : pids) + "\n") + "0::"
                + (unified == null || unified.isEmpty() ? "/" : unified) + "\n";
    }

    private Context context(long time, @Nullable String syscall, Outcome outcome) {
        Kind kind = record.kind();
        return new Context(
                time,
                Origin.EBPF,
                0,
                new Actor(
                        record.pid(),
                        record.parentPid(),
                        credentials(),
                        record.comm(),
                        null,
                        false,
                        null,
                        null,
                        record.id(36),
                        null),
                syscall,
                archName(),
                kind == Kind.SYSCALL ? record.result() : 0,
                outcome,
                !record.has(BpfRecord.FLAG_CUT),
                keepRaw ? record.copy() : null);
    }

    private String archName() {
        return record.has(BpfRecord.FLAG_X32)
                ? "x32"
                : SyscallTable.archName(
                        record.has(BpfRecord.FLAG_COMPAT) && hostArch == SyscallTable.X86_64
                                ? SyscallTable.I386
                                : hostArch);
    }

    private Credentials credentials() {
        return new Credentials(
                record.id(72),
                record.id(40),
                record.id(44),
                record.id(48),
                record.id(52),
                record.id(56),
                record.id(60),
                record.id(64),
                record.id(68));
    }
}
