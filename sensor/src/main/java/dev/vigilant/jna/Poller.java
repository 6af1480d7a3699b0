// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.jna;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import java.io.Closeable;

/**
 * Waits for input on several descriptors, or to be woken.
 *
 * <p>Threading: one thread waits, any thread wakes. Allocation: none a wait.
 */
public final class Poller implements Closeable {
    private static final int POLLFD = 8;
    private static final short POLLIN = 1;
    private static final int EFD_CLOEXEC_NONBLOCK = 0x80000 | 0x800;

    private final int[] fds;
    private final Memory pollfds;
    private final Memory eight = new Memory(8);
    private final int wakeFd;
    private boolean closed;

    /** @param fds descriptors to wait for */
    public Poller(int... fds) throws NativeFailure {
        this.fds = fds.clone();
        this.pollfds = new Memory((fds.length + 1L) * POLLFD);
        try {
            this.wakeFd = Libc.eventfd(0, EFD_CLOEXEC_NONBLOCK);
        } catch (LastErrorException e) {
            throw new NativeFailure("eventfd", e);
        }
        pollfds.clear();
        for (int i = 0; i <= fds.length; i++) {
            pollfds.setInt((long) i * POLLFD, i < fds.length ? fds[i] : wakeFd);
            pollfds.setShort((long) i * POLLFD + 4, POLLIN);
        }
    }

    /**
     * Waits until one is ready, the time is over, or {@link #wake} was called.
     *
     * @return whether a descriptor is ready
     */
    public boolean await(int timeoutMillis) throws NativeFailure {
        try {
            int ready = Libc.poll(pollfds, fds.length + 1L, timeoutMillis);
            if (pollfds.getShort((long) fds.length * POLLFD + 6) != 0) {
                Libc.read(wakeFd, eight, 8);
                ready--;
            }
            return ready > 0;
        } catch (LastErrorException e) {
            if (e.getErrorCode() == NativeFailure.EINTR) {
                return false;
            }
            throw new NativeFailure("poll", e);
        }
    }

    /** Ends a wait, or the next one. Nothing after {@link #close}: the number may be another's descriptor by then. */
    public synchronized void wake() {
        if (closed) {
            return;
        }
        try (Memory one = new Memory(8)) {
            one.setLong(0, 1);
            Libc.write(wakeFd, one, 8);
        }
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            Libc.close(wakeFd);
        }
    }
}
