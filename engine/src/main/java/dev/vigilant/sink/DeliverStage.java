// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.sink;

import dev.vigilant.alert.Alert;
import dev.vigilant.alert.EcsJson;
import dev.vigilant.counter.Counter;
import dev.vigilant.counter.Counters;
import dev.vigilant.event.Container;
import dev.vigilant.pipeline.Slot;
import dev.vigilant.pipeline.Stage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Last stage: encodes the alerts of a slot and gives them to every sink. A broken sink does not keep the others from it. */
public final class DeliverStage implements Stage {
    private static final Logger LOG = LoggerFactory.getLogger(DeliverStage.class);

    private final List<AlertSink> sinks;
    private final EcsJson json;
    private final String node;
    private final Counters counters;
    private final Map<String, Long> byRule = new ConcurrentSkipListMap<>();
    private String lastComplaint = "";
    /** Whose {@link #key} it is; most alerts are of the same one as the last. */
    private @Nullable Container keyed;

    private byte[] key;

    /**
     * @param node name of the node, the first half of the key
     * @param json the encoder
     */
    public DeliverStage(List<AlertSink> sinks, EcsJson json, String node, Counters counters) {
        this.sinks = List.copyOf(sinks);
        this.json = json;
        this.node = node;
        this.counters = counters;
        this.key = node.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void on(Slot slot, boolean endOfBatch) {
        for (Alert alert : slot.alerts()) {
            byRule.merge(alert.rule().id(), 1L, Long::sum);
            deliver(alert);
        }
        if (endOfBatch) {
            flush();
        }
    }

    private void deliver(Alert alert) {
        byte[] key = key(alert.event().container());
        byte[] document = json.alert(alert);
        for (AlertSink sink : sinks) {
            try {
                sink.accept(key, document);
                counters.increment(Counter.ALERTS_ACCEPTED);
            } catch (IOException e) {
                complain(e);
            }
        }
    }

    @SuppressWarnings("ReferenceEquality") // an equal one makes the same key
    private byte[] key(@Nullable Container container) {
        if (container != keyed) {
            keyed = container;
            key = (container == null ? node : node + "/" + container.id()).getBytes(StandardCharsets.UTF_8);
        }
        return key;
    }

    /** Makes durable what the sinks hold. */
    public void flush() {
        for (AlertSink sink : sinks) {
            try {
                sink.flush();
            } catch (IOException e) {
                complain(e);
            }
        }
    }

    private void complain(IOException e) {
        counters.increment(Counter.STAGE_ERRORS);
        String complaint = String.valueOf(e.getMessage());
        if (!complaint.equals(lastComplaint)) {
            lastComplaint = complaint;
            LOG.error("{}", complaint);
        }
    }

    /** Alerts by rule id so far; any thread. */
    public Map<String, Long> byRule() {
        return byRule;
    }
}
