// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.event;

import org.jspecify.annotations.Nullable;

/**
 * A process as the kernel described it in one event, before anything is known of its lineage.
 *
 * @param pid thread group id in the initial pid namespace, 0 when the event has no process
 * @param ppid pid of the parent, 0 when not told
 * @param credentials user and group ids at that moment
 * @param name comm, at most 15 bytes
 * @param executable path of the program as the process sees it, null when not told
 * @param deleted whether the program's file was deleted when the event happened
 * @param workingDirectory current directory, null when not told
 * @param tty controlling terminal, null if none or not told
 * @param session audit session id, -1 if unset
 * @param label security label, null if none
 */
public record Actor(
        int pid,
        int ppid,
        Credentials credentials,
        @Nullable String name,
        @Nullable String executable,
        boolean deleted,
        @Nullable String workingDirectory,
        @Nullable String tty,
        long session,
        @Nullable String label) {
    /** The actor of an event that has no process. */
    public static final Actor NONE =
            new Actor(0, 0, Credentials.UNKNOWN, null, null, false, null, null, Credentials.UNSET, null);

    /** An actor of whom the source tells only the pid and, if not 0, the parent's. */
    public static Actor ofPid(int pid, int ppid) {
        return new Actor(pid, ppid, Credentials.UNKNOWN, null, null, false, null, null, Credentials.UNSET, null);
    }
}
