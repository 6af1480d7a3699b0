// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.bpf;

import dev.vigilant.bpf.BpfRecord.Tag;
import dev.vigilant.event.FileTarget;
import org.jspecify.annotations.Nullable;

/**
 * Files as the kernel's tree has them: struct file_section of record.h and the path behind it.
 *
 * <pre>
 *  0 inode(8)
 *  8 device(4) mode(4) uid(4) gid(4) rdev(4) flags(4)
 * 32 mnt_ns(4) f_flags(4)
 * 40 fs_type[16]
 * 56 path
 * </pre>
 *
 * <h2>Names</h2>
 *
 * A path is that of the process's mount namespace. A file of /proc about the process itself is named {@code /proc/self},
 * unless the program asked for a number: whoever reads {@code /proc/1} means pid 1. A file of another mount namespace is
 * named below {@code /proc/PID/root}, the one name under which the process can have it: with pid 1 for the host's, with
 * the number that was asked for, or with 0 where another way led there.
 */
final class RecordFiles {
    static final int DELETED = 1;
    static final int OVERLAY = 2;
    static final int UPPER = 4;
    static final int CREATED = 8;
    static final int FOREIGN = 32;
    static final int DETACHED = 64;
    static final int HOST = 128;
    static final int OWN = 256;
    static final int NAMED = 512;

    private static final int FLAGS = 28;
    private static final int FS_TYPE = 40;
    private static final int PATH = 56;
    private static final String PROC = "/proc/";

    private RecordFiles() {}

    /** The file of a descriptor, or null when it was not taken along. */
    static @Nullable FileTarget open(BpfRecord record, int argument, @Nullable String rawPath) {
        int at = record.find(Tag.FILE, argument);
        if (at < 0 || record.length(at) < PATH) {
            return null;
        }
        int device = record.intAt(at, 8);
        int rdev = record.intAt(at, 24);
        String path = path(record, at, rawPath);
        return new FileTarget(
                path,
                rawPath == null ? path : rawPath,
                record.longAt(at, 0),
                device >>> 20,
                device & 0xfffff,
                record.intAt(at, 12),
                record.intAt(at, 16) & 0xffffffffL,
                record.intAt(at, 20) & 0xffffffffL,
                rdev >>> 20,
                rdev & 0xfffff,
                record.textAt(at, FS_TYPE, 16));
    }

    /** FILE_* flags of a descriptor's file, 0 when it was not taken along. */
    static int flags(BpfRecord record, int argument) {
        int at = record.find(Tag.FILE, argument);
        return at < 0 ? 0 : record.intAt(at, FLAGS);
    }

    private static String path(BpfRecord record, int at, @Nullable String rawPath) {
        String path = record.textAt(at, PATH, Integer.MAX_VALUE);
        int flags = record.intAt(at, FLAGS);
        if ((flags & OWN) != 0 && path.startsWith(PROC) && !isNumbered(rawPath)) {
            int slash = path.indexOf('/', PROC.length());
            return slash < 0 ? "/proc/self" : "/proc/self" + path.substring(slash);
        }
        if ((flags & HOST) != 0) {
            return "/proc/1/root" + path;
        }
        return (flags & FOREIGN) != 0 ? PROC + numberIn(rawPath) + "/root" + path : path;
    }

    /** The pid of {@code /proc/PID/...}; 0 where another way led there. */
    private static String numberIn(@Nullable String rawPath) {
        int end = PROC.length();
        if (rawPath == null || !isNumbered(rawPath)) {
            return "0";
        }
        while (end < rawPath.length() && Character.isDigit(rawPath.charAt(end))) {
            end++;
        }
        return rawPath.substring(PROC.length(), end);
    }

    private static boolean isNumbered(@Nullable String rawPath) {
        return rawPath != null
                && rawPath.startsWith(PROC)
                && rawPath.length() > PROC.length()
                && Character.isDigit(rawPath.charAt(PROC.length()));
    }

    /**
     * The path that the root of a descriptor's mount has elsewhere, or where the mount is when it stays there; null when it is
     * not known.
     */
    static @Nullable String source(BpfRecord record, int argument, boolean stays) {
        int at = record.find(Tag.FILE, argument);
        int flags = at < 0 ? 0 : record.intAt(at, FLAGS);
        boolean placed = stays && (flags & (FOREIGN | DETACHED)) == 0;
        return at < 0 || (!placed && (flags & NAMED) == 0) ? null : path(record, at, null);
    }

    /** What /proc/PID/fd says of a descriptor: {@code socket:[17]}, {@code pipe:[18]}, {@code /dev/pts/0}. */
    static @Nullable String descriptor(BpfRecord record, int argument) {
        int at = record.find(Tag.FILE, argument);
        if (at < 0 || record.length(at) < PATH) {
            return null;
        }
        return switch (record.textAt(at, FS_TYPE, 16)) {
            case "sockfs" -> "socket:[" + record.longAt(at, 0) + "]";
            case "pipefs" -> "pipe:[" + record.longAt(at, 0) + "]";
            default -> path(record, at, null);
        };
    }

    /**
     * The file of an argument: a descriptor's, or where a path leads. When that could not be told, the path joined to the directory
     * that it begins in; links in it are not followed.
     */
    static FileTarget named(BpfRecord record, int argument) {
        String raw = record.text(Tag.PATH, argument);
        FileTarget found = open(record, argument, raw);
        if (found != null) {
            return found;
        }
        if (raw == null) {
            return FileTarget.ofPath("");
        }
        String base = record.text(Tag.BASE, argument);
        // The root directory is its own parent: names are joined below it before it is put in front.
        boolean jailed = raw.startsWith("/") && base != null && base.length() > 1;
        String rooted = jailed ? base + FileTarget.absolute(null, raw) : raw;
        return FileTarget.ofPath(FileTarget.absolute(base, rooted)).withRawPath(raw);
    }
}
