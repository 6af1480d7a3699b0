// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules;

import dev.vigilant.alert.RuleDescription;
import dev.vigilant.event.KernelEvent;
import java.util.List;

/** Takes the matches of a session, on the session's thread. */
@FunctionalInterface
public interface MatchListener {
    /**
     * A rule whose condition holds.
     *
     * @param evidence the events named in the rule's {@code alert(...)}, in that order; the last one is the newest
     */
    void matched(RuleDescription rule, List<KernelEvent> evidence);
}
