// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.detect;

import dev.vigilant.alert.RuleDescription;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.rules.site.RateLimit;
import dev.vigilant.rules.site.Suppression;
import dev.vigilant.rules.site.Tuned;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps back what a site's file or a rule wants kept back, counts it by rule and reason, and says so: the first of each, and then every
 * ten minutes of event time in which there was more.
 *
 * <p>Threading: the detecting stage, but for {@link #counts}. Memory: a window for each of the latest keys of limits, and one count for each rule and
 * reason.
 */
final class Suppressions {
    private static final Logger LOG = LoggerFactory.getLogger(Suppressions.class);
    private static final long TELL_NANOS = 600_000_000_000L;
    private static final int MAX_WINDOWS = 10_000;

    private final Map<String, Map<String, Long>> counts = new ConcurrentSkipListMap<>();
    private final Map<Suppression, Long> untold = new LinkedHashMap<>();
    private final Map<Key, Window> windows = new LinkedHashMap<>();
    private long nextTellNanos = Long.MIN_VALUE;
    private long lastNanos = Long.MIN_VALUE;

    /** What a limit counts by. A limit that was changed begins anew. */
    private record Key(String rule, int alerts, long perNanos, List<String> values) {}

    /** A span that began with an alert. */
    private static final class Window {
        final long endNanos;
        int raised;

        Window(long endNanos) {
            this.endNanos = endNanos;
        }
    }

    /** Whether this match is kept back; if so it is counted. */
    boolean holds(Tuned site, RuleDescription rule, KernelEvent event) {
        Suppression suppression = site.suppressions().get(rule.id());
        if (suppression == null) {
            RateLimit limit = site.limits().get(rule.id());
            if (limit == null || admits(limit, rule.id(), event)) {
                return false;
            }
            suppression = limit.suppression();
        }
        count(suppression);
        return true;
    }

    private boolean admits(RateLimit limit, String rule, KernelEvent event) {
        long now = event.context().timeNanos();
        Key key = new Key(rule, limit.alerts(), limit.perNanos(), limit.key(event));
        Window window = windows.get(key);
        if (window == null || now >= window.endNanos) {
            windows.remove(key);
            window = new Window(now + limit.perNanos());
            windows.put(key, window);
            forgetOldest();
        }
        return ++window.raised <= limit.alerts();
    }

    /** An attacker who makes up keys makes alerts, not memory. */
    private void forgetOldest() {
        if (windows.size() > MAX_WINDOWS) {
            Iterator<Key> oldest = windows.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    private void count(Suppression suppression) {
        Map<String, Long> reasons = counts.computeIfAbsent(suppression.rule(), rule -> new ConcurrentSkipListMap<>());
        if (reasons.merge(suppression.because(), 1L, Long::sum) == 1) {
            LOG.info("an alert of {} was kept back: {}", suppression.rule(), suppression.because());
        } else {
            untold.merge(suppression, 1L, Long::sum);
        }
    }

    /** Lets time pass: says what has gathered, and which exceptions end. */
    void pass(Tuned site, long nowNanos) {
        if (nowNanos >= nextTellNanos) {
            untold.forEach((suppression, count) -> LOG.info(
                    "{} more alerts of {} were kept back: {}", count, suppression.rule(), suppression.because()));
            untold.clear();
            nextTellNanos = nowNanos + TELL_NANOS;
        }
        if (!site.expiries().isEmpty() && nowNanos > lastNanos) {
            if (lastNanos != Long.MIN_VALUE) {
                site.expiries()
                        .subMap(lastNanos, false, nowNanos, true)
                        .values()
                        .forEach(ended -> LOG.warn("{} has ended and no longer applies: renew or remove it", ended));
            }
            lastNanos = nowNanos;
        }
    }

    /** Alerts that were kept back, by rule id and reason; any thread. */
    Map<String, Map<String, Long>> counts() {
        return counts;
    }
}
