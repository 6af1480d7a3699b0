// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.proc;

import dev.vigilant.counter.Counter;
import dev.vigilant.counter.Counters;
import dev.vigilant.event.Actor;
import dev.vigilant.event.Context;
import dev.vigilant.event.FileTarget;
import dev.vigilant.event.Origin;
import dev.vigilant.event.ProcessExec;
import dev.vigilant.event.ProcessExit;
import dev.vigilant.event.ProcessFork;
import dev.vigilant.event.ProcessRename;
import dev.vigilant.source.Channel;
import dev.vigilant.source.EventSink;
import dev.vigilant.source.FrameSink;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Turns struct proc_event into events. An exec becomes a notice, a {@link ProcessExec} of origin {@link
 * Origin#PROC_CONNECTOR} that knows only the pid: its audit record tells the rest.
 *
 * <pre>
 *   0 what (u32)  4 cpu (u32)  8 timestamp_ns (u64)
 *  fork: 16 parent_pid 20 parent_tgid 24 child_pid 28 child_tgid
 *  exec: 16 process_pid 20 process_tgid
 *  comm: 16 process_pid 20 process_tgid 24 comm[16]
 *  exit: 16 process_pid 20 process_tgid 24 exit_code 28 exit_signal
 * </pre>
 *
 * <p>Threading: the sensor thread. Allocation: the event.
 */
public final class ProcEventDecoder implements FrameSink {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.nativeOrder());
    private static final int PROC_EVENT_FORK = 0x1;
    private static final int PROC_EVENT_EXEC = 0x2;
    private static final int PROC_EVENT_COMM = 0x200;
    private static final int PROC_EVENT_EXIT = 0x80000000;

    private final EventSink events;
    private final Counters counters;

    public ProcEventDecoder(EventSink events, Counters counters) {
        this.events = events;
        this.counters = counters;
    }

    @Override
    public void frame(Channel channel, int type, byte[] buffer, int offset, int length, long receivedNanos) {
        int what = length < 24 ? 0 : (int) INT.get(buffer, offset);
        if (what == PROC_EVENT_FORK && length >= 32) {
            fork(buffer, offset + 16, receivedNanos);
        } else if (what == PROC_EVENT_EXEC) {
            Context context = at(receivedNanos, (int) INT.get(buffer, offset + 20));
            events.event(new ProcessExec(context, FileTarget.ofPath(""), List.of(), false));
        } else if (what == PROC_EVENT_EXIT && length >= 28) {
            exit(buffer, offset + 16, receivedNanos);
        } else if (what == PROC_EVENT_COMM && length >= 40) {
            rename(buffer, offset + 16, receivedNanos);
        } else {
            counters.increment(Counter.PROC_CONTROL_MESSAGES);
        }
    }

    private void fork(byte[] buffer, int at, long time) {
        int childPid = (int) INT.get(buffer, at + 8);
        int childTgid = (int) INT.get(buffer, at + 12);
        if (childPid == childTgid) {
            events.event(new ProcessFork(at(time, (int) INT.get(buffer, at + 4)), childTgid, 0));
        }
    }

    /** Only the main thread's name is the process's. */
    private void rename(byte[] buffer, int at, long time) {
        int pid = (int) INT.get(buffer, at);
        if (pid == (int) INT.get(buffer, at + 4)) {
            int end = at + 8;
            while (end < at + 24 && buffer[end] != 0) {
                end++;
            }
            String name = new String(buffer, at + 8, end - at - 8, StandardCharsets.UTF_8);
            events.event(new ProcessRename(at(time, pid), name));
        }
    }

    private void exit(byte[] buffer, int at, long time) {
        int pid = (int) INT.get(buffer, at);
        if (pid == (int) INT.get(buffer, at + 4)) {
            int status = (int) INT.get(buffer, at + 8);
            events.event(new ProcessExit(at(time, pid), status >> 8 & 0xff, status & 0x7f));
        }
    }

    private static Context at(long time, int pid) {
        return Context.of(time, Origin.PROC_CONNECTOR, Actor.ofPid(pid, 0));
    }
}
