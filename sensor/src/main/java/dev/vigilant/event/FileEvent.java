// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.event;

import org.jspecify.annotations.Nullable;

/** An event that is about a file. */
public sealed interface FileEvent extends KernelEvent
        permits FileOpen,
                FileRename,
                FileLink,
                FileSymlink,
                FileUnlink,
                FileMkdir,
                FileMknod,
                FileChmod,
                FileChown,
                FileXattr,
                FileTruncate,
                ProcessExec,
                ChangeRoot {
    /** The file. */
    FileTarget file();

    /**
     * Where the file lies on the host: its own path for a process of the host, the bind mount's source for a process in a
     * container, null for a file that is the container's own or when the container's mounts are not known.
     */
    default @Nullable String hostPath() {
        Container container = container();
        return container == null ? file().path() : container.hostPath(file().path());
    }
}
