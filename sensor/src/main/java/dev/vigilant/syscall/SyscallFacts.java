// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.syscall;

import dev.vigilant.event.Context;
import dev.vigilant.event.FileTarget;
import dev.vigilant.event.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What a sensor knows of one system call. Arguments are told by their place; a sensor that finds what an argument stands
 * for in another way ignores the place.
 */
public interface SyscallFacts {
    /** In place of an argument: names begin at the working directory. */
    int NO_DIRECTORY = -1;

    /** In place of a descriptor: the one that the call returned. */
    int RETURNED = 255;

    /** What the call does to a file; sources that note paths by this find the right one. */
    enum Role {
        /** Looks at it or changes it. */
        USED,
        /** Opens it, or creates it. */
        OPENED,
        /** Makes its name. */
        MADE,
        /** Takes its name away. */
        REMOVED,
        /** Gives it another name: the old one. */
        RENAMED,
        /** Gives it another name: the new one. */
        RENAMED_TO,
        /** Gives it one more name: the old one. */
        LINKED
    }

    /** When, who, and with what result. */
    Context context();

    /** The call's name, or its number where it has none. */
    String name();

    /** The argument's bits, 0 for one that is not told. */
    long argument(int index);

    /** The lower half of the argument. */
    default int intArgument(int index) {
        return (int) argument(index);
    }

    /**
     * The file of an argument, with an empty path when it is not told.
     *
     * @param path the argument with the name, or the descriptor
     * @param directory the argument with the descriptor of the directory that the name begins in, or {@link #NO_DIRECTORY}
     */
    FileTarget file(Role role, int path, int directory);

    /** Whether the call made the file that it opened. */
    boolean created();

    /** The file of a mount: where it is mounted; null when not told. */
    @Nullable
    FileTarget mountPoint(int path, int directory);

    /** What is mounted; null when not told. */
    @Nullable
    String mountSource(int path, int directory);

    /** The mount behind a descriptor, or that is to be made of it; null when not told, or when the call is about another one. */
    @Nullable
    Mounted mounted(int descriptor);

    /** A text behind an argument that is no path of a file; null when not told. */
    @Nullable
    String text(int argument);

    /** What a symbolic link will say; null when not told. */
    @Nullable
    String linkText();

    /** A number in memory behind an argument, by its place in units of {@code size} bytes; 0 when not told. */
    long memory(int argument, int index, int size);

    /** The socket address that the call is about. */
    SocketAddress address(int argument);

    /** The name of a kernel module; null when not told. */
    @Nullable
    String moduleName();

    /** The process that the call is about; null when not told. */
    @Nullable
    Target target();

    /** The capability sets that capset asked for: effective, permitted, inheritable. */
    long[] capabilitySets();

    /** Type (CLONE_NEW*) and inode number of the namespace behind a descriptor argument, null when not told. */
    long @Nullable [] namespace(int argument);

    /**
     * A mount that has no path of its own, or has just got it.
     *
     * @param fileSystem type of the file system
     * @param source the path of what was bound or moved, or what the file system was made of: a device or any name
     */
    record Mounted(String fileSystem, @Nullable String source) {}

    /**
     * A process that something was done to.
     *
     * @param pid in the initial pid namespace
     * @param name comm
     */
    record Target(int pid, @Nullable String name) {}
}
