// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.translate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Numbers of users and groups by their names, as the node's files have them. */
public final class Accounts {
    /** Knows {@code root} only. */
    public static final Accounts NONE = new Accounts(Map.of("root", 0L), Map.of("root", 0L));

    private final Map<String, Long> users;
    private final Map<String, Long> groups;

    /**
     * Names and numbers.
     *
     * @param users uid by name
     * @param groups gid by name
     */
    public Accounts(Map<String, Long> users, Map<String, Long> groups) {
        this.users = Map.copyOf(users);
        this.groups = Map.copyOf(groups);
    }

    /** Those of {@code /etc/passwd} and {@code /etc/group}; {@link #NONE} where they cannot be read. */
    public static Accounts ofNode() {
        return new Accounts(read(Path.of("/etc/passwd")), read(Path.of("/etc/group")));
    }

    private static Map<String, Long> read(Path file) {
        Map<String, Long> numbers = new HashMap<>(Map.of("root", 0L));
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (IOException e) {
            return numbers;
        }
        for (String line : lines) {
            String[] parts = line.split(":", -1);
            if (parts.length > 2 && parts[2].matches("[0-9]{1,10}")) {
                numbers.putIfAbsent(parts[0], Long.parseLong(parts[2]));
            }
        }
        return numbers;
    }

    /** The number of a user or group; empty for a name that the node does not have. */
    public OptionalLong number(String name, boolean group) {
        Long number = (group ? groups : users).get(name);
        return number == null ? OptionalLong.empty() : OptionalLong.of(number);
    }
}
