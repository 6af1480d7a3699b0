// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.proc;

import dev.vigilant.jna.AnonymousMount;
import dev.vigilant.source.FileSystems;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * File system types by device number: what is mounted on the host, and those file systems that exist once in the kernel
 * whether mounted or not.
 *
 * <p>Threading: one thread, the sensor's.
 */
public final class MountedFileSystems implements FileSystems {
    /** One instance in the kernel each, so their device number says what they are in any mount namespace. */
    private static final List<String> SINGLETONS = List.of("debugfs", "tracefs", "securityfs", "configfs", "selinuxfs");

    private final Map<Long, String> types = new HashMap<>();

    /** @param mountinfo {@code /proc/self/mountinfo}, or pid 1's */
    public MountedFileSystems(Path mountinfo) {
        for (String type : SINGLETONS) {
            OptionalLong device = AnonymousMount.deviceOf(type);
            if (device.isPresent()) {
                types.put(device.getAsLong(), type);
            }
        }
        read(mountinfo);
    }

    private void read(Path mountinfo) {
        List<String> lines;
        try {
            lines = Files.readAllLines(mountinfo, StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            return;
        }
        for (String line : lines) {
            int dash = line.indexOf(" - ");
            String[] fields = line.split(" ", 4);
            int colon = fields.length < 4 ? -1 : fields[2].indexOf(':');
            if (dash > 0 && colon > 0) {
                long major = Long.parseLong(fields[2].substring(0, colon));
                long minor = Long.parseLong(fields[2].substring(colon + 1));
                types.putIfAbsent(major << 32 | minor, line.substring(dash + 3).split(" ", 2)[0]);
            }
        }
    }

    @Override
    public @Nullable String typeOf(int major, int minor) {
        return types.get((long) major << 32 | minor);
    }
}
