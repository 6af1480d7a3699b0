// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.daemon;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Turns SIGTERM and SIGINT into a clean stop with exit code 0: the JVM's shutdown hook asks the loop to end and waits until
 * everything is decided on, delivered and restored.
 */
final class StopSignal implements AutoCloseable {
    /** What has not ended by then never will; systemd waits 90 s. */
    private static final long PATIENCE_SECONDS = 75;

    private final CountDownLatch finished = new CountDownLatch(1);
    private final Runnable stop;
    private volatile boolean requested;

    /** @param stop called once, from another thread, when a signal comes */
    StopSignal(Runnable stop) {
        this.stop = stop;
        Runtime.getRuntime().addShutdownHook(new Thread(this::onShutdown, "vigilant-stop"));
    }

    private void onShutdown() {
        if (finished.getCount() == 0) {
            return;
        }
        requested = true;
        stop.run();
        boolean clean = false;
        try {
            clean = finished.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        System.out.flush();
        Runtime.getRuntime().halt(clean ? 0 : Vigilant.FINDINGS);
    }

    boolean requested() {
        return requested;
    }

    /** The loop has ended and all is restored. */
    @Override
    public void close() {
        finished.countDown();
    }
}
