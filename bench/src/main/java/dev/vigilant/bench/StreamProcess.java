// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.bench;

/** A process of the made stream; {@code cgroup} ends in a container's id, or is the host's root. */
record StreamProcess(int pid, int parent, int uid, String name, String cgroup) {
    boolean contained() {
        return cgroup.length() > 1;
    }
}
