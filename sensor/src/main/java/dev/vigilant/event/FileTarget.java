// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.event;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A file that an event is about.
 *
 * @param path absolute and normalised, as the process sees it (its own root and mount namespace); the best the source can
 *     give: the kernel's own walk with eBPF, name and working directory with audit
 * @param rawPath what the program asked for, null when the source does not tell
 * @param inode inode number, 0 when not told (the file did not exist)
 * @param deviceMajor major number of the file system the file lies on, -1 when not told
 * @param deviceMinor minor number of the file system the file lies on, -1 when not told
 * @param mode S_IF* type and permission bits, 0 when not told
 * @param uid owner, -1 when not told
 * @param gid group, -1 when not told
 * @param rdevMajor for device nodes, the device's major number, 0 otherwise
 * @param rdevMinor for device nodes, the device's minor number, 0 otherwise
 * @param fileSystem type of the file system the file lies on ({@code overlay}, {@code debugfs}), null when not known
 */
public record FileTarget(
        String path,
        @Nullable String rawPath,
        long inode,
        int deviceMajor,
        int deviceMinor,
        int mode,
        long uid,
        long gid,
        int rdevMajor,
        int rdevMinor,
        @Nullable String fileSystem) {
    private static final int S_IFMT = 0170000;
    private static final List<String> OWN = List.of("/proc/self", "/proc/thread-self");

    /** A file of which only the path is known. */
    public static FileTarget ofPath(String path) {
        return new FileTarget(path, path, 0, -1, -1, 0, -1, -1, 0, 0, null);
    }

    /** The same file, with what the program asked for. */
    public FileTarget withRawPath(@Nullable String raw) {
        return new FileTarget(
                path, raw, inode, deviceMajor, deviceMinor, mode, uid, gid, rdevMajor, rdevMinor, fileSystem);
    }

    /** Last component of the path. */
    @Derived
    public String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** The path without its last component, {@code /} for a file of the root directory. */
    @Derived
    public String directory() {
        int slash = path.lastIndexOf('/');
        return slash <= 0 ? "/" : path.substring(0, slash);
    }

    /** ECS {@code file.type}, empty when the mode is not known. */
    public String type() {
        return switch (mode & S_IFMT) {
            case 0100000 -> "file";
            case 0040000 -> "directory";
            case 0120000 -> "symlink";
            case 0060000 -> "block_device";
            case 0020000 -> "character_device";
            case 0010000 -> "fifo";
            case 0140000 -> "socket";
            default -> "";
        };
    }

    /**
     * Empty for no name: the descriptor itself was meant. Joins and takes out {@code .}, {@code ..} and double slashes, by name
     * alone: links were followed by the kernel. Of the links only those that a process has to its own root and working
     * directory can be followed here.
     */
    public static String absolute(@Nullable String directory, @Nullable String name) {
        if (name == null || name.isEmpty()) {
            return "";
        }
        boolean rooted = name.startsWith("/");
        if (!rooted && directory == null) {
            return name;
        }
        String joined = withoutOwnLinks(rooted ? name : directory + "/" + name, directory);
        if (!joined.contains("//") && !joined.contains("/.") && (joined.length() == 1 || !joined.endsWith("/"))) {
            return joined;
        }
        Deque<String> parts = new ArrayDeque<>();
        for (String part : joined.split("/", -1)) {
            if (part.equals("..")) {
                parts.pollLast();
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.add(part);
            }
        }
        return "/" + String.join("/", parts);
    }

    private static String withoutOwnLinks(String path, @Nullable String directory) {
        if (!path.startsWith("/proc/")) {
            return path;
        }
        for (String self : OWN) {
            if (path.startsWith(self + "/root/")) {
                return path.substring(self.length() + 5);
            }
            if (directory != null && path.startsWith(self + "/cwd/")) {
                return directory + path.substring(self.length() + 4);
            }
        }
        return path;
    }
}
