// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.jna;

import com.sun.jna.LastErrorException;
import java.io.IOException;

/** A native call that failed: what failed, and the kernel's reason. */
public final class NativeFailure extends IOException {
    /** errno of an operation that is not permitted. */
    public static final int EPERM = 1;

    public static final int EINTR = 4;
    public static final int EAGAIN = 11;
    public static final int EEXIST = 17;
    public static final int ENOBUFS = 105;
    public static final int ECONNREFUSED = 111;
    public static final int EPROTONOSUPPORT = 93;

    private static final long serialVersionUID = 1;

    private final int errno;

    NativeFailure(String what, LastErrorException cause) {
        super(what + ": " + reason(cause), cause);
        this.errno = cause.getErrorCode();
    }

    /** A failure that the kernel told in a message rather than by a call. */
    public NativeFailure(String what, int errno) {
        super(what + ": " + reason(new LastErrorException(errno)));
        this.errno = errno;
    }

    private static String reason(LastErrorException e) {
        String text = String.valueOf(e.getMessage());
        int bracket = text.indexOf("] ");
        return bracket >= 0
                ? text.substring(bracket + 2)
                : text.startsWith("errno was") ? "errno " + e.getErrorCode() : text;
    }

    /** The error number of asm-generic/errno.h. */
    public int errno() {
        return errno;
    }
}
