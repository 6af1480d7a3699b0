// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.pipeline;

import dev.vigilant.bpf.BpfSensor;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The eBPF programs on their way into the kernel. It takes some hundred milliseconds to check them, in which the rules can be
 * read.
 *
 * <p>Threading: one thread loads, one takes.
 */
public final class Programs implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Programs.class);

    private final CompletableFuture<@Nullable BpfSensor> loading = new CompletableFuture<>();
    private boolean taken;

    private Programs() {}

    /** Begins to load them, where they are wanted. */
    public static Programs load(LiveSensor.Settings settings) {
        Programs programs = new Programs();
        if (settings.sensor().equals("audit")) {
            programs.loading.complete(null);
            return programs;
        }
        Thread thread =
                new Thread(() -> programs.load(settings, settings.sensor().equals("ebpf")), "vigilant-load");
        thread.setDaemon(true);
        thread.start();
        return programs;
    }

    private void load(LiveSensor.Settings settings, boolean needed) {
        try {
            loading.complete(new BpfSensor(settings.bpf(), settings.root().resolve("proc")));
        } catch (IOException e) {
            if (needed) {
                loading.completeExceptionally(e);
            } else {
                LOG.warn("no eBPF here, sensing with audit: {}", e.getMessage());
                loading.complete(null);
            }
        } catch (RuntimeException | Error e) {
            loading.completeExceptionally(e);
        }
    }

    /** The loaded programs, which the caller closes; null where there are none and none are needed. */
    @Nullable
    BpfSensor take() throws IOException {
        try {
            BpfSensor loaded = loading.join();
            taken = true;
            return loaded;
        } catch (CompletionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw e;
        }
    }

    /** Takes them out of the kernel if nobody has taken them. */
    @Override
    public void close() {
        if (taken) {
            return;
        }
        try {
            BpfSensor loaded = loading.join();
            if (loaded != null) {
                loaded.close();
            }
        } catch (CompletionException failed) {
            LOG.debug("nothing to take away", failed);
        }
    }
}
