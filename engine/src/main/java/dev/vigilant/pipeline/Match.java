// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.pipeline;

import dev.vigilant.alert.RuleDescription;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.rules.RuleSet;
import java.util.List;

/**
 * What Drools found.
 *
 * @param rules those that judged
 * @param rule the one that matched
 * @param evidence the events that matched, the one that it is about being the last
 * @param decidedNanos when, in nanoseconds since the epoch
 */
public record Match(RuleSet rules, RuleDescription rule, List<KernelEvent> evidence, long decidedNanos) {
    public Match {
        evidence = List.copyOf(evidence);
    }
}
