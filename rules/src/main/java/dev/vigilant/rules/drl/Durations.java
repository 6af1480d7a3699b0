// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.drl;

import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Spans of time as DRL writes them: {@code 60s}, {@code 1m30s}, {@code 500ms}; a bare number is milliseconds. */
public final class Durations {
    private static final Pattern PART = Pattern.compile("(\\d{1,9})(ms|d|h|m|s)");
    private static final Pattern WHOLE = Pattern.compile("(" + PART.pattern() + ")+");

    private Durations() {}

    /** A duration as {@link #nanos} reads it, rounded down to milliseconds. */
    static String text(long nanos) {
        long millis = TimeUnit.NANOSECONDS.toMillis(nanos);
        return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
    }

    /** Nanoseconds, or empty if this is no duration. */
    public static OptionalLong nanos(String text) {
        if (text.matches("\\d{1,12}")) {
            return OptionalLong.of(TimeUnit.MILLISECONDS.toNanos(Long.parseLong(text)));
        }
        if (!WHOLE.matcher(text).matches()) {
            return OptionalLong.empty();
        }
        long nanos = 0;
        Matcher parts = PART.matcher(text);
        while (parts.find()) {
            long count = Long.parseLong(parts.group(1));
            nanos += switch (parts.group(2)) {
                case "d" -> TimeUnit.DAYS.toNanos(count);
                case "h" -> TimeUnit.HOURS.toNanos(count);
                case "m" -> TimeUnit.MINUTES.toNanos(count);
                case "s" -> TimeUnit.SECONDS.toNanos(count);
                default -> TimeUnit.MILLISECONDS.toNanos(count);
            };
        }
        return OptionalLong.of(nanos);
    }
}
