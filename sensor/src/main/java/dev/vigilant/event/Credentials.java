// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.event;

/**
 * User and group ids of a process; {@link #UNSET} where the kernel says none or the source does not tell.
 *
 * @param auid login uid, kept over su and sudo
 * @param uid real user id
 * @param gid real group id
 * @param euid effective user id
 * @param suid saved user id
 * @param fsuid user id for file access
 * @param egid effective group id
 * @param sgid saved group id
 * @param fsgid group id for file access
 */
public record Credentials(
        long auid, long uid, long gid, long euid, long suid, long fsuid, long egid, long sgid, long fsgid) {
    /** No id; audit prints it as 4294967295. */
    public static final long UNSET = -1;

    /** All ids unset. */
    public static final Credentials UNKNOWN =
            new Credentials(UNSET, UNSET, UNSET, UNSET, UNSET, UNSET, UNSET, UNSET, UNSET);
}
