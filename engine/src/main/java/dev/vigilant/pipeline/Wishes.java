// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.pipeline;

import dev.vigilant.source.Interest;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * What is to be sensed from now on, on its way to the sensor.
 *
 * <p>Threading: any thread wishes, the sensor thread grants.
 */
final class Wishes {
    private final ConcurrentLinkedQueue<Wish> waiting = new ConcurrentLinkedQueue<>();

    /** Interests, and who waits for them. */
    private record Wish(List<Interest> interests, CompletableFuture<@Nullable Void> done) {}

    /** Tells the kernel. */
    @FunctionalInterface
    interface Grant {
        void want(List<Interest> interests) throws IOException;
    }

    CompletableFuture<@Nullable Void> add(List<Interest> interests) {
        Wish wish = new Wish(List.copyOf(interests), new CompletableFuture<>());
        waiting.add(wish);
        return wish.done();
    }

    void grant(Grant grant) {
        for (Wish wish = waiting.poll(); wish != null; wish = waiting.poll()) {
            try {
                grant.want(wish.interests());
                wish.done().complete(null);
            } catch (IOException | RuntimeException e) {
                wish.done().completeExceptionally(e);
            }
        }
    }
}
