// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.jna;

import com.sun.jna.Native;
import com.sun.jna.ptr.IntByReference;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/** The eBPF programs, maps and links that the kernel holds, each as {@code prog 17}. */
public final class KernelObjects {
    static {
        Native.register(KernelObjects.class, "libbpf.so.1");
    }

    private KernelObjects() {}

    static native int bpf_prog_get_next_id(int start, IntByReference next);

    static native int bpf_map_get_next_id(int start, IntByReference next);

    static native int bpf_link_get_next_id(int start, IntByReference next);

    private interface Next {
        int after(int start, IntByReference next);
    }

    /** Those that a process has descriptors of. */
    public static Set<String> of(long pid) throws IOException {
        Set<String> objects = new TreeSet<>();
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/" + pid + "/fdinfo"))) {
            for (Path descriptor : descriptors) {
                try {
                    // A link's says which program it is for as well.
                    Files.readAllLines(descriptor).stream()
                            .filter(line -> line.matches("(prog|map|link)_id:\\s*[0-9]+"))
                            .forEach(line -> objects.add(line.replaceAll("_id:\\s*", " ")));
                } catch (NoSuchFileException closed) {
                    // The descriptor of the listing itself.
                }
            }
        }
        return objects;
    }

    /** Those of the whole machine. */
    public static Set<String> all() {
        Set<String> objects = new TreeSet<>();
        list("prog ", KernelObjects::bpf_prog_get_next_id, objects);
        list("map ", KernelObjects::bpf_map_get_next_id, objects);
        list("link ", KernelObjects::bpf_link_get_next_id, objects);
        return objects;
    }

    private static void list(String what, Next next, Set<String> objects) {
        IntByReference id = new IntByReference();
        for (int last = 0; next.after(last, id) == 0; last = id.getValue()) {
            objects.add(what + id.getValue());
        }
    }
}
