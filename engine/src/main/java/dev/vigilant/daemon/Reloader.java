// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.daemon;

import dev.vigilant.detect.Detection;
import dev.vigilant.detect.Detection.Handover;
import dev.vigilant.rules.RuleSet;
import dev.vigilant.rules.ast.Problem;
import dev.vigilant.rules.ast.Rule;
import dev.vigilant.source.Interest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reloads the rules of a running daemon, when one of their files has changed or it is asked to.
 *
 * <p>First the new rules are read and compiled, aside. If they are whole, the sensor is widened to what old and new rules want,
 * then the new rules take over between two events, then the sensor is narrowed to what they want. Whatever goes wrong is said,
 * and the old rules go on.
 *
 * <p>Threading: one of its own.
 */
final class Reloader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Reloader.class);
    private static final long LOOK_MILLIS = 1000;
    private static final long PATIENCE_SECONDS = 60;

    private final Config config;
    private final Detection detection;
    private final Function<List<Interest>, CompletableFuture<@Nullable Void>> sensor;
    private final WatchedFiles files;
    private final Semaphore asked = new Semaphore(0);
    private final Thread thread = new Thread(this::run, "vigilant-reload");
    private final AtomicReference<@Nullable Reload> last = new AtomicReference<>();
    private volatile RuleSet rules;
    private volatile boolean closed;

    /**
     * How a reload went.
     *
     * @param time when it ended
     * @param done whether the new rules run
     * @param message as the log has it
     */
    record Reload(Instant time, boolean done, String message) {}

    /**
     * @param rules those that run
     * @param sensor told what is wanted
     */
    Reloader(
            Config config,
            RuleSet rules,
            Detection detection,
            Function<List<Interest>, CompletableFuture<@Nullable Void>> sensor) {
        this.config = config;
        this.rules = rules;
        this.detection = detection;
        this.sensor = sensor;
        List<Path> watched = new ArrayList<>(config.rules());
        Path site = config.site();
        if (site != null) {
            watched.add(site);
        }
        this.files = new WatchedFiles(watched);
        thread.setDaemon(true);
    }

    /** Begins to watch. */
    void start() {
        thread.start();
        HangUp.on(asked::release);
    }

    private void run() {
        while (!closed) {
            try {
                boolean wanted = asked.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                if (closed) {
                    return;
                }
                if (wanted) {
                    asked.drainPermits();
                    files.accept();
                }
                if (wanted || files.changed()) {
                    reload();
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.debug("reload failed", e);
                failed(e.toString());
            }
        }
    }

    /** Whether the rules that run are those of the files now. */
    boolean reload() throws InterruptedException {
        long start = System.nanoTime();
        RuleSet next;
        try {
            next = Rules.read(config);
        } catch (IOException | ConfigurationException e) {
            return failed(String.valueOf(Vigilant.message(e)));
        }
        List<Problem> broken = newProblems(next);
        broken.forEach(problem -> LOG.error("refused: {}", problem));
        if (!broken.isEmpty() || next.rules().isEmpty()) {
            return failed(
                    broken.isEmpty()
                            ? "no rule is left to run"
                            : "mend what is refused: " + broken.get(0)
                                    + (broken.size() == 1 ? "" : ", and " + (broken.size() - 1) + " more"));
        }
        next.warnings().stream().filter(w -> !rules.warnings().contains(w)).forEach(w -> LOG.warn("warning: {}", w));
        Handover handover = swap(next);
        if (handover == null) {
            return false;
        }
        String told = told(rules, next, handover, System.nanoTime() - start);
        LOG.info("{}", told);
        rules = next;
        last.set(new Reload(Instant.now(), true, told));
        return true;
    }

    private boolean failed(String why) {
        String message = "not reloaded, the old " + running() + " rules go on: " + why;
        LOG.error("{}", message);
        last.set(new Reload(Instant.now(), false, message));
        return false;
    }

    /** How many rules run; any thread. */
    int running() {
        return rules.describe().size();
    }

    /** How the last reload went; nothing when there was none. Any thread. */
    Optional<Reload> last() {
        return Optional.ofNullable(last.get());
    }

    /** What was refused before does not keep the rest from being reloaded. */
    private List<Problem> newProblems(RuleSet next) {
        Set<String> known = rules.refused().stream().map(Reloader::identity).collect(Collectors.toSet());
        return next.refused().stream().filter(p -> !known.contains(identity(p))).toList();
    }

    private static String identity(Problem problem) {
        return problem.position().file() + '|' + problem.rule() + '|' + problem.reason();
    }

    private @Nullable Handover swap(RuleSet next) throws InterruptedException {
        List<Interest> both = new ArrayList<>(rules.interests());
        both.addAll(next.interests());
        try {
            sensor.apply(both).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            failed("the sensor cannot be widened: " + reason(e));
            narrow(rules);
            return null;
        }
        try {
            Handover handover = detection.replace(next).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            narrow(next);
            return handover;
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            failed("the new rules could not take over: " + reason(e));
            return null;
        }
    }

    /** What is sensed too much costs time and no alert. */
    private void narrow(RuleSet to) throws InterruptedException {
        try {
            sensor.apply(to.interests()).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("more is sensed than the rules want: {}", reason(e));
        }
    }

    private static String reason(Exception e) {
        Throwable cause = e.getCause();
        return String.valueOf(cause == null ? e : cause.getMessage());
    }

    private static String told(RuleSet before, RuleSet now, Handover handover, long nanos) {
        Set<String> old = before.rules().stream().map(Rule::text).collect(Collectors.toCollection(HashSet::new));
        Set<String> fresh = now.rules().stream().map(Rule::text).collect(Collectors.toCollection(HashSet::new));
        long gone = old.stream().filter(text -> !fresh.contains(text)).count();
        long added = fresh.stream().filter(text -> !old.contains(text)).count();
        return String.format(
                Locale.ROOT,
                "reloaded in %.1f s: %d rules, %d new or changed, %d gone; %d remembered events kept,"
                        + " events waited %.1f ms",
                nanos / 1e9,
                now.describe().size(),
                added,
                gone,
                handover.kept(),
                handover.nanos() / 1e6);
    }

    /** Ends it; a reload under way ends first. */
    @Override
    public void close() {
        closed = true;
        asked.release();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
