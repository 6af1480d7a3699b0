// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.gate;

/**
 * What stands at one place of an index: an alternative, which patterns may share.
 *
 * @param needs what else has to hold
 * @param wanted numbers of the patterns that want the event then, {@link Gate#ALONE} for those of rules of one event
 */
record Place(Needs needs, int[] wanted) {}
