// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.sink;

import dev.vigilant.alert.EcsJson;
import dev.vigilant.counter.Counter;
import dev.vigilant.counter.Counters;
import dev.vigilant.pipeline.Latencies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ThreadFactory;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Kafka topic, by way of a {@link Spool}: an alert leaves the spool when Kafka has acknowledged it.
 *
 * <h2>Concurrency</h2>
 *
 * The ring's last stage appends to the spool. One thread of this sink reads the spool and sends; Kafka's own thread
 * reports acknowledgements to {@link InFlight}.
 *
 * <h2>Loss</h2>
 *
 * The producer is idempotent with {@code acks=all}. A send that Kafka gave up on is sent again from the spool, as long as
 * it takes. What Kafka will never take, because it is too large, goes to the folder {@code dead}.
 */
public final class KafkaSink implements AlertSink {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaSink.class);
    private static final long SEGMENT_BYTES = 16L << 20;
    private static final long IDLE_MILLIS = 50;
    private static final long RETRY_MILLIS = 1000;
    private static final long ACKNOWLEDGE_EVERY = 512;

    /** Settings that would load classes or break the contract; a root daemon takes them from nobody. */
    private static final java.util.Set<String> FORBIDDEN = java.util.Set.of(
            "key.serializer", "value.serializer", "interceptor.classes", "metric.reporters", "partitioner.class");

    private final Spool spool;
    private final Path dead;
    private final String topic;
    private final Counters counters;
    private final Latencies latencies;
    private final KafkaProducer<byte[], byte[]> producer;
    private final InFlight inFlight = new InFlight();
    private final Thread sender;
    private final Duration patience;
    private volatile boolean stopping;
    private boolean complained;
    private boolean unnoted;

    /** Indexes that were sent and not yet acknowledged. Kafka's thread and the sender share it under its lock. */
    private static final class InFlight {
        private final TreeSet<Long> indexes = new TreeSet<>();
        private long next = -1;
        private boolean failed;

        synchronized void sent(long index) {
            indexes.add(index);
            next = index + 1;
        }

        synchronized void done(long index) {
            indexes.remove(index);
            notifyAll();
        }

        synchronized void failed(long index) {
            failed = true;
            done(index);
        }

        /** Everything before this is acknowledged; -1 when nothing was sent yet or a send failed. */
        synchronized long contiguous() {
            if (failed || next < 0) {
                return -1;
            }
            return indexes.isEmpty() ? next : indexes.first();
        }

        synchronized boolean takeFailure() throws InterruptedException {
            if (!failed) {
                return false;
            }
            while (!indexes.isEmpty()) {
                wait();
            }
            failed = false;
            next = -1;
            return true;
        }
    }

    /**
     * Opens the spool and starts sending what is left in it.
     *
     * @param bootstrap {@code host:port[,host:port]}
     * @param properties passed through to the Kafka client, so TLS and SASL work
     * @param spoolDirectory where alerts wait; made when it is not there
     * @param quotaBytes how much may wait
     * @param patience how long {@link #close} waits for acknowledgements before it leaves the rest in the spool
     * @throws IOException when the spool cannot be opened
     * @throws IllegalArgumentException when a property is not allowed or Kafka refuses the configuration
     */
    public KafkaSink(
            String bootstrap,
            String topic,
            Map<String, String> properties,
            Path spoolDirectory,
            long quotaBytes,
            Duration patience,
            ThreadFactory threads,
            Counters counters,
            Latencies latencies)
            throws IOException {
        for (String name : properties.keySet()) {
            if (FORBIDDEN.contains(name)) {
                throw new IllegalArgumentException("kafka property " + name + " is not yours to set: remove it");
            }
        }
        this.topic = topic;
        this.counters = counters;
        this.latencies = latencies;
        this.patience = patience;
        this.spool = Spool.open(spoolDirectory, SEGMENT_BYTES, quotaBytes);
        this.dead = spoolDirectory.resolve("dead");
        try {
            this.producer = new KafkaProducer<>(settings(bootstrap, properties));
        } catch (KafkaException e) {
            spool.close();
            String why = e.getCause() == null ? e.getMessage() : e.getCause().getMessage();
            throw new IllegalArgumentException("kafka refuses the configuration: " + why, e);
        }
        this.sender = threads.newThread(this::sendLoop);
        sender.start();
    }

    private static Map<String, Object> settings(String bootstrap, Map<String, String> properties) {
        Map<String, Object> settings = new HashMap<>();
        settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        settings.put(ProducerConfig.CLIENT_ID_CONFIG, "vigilant");
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 2000);
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 30_000);
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
        settings.put("enable.metrics.push", false);
        settings.putAll(properties);
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
        settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
        return settings;
    }

    @Override
    public void accept(byte[] key, byte[] json) throws IOException {
        boolean taken;
        try {
            taken = spool.append(key, json);
        } catch (IOException e) {
            counters.increment(Counter.ALERTS_LOST_SINK_BROKEN);
            throw new IOException(
                    "an alert was lost: the spool of " + topic + ": " + e.getMessage()
                            + "; free space or set spool.directory",
                    e);
        }
        if (!taken) {
            counters.increment(Counter.ALERTS_LOST_SPOOL_FULL);
            throw new IOException("an alert was lost: the spool of " + topic
                    + " is full; bring the broker back or raise spool.bytes");
        }
    }

    @Override
    public void flush() throws IOException {
        spool.sync();
    }

    private void sendLoop() {
        long acknowledged = 0;
        try {
            while (!stopping || spool.depth() > 0) {
                if (inFlight.takeFailure()) {
                    spool.rewind();
                    Thread.sleep(RETRY_MILLIS);
                }
                Spool.Entry entry = spool.next(IDLE_MILLIS);
                if (entry != null) {
                    send(entry);
                }
                long done = inFlight.contiguous();
                if (done > 0 && (entry == null || done - acknowledged > ACKNOWLEDGE_EVERY)) {
                    note(spool.acknowledge(done));
                    acknowledged = done;
                }
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.error("alerts stay in the spool: {}: repair or remove it and start again", e.getMessage());
        }
    }

    private void note(boolean noted) {
        if (!noted && !unnoted) {
            LOG.warn("deliveries cannot be noted in the spool of {}: a restart may repeat alerts: free space", topic);
        }
        unnoted = !noted;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the callback sees every outcome
    private void send(Spool.Entry entry) throws IOException {
        inFlight.sent(entry.index());
        try {
            producer.send(new ProducerRecord<>(topic, entry.key(), entry.value()), (metadata, failure) -> {
                if (failure == null) {
                    acknowledged(entry);
                } else {
                    refused(entry, failure);
                }
            });
        } catch (KafkaException e) {
            refused(entry, e);
        }
    }

    private void acknowledged(Spool.Entry entry) {
        counters.increment(Counter.ALERTS_DELIVERED);
        complained = false;
        inFlight.done(entry.index());
        Instant raised = EcsJson.raised(entry.value());
        if (raised != null) {
            latencies.acknowledged(ChronoUnit.NANOS.between(raised, Instant.now()));
        }
    }

    private void refused(Spool.Entry entry, Exception failure) {
        if (failure instanceof RecordTooLargeException || failure instanceof InvalidTopicException) {
            counters.increment(Counter.ALERTS_UNDELIVERABLE);
            try {
                Files.createDirectories(dead);
                Files.write(dead.resolve(entry.index() + ".json"), entry.value());
            } catch (IOException e) {
                LOG.error("an alert that Kafka refuses could not be kept: {}", e.getMessage());
            }
            LOG.error("Kafka will never take alert {}: {}: kept in {}", entry.index(), failure.getMessage(), dead);
            inFlight.done(entry.index());
            return;
        }
        if (!complained) {
            complained = true;
            LOG.warn("Kafka does not take alerts: {}: they wait in the spool", failure.getMessage());
        }
        inFlight.failed(entry.index());
    }

    @Override
    public long waiting() {
        return spool.depth();
    }

    @Override
    public void close() throws IOException {
        spool.sync();
        stopping = true;
        try {
            sender.join(patience.toMillis());
            if (sender.isAlive()) {
                sender.interrupt();
                sender.join();
                LOG.warn("{} alerts stay in the spool; the next start sends them", spool.depth());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        producer.close(Duration.ZERO);
        spool.close();
    }
}
