// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.audit;

import java.util.Arrays;

/** The head of a record: {@code audit(seconds.millis:serial): }. One thread, reused; allocates nothing. */
final class RecordHeader {
    private static final byte[] START = {'a', 'u', 'd', 'i', 't', '('};

    /** Nanoseconds since the epoch fit a long until then, in the year 2262. */
    private static final long MAX_SECONDS = Long.MAX_VALUE / 1_000_000_000L - 1;

    private static final int MAX_SECONDS_DIGITS = 10;
    private static final int MAX_SERIAL_DIGITS = 12;

    /** The longest head there is. */
    private final byte[] last = new byte["audit(.000:):".length() + MAX_SECONDS_DIGITS + MAX_SERIAL_DIGITS];

    private int lastLength;
    private long timeNanos;
    private long serial;

    /** @return where the record's fields begin, counted from {@code offset}, or -1 when this is no header */
    int parse(byte[] buffer, int offset, int length) {
        // The records of one event begin alike.
        if (lastLength > 0
                && length >= lastLength
                && Arrays.equals(last, 0, lastLength, buffer, offset, offset + lastLength)) {
            return lastLength;
        }
        lastLength = 0;
        int end = offset + length;
        int at = offset;
        for (byte expected : START) {
            if (at >= end || buffer[at++] != expected) {
                return -1;
            }
        }
        long seconds = 0;
        int digits = 0;
        for (; at < end && isDigit(buffer[at]); at++, digits++) {
            seconds = seconds * 10 + (buffer[at] - '0');
        }
        if (digits == 0 || digits > MAX_SECONDS_DIGITS || seconds > MAX_SECONDS || at + 4 >= end || buffer[at] != '.') {
            return -1;
        }
        int millis = 0;
        for (int i = 1; i <= 3; i++) {
            if (!isDigit(buffer[at + i])) {
                return -1;
            }
            millis = millis * 10 + (buffer[at + i] - '0');
        }
        at += 4;
        if (buffer[at] != ':') {
            return -1;
        }
        at++;
        long number = 0;
        digits = 0;
        for (; at < end && isDigit(buffer[at]); at++, digits++) {
            number = number * 10 + (buffer[at] - '0');
        }
        if (digits == 0 || digits > MAX_SERIAL_DIGITS || at + 1 >= end || buffer[at] != ')' || buffer[at + 1] != ':') {
            return -1;
        }
        timeNanos = seconds * 1_000_000_000L + millis * 1_000_000L;
        serial = number;
        lastLength = at + 2 - offset;
        System.arraycopy(buffer, offset, last, 0, lastLength);
        return lastLength;
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    long timeNanos() {
        return timeNanos;
    }

    long serial() {
        return serial;
    }
}
