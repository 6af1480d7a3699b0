// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.gate;

/**
 * What stands at one place of an index: an alternative, which patterns may share, or a condition of a text.
 *
 * @param needs what else has to hold
 * @param wanted numbers of the patterns that want the event then, {@link Gate#ALONE} for those of rules of one event
 * @param condition number of the condition, {@link #ALTERNATIVE} where an alternative stands
 */
record Place(Needs needs, int[] wanted, int condition) {
    static final int ALTERNATIVE = -1;

    private static final int[] NOBODY = {};

    Place(Needs needs, int[] wanted) {
        this(needs, wanted, ALTERNATIVE);
    }

    static Place ofCondition(int number) {
        return new Place(Needs.NOTHING, NOBODY, number);
    }
}
