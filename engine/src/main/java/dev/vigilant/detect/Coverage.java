// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.detect;

import dev.vigilant.alert.Alert;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.event.SensorHealth;
import java.util.Locale;

/** What the sensor is known to have lost, in event time, so that an alert can say how much was seen around it. */
final class Coverage {
    private static final long RECENT_NANOS = 60_000_000_000L;

    private long lost;
    private long lastLossNanos = Long.MIN_VALUE / 2;

    /** Learns of losses. */
    void see(KernelEvent event) {
        if (event instanceof SensorHealth health
                && health.cause().toLowerCase(Locale.ROOT).startsWith("lost")) {
            lost += health.count();
            lastLossNanos = event.context().timeNanos();
        }
    }

    Alert.Coverage at(KernelEvent event) {
        boolean recently = event.context().timeNanos() - lastLossNanos <= RECENT_NANOS;
        return new Alert.Coverage(lost, recently, event.context().complete());
    }
}
