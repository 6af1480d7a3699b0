// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.jna;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class PollerTest {
    @Test
    void waitEndsWhenNothingComes() throws Exception {
        try (Poller poller = new Poller()) {
            assertThat(poller.await(1)).isFalse();
        }
    }

    @Test
    void wakeFromAnotherThreadEndsTheWait() throws Exception {
        try (Poller poller = new Poller()) {
            CompletableFuture<Boolean> waiting = CompletableFuture.supplyAsync(() -> await(poller));
            poller.wake();
            // Without the wake this would take a minute, and the test's own time-out would say so.
            assertThat(waiting.get(30, java.util.concurrent.TimeUnit.SECONDS)).isFalse();
        }
    }

    @Test
    void wakeBeforeTheWaitIsKept() throws Exception {
        try (Poller poller = new Poller()) {
            poller.wake();
            poller.wake();
            assertThat(poller.await(60_000)).isFalse();
            assertThat(poller.await(0)).isFalse();
        }
    }

    @Test
    void wakeAfterCloseDoesNothing() throws Exception {
        Poller poller = new Poller();
        poller.close();
        poller.wake();
        poller.close();
    }

    private static boolean await(Poller poller) {
        try {
            return poller.await(60_000);
        } catch (NativeFailure e) {
            throw new AssertionError(e);
        }
    }
}
