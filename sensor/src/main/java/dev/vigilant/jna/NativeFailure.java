// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.jna;

import com.sun.jna.LastErrorException;
import java.io.IOException;

/** A native call that failed: what failed, and the kernel's reason. */
public final class NativeFailure extends IOException {
    // asm-generic/errno-base.h and errno.h, the same on x86 and arm.
    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int ESRCH = 3;
    public static final int EINTR = 4;
    public static final int EBADF = 9;
    public static final int EAGAIN = 11;
    public static final int ENOMEM = 12;
    public static final int EACCES = 13;
    public static final int EBUSY = 16;
    public static final int EEXIST = 17;
    public static final int EINVAL = 22;
    public static final int EMFILE = 24;
    public static final int ENOSYS = 38;
    public static final int EPROTONOSUPPORT = 93;
    public static final int EOPNOTSUPP = 95;
    public static final int EAFNOSUPPORT = 97;
    public static final int ENOBUFS = 105;
    public static final int ECONNREFUSED = 111;

    private static final long serialVersionUID = 1;

    private final int errno;

    NativeFailure(String what, LastErrorException cause) {
        super(what + ": " + reason(cause.getErrorCode()), cause);
        this.errno = cause.getErrorCode();
    }

    /** A failure that the kernel told in a message rather than by a call. */
    public NativeFailure(String what, int errno) {
        super(what + ": " + reason(errno));
        this.errno = errno;
    }

    private static String reason(int errno) {
        return switch (errno) {
            case EPERM -> "EPERM (operation not permitted)";
            case ENOENT -> "ENOENT (no such file or entry)";
            case ESRCH -> "ESRCH (no such process)";
            case EINTR -> "EINTR (interrupted)";
            case EBADF -> "EBADF (closed)";
            case EAGAIN -> "EAGAIN (nothing there)";
            case ENOMEM -> "ENOMEM (out of memory)";
            case EACCES -> "EACCES (permission denied)";
            case EBUSY -> "EBUSY (busy)";
            case EEXIST -> "EEXIST (exists already)";
            case EINVAL -> "EINVAL (invalid argument)";
            case EMFILE -> "EMFILE (too many open files)";
            case ENOSYS -> "ENOSYS (not in this kernel)";
            case EPROTONOSUPPORT -> "EPROTONOSUPPORT (protocol not in this kernel)";
            case EOPNOTSUPP -> "EOPNOTSUPP (not supported)";
            case EAFNOSUPPORT -> "EAFNOSUPPORT (address family not in this kernel)";
            case ENOBUFS -> "ENOBUFS (buffer overrun)";
            case ECONNREFUSED -> "ECONNREFUSED (connection refused)";
            default -> "errno " + errno;
        };
    }

    /** The error number of asm-generic/errno.h. */
    public int errno() {
        return errno;
    }
}
