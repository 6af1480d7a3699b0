// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.gate;

/**
 * Numbers of conditions that all have to hold, the cheap ones first.
 *
 * @param ofProcess those that the event's process and its container decide, whatever it does
 * @param ofEvent the others
 */
record Needs(int[] ofProcess, int[] ofEvent) {
    static final Needs NOTHING = new Needs(new int[0], new int[0]);
}
