// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.eval;

import dev.vigilant.event.KernelEvent;

/**
 * A compiled condition.
 *
 * <p>Threading: any. Allocation: none for conditions on one event, but for regular expressions and fields that are made
 * anew at each call.
 */
@FunctionalInterface
public interface EventTest {
    /** For conditions that name no other event. */
    KernelEvent[] NONE = {};

    /**
     * Whether the condition holds.
     *
     * @param event the pattern's event
     * @param bound the events of the bindings, in the order the condition was compiled with
     */
    boolean test(KernelEvent event, KernelEvent[] bound);
}
