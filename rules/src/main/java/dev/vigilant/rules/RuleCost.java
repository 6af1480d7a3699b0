// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules;

/**
 * What Drools had to do for a rule.
 *
 * @param asked how often one of its conditions was asked; one that rules share counts for the first of them
 * @param nanos how long that took in all, as sampling says, the clock's own time included
 */
public record RuleCost(long asked, long nanos) {
    /** Both together. */
    public RuleCost plus(RuleCost other) {
        return new RuleCost(asked + other.asked, nanos + other.nanos);
    }
}
