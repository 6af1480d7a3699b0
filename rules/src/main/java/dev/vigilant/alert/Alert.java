// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.alert;

import dev.vigilant.event.KernelEvent;
import java.util.List;

/**
 * A rule that fired on events.
 *
 * @param id unique id, the same when the alert is sent again
 * @param sequence number of the alert on this node since the daemon started, from 1, without gaps
 * @param rule the rule
 * @param message one line for people
 * @param event the event that completed the match
 * @param evidence all events that matched, in the rule's order; {@code event} is one of them
 * @param raisedNanos when the rule fired, nanoseconds since the epoch
 * @param coverage what the sensor lost near the event
 */
public record Alert(
        String id,
        long sequence,
        RuleDescription rule,
        String message,
        KernelEvent event,
        List<KernelEvent> evidence,
        long raisedNanos,
        Coverage coverage) {
    public Alert {
        evidence = List.copyOf(evidence);
    }

    /**
     * Whether the sensor saw everything: no alert and could-not-see are different answers.
     *
     * @param lost records and events known to be lost since the daemon started
     * @param lostRecently whether some of them were lost in the last minute before the event
     * @param complete whether all records of the event came
     */
    public record Coverage(long lost, boolean lostRecently, boolean complete) {}
}
