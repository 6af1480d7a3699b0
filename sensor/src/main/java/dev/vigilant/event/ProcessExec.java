// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.event;

import java.util.List;

/**
 * A program that was executed by execve or execveat; failed attempts are events too.
 *
 * @param context when, who, and with what result
 * @param file the program file, its path as the process sees it
 * @param args argv as the kernel saw it; empty when the source lost it
 * @param interpreted whether the kernel ran an interpreter named by the file (#!)
 * @param upperLayer whether what ran lies in the writable layer of an overlay: it did not come with the image; false also
 *     when the source does not tell
 */
public record ProcessExec(Context context, FileTarget file, List<String> args, boolean interpreted, boolean upperLayer)
        implements FileEvent {
    public ProcessExec {
        args = Arguments.copyOf(args);
    }

    /** An exec of which the source does not tell the layer. */
    public ProcessExec(Context context, FileTarget file, List<String> args, boolean interpreted) {
        this(context, file, args, interpreted, false);
    }

    @Override
    public EventKind kind() {
        return EventKind.PROCESS_EXEC;
    }
}
