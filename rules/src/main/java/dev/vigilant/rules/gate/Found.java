// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.gate;

/**
 * Numbers of the patterns that were found for an event. Each stands beside the number of the question that it was found for, so
 * that nothing has to be cleared between events.
 *
 * <p>Threading: one thread. Allocation: none.
 */
final class Found {
    private final long[] foundFor;
    private final int[] numbers;
    private int count;
    private long question;

    /** @param most all numbers are less */
    Found(int most) {
        this.foundFor = new long[most];
        this.numbers = new int[most];
    }

    /** Begins with the next event. */
    void begin() {
        question++;
        count = 0;
    }

    void add(int[] more) {
        for (int number : more) {
            add(number);
        }
    }

    void add(int number) {
        if (foundFor[number] != question) {
            foundFor[number] = question;
            numbers[count++] = number;
        }
    }

    boolean hasAll(int[] asked) {
        for (int number : asked) {
            if (foundFor[number] != question) {
                return false;
            }
        }
        return true;
    }

    int count() {
        return count;
    }

    int get(int at) {
        return numbers[at];
    }

    /** All numbers are less. */
    int most() {
        return numbers.length;
    }
}
