// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.daemon;

import dev.vigilant.alert.Host;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this node is called. */
final class Node {
    private Node() {}

    static Host host(Path root) {
        String name = read(root.resolve("proc/sys/kernel/hostname"), "unknown");
        String id = read(root.resolve("etc/machine-id"), "");
        return new Host(
                name,
                id,
                read(root.resolve("proc/sys/kernel/osrelease"), System.getProperty("os.version", "")),
                System.getProperty("os.arch", "").equals("amd64") ? "x86_64" : System.getProperty("os.arch", ""));
    }

    private static String read(Path file, String otherwise) {
        try {
            return Files.readString(file).trim();
        } catch (IOException e) {
            return otherwise;
        }
    }
}
