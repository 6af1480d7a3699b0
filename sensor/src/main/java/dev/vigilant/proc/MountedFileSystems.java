// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.proc;

import dev.vigilant.jna.AnonymousMount;
import dev.vigilant.source.FileSystems;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * File system types by device number: what is mounted on the host, and those file systems that exist once in the kernel
 * whether mounted or not.
 *
 * <p>Threading: one thread, the sensor's.
 */
public final class MountedFileSystems implements FileSystems {
    /**
     * One instance in the kernel each, so their device number says what they are in any mount namespace. The kernel itself
     * keeps them while they have files, so the number stays when nobody has them mounted.
     */
    private static final List<String> SINGLETONS = List.of("debugfs", "tracefs", "securityfs", "configfs", "selinuxfs");

    /** proc(5): mount id, parent id, major:minor, root, mount point, options, optional fields, a dash, the type. */
    private static final Pattern MOUNT = Pattern.compile("\\d+ \\d+ (\\d{1,9}):(\\d{1,9}) .*? - (\\S+)");

    private final Path mountinfo;
    private final Map<Long, String> singletons = new HashMap<>();
    private final Map<Long, String> mounted = new HashMap<>();

    /** @param mountinfo {@code /proc/self/mountinfo}, or pid 1's */
    public MountedFileSystems(Path mountinfo) {
        this.mountinfo = mountinfo;
        for (String type : SINGLETONS) {
            OptionalLong device = AnonymousMount.deviceOf(type);
            if (device.isPresent()) {
                singletons.put(device.getAsLong(), type);
            }
        }
        refresh();
    }

    /** Reads the mounts again: device numbers of file systems without a device are given anew after an unmount. */
    public void refresh() {
        mounted.clear();
        try {
            for (String line : Files.readAllLines(mountinfo, StandardCharsets.ISO_8859_1)) {
                learn(line);
            }
        } catch (IOException unreadable) {
            // Types are not known then, which is an answer.
        }
    }

    private void learn(String line) {
        Matcher matcher = MOUNT.matcher(line);
        if (matcher.lookingAt()) {
            long major = Long.parseLong(matcher.group(1));
            long minor = Long.parseLong(matcher.group(2));
            mounted.put(major << 32 | minor, matcher.group(3));
        }
    }

    @Override
    public @Nullable String typeOf(int major, int minor) {
        long device = (long) major << 32 | minor;
        String type = singletons.get(device);
        return type != null ? type : mounted.get(device);
    }

    /** The file systems that are known without being mounted. */
    public Collection<String> singletons() {
        return List.copyOf(singletons.values());
    }
}
