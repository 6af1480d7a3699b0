// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.daemon;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Files and directories, looked at now and then. Not by inotify, which says nothing of files on network mounts and loses
 * track where a directory is swapped by a link, as Kubernetes does with what it mounts.
 *
 * <p>A change counts when it has lasted from one look to the next: until then somebody may still be writing.
 */
final class WatchedFiles {
    private final List<Path> paths;
    private Map<Path, String> known;
    private Map<Path, String> last;

    WatchedFiles(List<Path> paths) {
        this.paths = List.copyOf(paths);
        this.known = look();
        this.last = known;
    }

    /** Whether they have changed since the last time that this said so, and are at rest. */
    boolean changed() {
        Map<Path, String> now = look();
        boolean atRest = now.equals(last);
        last = now;
        if (!atRest || now.equals(known)) {
            return false;
        }
        known = now;
        return true;
    }

    /** What is there now is known. */
    void accept() {
        known = look();
        last = known;
    }

    private Map<Path, String> look() {
        Map<Path, String> found = new TreeMap<>();
        for (Path path : paths) {
            try (Stream<Path> files = Files.walk(path, FileVisitOption.FOLLOW_LINKS)) {
                files.filter(Files::isRegularFile).forEach(file -> found.put(file, state(file)));
            } catch (IOException | UncheckedIOException gone) {
                found.put(path, "gone");
            }
        }
        return found;
    }

    private static String state(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return attributes.lastModifiedTime() + " " + attributes.size() + " " + attributes.fileKey();
        } catch (IOException gone) {
            return "gone";
        }
    }
}
