// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.jna;

import com.sun.jna.Callback;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * The functions of libbpf 1.x that are used, mapped directly. On failure they answer null or a negated errno.
 *
 * <p>Loading this class fails with an {@link UnsatisfiedLinkError} where the library is missing.
 */
final class Libbpf {
    static {
        Native.register(Libbpf.class, "libbpf.so.1");
    }

    private Libbpf() {}

    /** Takes what libbpf has to say. */
    interface Print extends Callback {
        /** {@code format} and {@code arguments} are for vsnprintf. */
        int print(int level, Pointer format, Pointer arguments);
    }

    static native @Nullable Pointer libbpf_set_print(Print print);

    static native @Nullable Pointer bpf_object__open_mem(Pointer elf, long size, @Nullable Pointer options);

    static native int bpf_object__load(Pointer object);

    static native void bpf_object__close(Pointer object);

    static native @Nullable Pointer bpf_object__next_program(Pointer object, @Nullable Pointer previous);

    static native @Nullable Pointer bpf_object__next_map(Pointer object, @Nullable Pointer previous);

    static native String bpf_program__name(Pointer program);

    static native String bpf_program__section_name(Pointer program);

    static native int bpf_program__set_autoload(Pointer program, boolean autoload);

    static native @Nullable Pointer bpf_program__attach(Pointer program);

    static native int bpf_link__destroy(Pointer link);

    static native String bpf_map__name(Pointer map);

    static native int bpf_map__fd(Pointer map);

    static native int bpf_map__set_max_entries(Pointer map, int entries);

    static native int bpf_map__set_initial_value(Pointer map, Pointer data, long size);

    static native int bpf_map_lookup_elem(int fd, Pointer key, Pointer value);

    static native int bpf_map_update_elem(int fd, Pointer key, Pointer value, long flags);

    static native int bpf_map_delete_elem(int fd, Pointer key);

    static native int libbpf_find_vmlinux_btf_id(String name, int attachType);

    static native int libbpf_num_possible_cpus();
}
