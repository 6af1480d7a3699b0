// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.counter;

import java.util.Locale;

/** Every count that the daemon keeps; the constant's sentence is its documentation. */
public enum Counter {
    /** Audit records, from netlink or a file, well-formed or not. */
    RECORDS_IN,
    /** Records that became part of an event. */
    RECORDS_IN_EVENTS,
    /** Records without an audit header: not {@code audit(seconds.millis:serial)}. */
    REJECTED_HEADER,
    /** Records whose body could not be read. */
    REJECTED_BODY,
    /** Records longer than the kernel makes them. */
    REJECTED_LENGTH,
    /** Records of an event that came after the event was closed. */
    REJECTED_LATE,
    /** Records that came twice. */
    REJECTED_DUPLICATE,
    /** Lines of a file that are no audit record. */
    REJECTED_LINE,
    /** Netlink messages that are no audit record (acknowledgements, replies): read, and no record. */
    CONTROL_MESSAGES,
    /** Events that were closed by time-out or eviction without their end. */
    EVENTS_INCOMPLETE,
    /** Audit serials that never came: each is at least one record lost between the kernel and us. */
    LOST_SERIALS,
    /** Records that the kernel itself says it lost (audit_status.lost). */
    LOST_IN_KERNEL,
    /** Times the kernel told ENOBUFS: our receive buffer overran. */
    LOST_RECEIVE_OVERRUN,
    /** Netlink datagrams that were longer than our buffer and came cut. */
    DATAGRAMS_TRUNCATED,
    /** Netlink datagrams that another process sent instead of the kernel; ignored. */
    DATAGRAMS_FOREIGN,
    /** Events that the decoder gave up on by an internal error; a bug. */
    LOST_DECODER_ERROR,
    /** Records of the eBPF programs. */
    BPF_RECORDS_IN,
    /** Records of the eBPF programs that are too short or of no known kind. */
    REJECTED_BPF_RECORD,
    /** Records of the eBPF programs in which something did not fit: an argv of many pages, a path out of memory. */
    BPF_RECORDS_CUT,
    /** Records of the eBPF programs that found the ring buffer full. */
    LOST_BPF_RING_FULL,
    /** Process connector messages that are not process events. */
    PROC_CONTROL_MESSAGES,
    /** Process connector sequence numbers that never came. */
    LOST_PROC_EVENTS,
    /** Processes that were gone before /proc could be read. */
    PROC_GONE,
    /** Snapshots of a recording that could not be read. */
    SNAPSHOTS_UNREADABLE,
    /** Events that the rules were not asked about: the gate knew that no pattern could want them. */
    EVENTS_GATED,
    /** Alerts raised by rules. */
    ALERTS_RAISED,
    /** Alerts that a site's exception, or a limit of a site or a rule, kept back; the summary has them by rule and reason. */
    ALERTS_SUPPRESSED,
    /** Alerts written to the spool or given to a sink. */
    ALERTS_ACCEPTED,
    /** Alerts that a sink confirmed: written to the file, or acknowledged by Kafka. */
    ALERTS_DELIVERED,
    /** Alerts that could not be delivered: the spool was full. */
    ALERTS_LOST_SPOOL_FULL,
    /** Alerts that a file, standard output or the spool's disk did not take. */
    ALERTS_LOST_SINK_BROKEN,
    /** Alerts that Kafka will never take (too large); kept aside in the spool's dead folder. */
    ALERTS_UNDELIVERABLE,
    /** Events on which a stage failed; a bug, or a sink that broke. */
    STAGE_ERRORS,
    /** Rules that failed while matching an event. */
    RULE_ERRORS,
    /** Events that a rule of several events forgot before its window ended, because it kept too many. */
    FACTS_EVICTED;

    /** Name in summaries: lower case. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
