// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.audit;

import dev.vigilant.event.FileTarget;
import org.jspecify.annotations.Nullable;

/**
 * Tells a symbolic link from its text. The kernel notes the text as a path of its own, without an inode. Where text and
 * name end alike it takes that note for the link's (__audit_inode_child of kernel/auditsc.c): then the text stands where
 * the name should.
 */
final class Symlinks {
    private Symlinks() {}

    private static @Nullable PathItem created(SyscallView v) {
        PathItem link = null;
        for (PathItem item : v.paths()) {
            link = item.is("CREATE") ? item : link;
        }
        return link;
    }

    private static @Nullable PathItem noted(SyscallView v) {
        PathItem text = null;
        for (PathItem item : v.paths()) {
            text = item.is("UNKNOWN") && item.inode() == 0 ? item : text;
        }
        return text;
    }

    /** What the link says. */
    static @Nullable String text(SyscallView v) {
        PathItem text = noted(v);
        PathItem told = text != null ? text : created(v);
        return told == null ? null : told.name();
    }

    /** The link itself. */
    static FileTarget link(SyscallView v, int directory) {
        PathItem link = created(v);
        PathItem text = noted(v);
        if (text == null) {
            return link == null ? v.used(directory) : v.target(v.besideParent(link, directory), directory);
        }
        // Refused, a link has no path of its own, but for one whose directory is not there: that is noted before the
        // text.
        PathItem first = v.paths().get(0);
        boolean refused = link == null && (first.equals(text) || first.is("PARENT"));
        return refused ? v.inDirectory(directory, v.paths().size()) : v.target(link == null ? first : link, directory);
    }
}
