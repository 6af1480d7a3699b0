// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.event;

/** The sensor that told an event. */
public enum Origin {
    /** Kernel audit, live or from a log. */
    AUDIT("audit"),
    /** The process connector (netlink). */
    PROC_CONNECTOR("proc_connector"),
    /** Files of /proc. */
    PROCFS("procfs"),
    /** Vigilant's own eBPF programs. */
    EBPF("ebpf"),
    /** State files of a container runtime. */
    RUNTIME("runtime"),
    /** Vigilant itself. */
    SENSOR("sensor");

    private final String label;

    Origin(String label) {
        this.label = label;
    }

    /** Name in alerts and summaries. */
    public String label() {
        return label;
    }
}
