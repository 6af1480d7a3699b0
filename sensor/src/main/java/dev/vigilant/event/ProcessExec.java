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
 */
public record ProcessExec(Context context, FileTarget file, List<String> args, boolean interpreted)
        implements FileEvent {
    public ProcessExec {
        args = Arguments.copyOf(args);
    }

    @Override
    public EventKind kind() {
        return EventKind.PROCESS_EXEC;
    }
}
