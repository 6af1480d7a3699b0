// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.source;

/** The byte streams that the sensor reads; the ordinal is written into recordings, so constants are only appended. */
public enum Channel {
    /** Text of one audit record, beginning with {@code audit(}. */
    AUDIT,
    /** One struct proc_event of linux/cn_proc.h. */
    PROC_CONNECTOR,
    /** JSON of one {@link dev.vigilant.event.ProcFacts}. */
    PROC_FACTS,
    /** JSON of one {@link dev.vigilant.event.Container}. */
    CONTAINER,
    /** JSON of one {@link dev.vigilant.event.SensorHealth}. */
    HEALTH,
    /** One record of the eBPF programs (record.h), its time turned into wall-clock time. */
    BPF
}
