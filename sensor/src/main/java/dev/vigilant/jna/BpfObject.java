// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.jna;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.io.Closeable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A compiled object of eBPF programs and maps, loaded by libbpf. Everything in the kernel that it made is gone when it is
 * closed, or when the process ends in any way: nothing is pinned.
 *
 * <p>Threading: one thread, but for the memory of {@link #variables}. Cold: only loading and looking at counters.
 */
public final class BpfObject implements Closeable {
    private static final int BPF_TRACE_RAW_TP = 23;
    private static final String TRACEPOINT = "tp_btf/";
    private static final int KEPT_LINES = 12;
    private static final int LINE = 4096;

    /** Told by libbpf: warnings, the verifier's log. Kept here because the library keeps no reference that Java sees. */
    private static final Deque<String> SAID = new ArrayDeque<>();

    private static final Libbpf.Print PRINT = BpfObject::said;
    private static final int WARNING = 0;
    private static final int PROT_READ_WRITE = 3;
    private static final long MEMBARRIER = 324;
    private static final long MEMBARRIER_ARM = 283;
    private static final int MEMBARRIER_CMD_GLOBAL = 1;
    private static final long REFUSED_WAIT_NANOS = 50_000_000;
    private static final int MAP_SHARED = 1;

    private final Memory elf;
    private final Pointer object;
    private final Map<String, Pointer> programs = new LinkedHashMap<>();
    private final Map<String, Pointer> maps = new LinkedHashMap<>();
    private final Set<String> leftOut = new HashSet<>();
    private final List<Pointer> links = new ArrayList<>();
    private @Nullable Pointer variables;
    private int variableBytes;
    private boolean closed;

    private BpfObject(Memory elf, Pointer object) {
        this.elf = elf;
        this.object = object;
        for (Pointer p = next(null); p != null; p = next(p)) {
            programs.put(Libbpf.bpf_program__name(p), p);
        }
        for (Pointer m = nextMap(null); m != null; m = nextMap(m)) {
            maps.put(Libbpf.bpf_map__name(m), m);
        }
    }

    private @Nullable Pointer next(@Nullable Pointer program) {
        return Libbpf.bpf_object__next_program(object, program);
    }

    private @Nullable Pointer nextMap(@Nullable Pointer map) {
        return Libbpf.bpf_object__next_map(object, map);
    }

    /**
     * Opens an object without loading it.
     *
     * @throws NativeFailure when libbpf is missing or does not take the object
     */
    public static BpfObject open(byte[] elf) throws NativeFailure {
        try {
            Libbpf.libbpf_set_print(PRINT);
        } catch (UnsatisfiedLinkError missing) {
            throw new NativeFailure("libbpf.so.1 is not there: install libbpf1", NativeFailure.ENOENT);
        }
        Memory copy = new Memory(elf.length);
        copy.write(0, elf, 0, elf.length);
        Pointer object = Libbpf.bpf_object__open_mem(copy, elf.length, null);
        if (object == null) {
            throw new NativeFailure("eBPF object" + lastSaid(), Native.getLastError());
        }
        return new BpfObject(copy, object);
    }

    @SuppressWarnings("UnusedVariable") // the signature is libbpf's
    private static int said(int level, Pointer format, Pointer arguments) {
        if (level == WARNING) {
            try (Memory line = new Memory(LINE)) {
                Libc.vsnprintf(line, LINE, format, arguments);
                synchronized (SAID) {
                    SAID.add(line.getString(0).trim());
                    if (SAID.size() > KEPT_LINES) {
                        SAID.remove();
                    }
                }
            }
        }
        return 0;
    }

    private static String lastSaid() {
        synchronized (SAID) {
            String text = SAID.isEmpty() ? "" : ": " + String.join("\n", SAID);
            SAID.clear();
            return text;
        }
    }

    /** What libbpf warned of since this was asked last. */
    public static List<String> warnings() {
        synchronized (SAID) {
            List<String> warnings = List.copyOf(SAID);
            SAID.clear();
            return warnings;
        }
    }

    /** Names of the programs. */
    public List<String> programs() {
        return List.copyOf(programs.keySet());
    }

    /** Whether the kernel has the tracepoint that a program is for. */
    public boolean hasHook(String program) {
        String section = Libbpf.bpf_program__section_name(program(program));
        return !section.startsWith(TRACEPOINT)
                || Libbpf.libbpf_find_vmlinux_btf_id(section.substring(TRACEPOINT.length()), BPF_TRACE_RAW_TP) > 0;
    }

    /** Whether the kernel offers a function to eBPF programs. */
    public static boolean hasFunction(String name) {
        return Libbpf.libbpf_find_vmlinux_btf_id(name, 0) > 0;
    }

    /** Name of the tracepoint that a program is for. */
    public String hook(String program) {
        String section = Libbpf.bpf_program__section_name(program(program));
        return section.substring(section.indexOf('/') + 1);
    }

    /** Does not load a program. */
    public void leaveOut(String program) {
        Libbpf.bpf_program__set_autoload(program(program), false);
        leftOut.add(program);
    }

    /** Sets the size of a map; for a ring buffer in bytes, a power of two. Before {@link #load}. */
    public void resize(String map, int entries) {
        Libbpf.bpf_map__set_max_entries(map(map), entries);
    }

    /** Sets a constant that has a section of its own, of 4 bytes. Before {@link #load}: the verifier judges by it. */
    public void setConstant(String section, int value) throws NativeFailure {
        try (Memory memory = new Memory(Integer.BYTES)) {
            memory.setInt(0, value);
            int answer = Libbpf.bpf_map__set_initial_value(map(section), memory, Integer.BYTES);
            if (answer < 0) {
                throw new NativeFailure("eBPF constant " + section, -answer);
            }
        }
    }

    /** @throws NativeFailure when the kernel refuses; the message has what is missing, or the end of the verifier's log */
    public void load() throws NativeFailure {
        int answer = Libbpf.bpf_object__load(object);
        if (answer < 0) {
            String said = lastSaid();
            throw new NativeFailure(
                    answer == -NativeFailure.EPERM
                            ? "eBPF programs need root, or CAP_BPF, CAP_PERFMON and CAP_SYS_RESOURCE"
                            : "eBPF programs" + said,
                    -answer);
        }
    }

    /**
     * Attaches all programs that were not left out.
     *
     * @throws NativeFailure when the kernel refuses
     */
    public void attachLoaded() throws NativeFailure {
        for (Map.Entry<String, Pointer> program : programs.entrySet()) {
            if (!leftOut.contains(program.getKey())) {
                Pointer link = Libbpf.bpf_program__attach(program.getValue());
                if (link == null) {
                    throw new NativeFailure("eBPF program " + program.getKey() + lastSaid(), Native.getLastError());
                }
                links.add(link);
            }
        }
    }

    /** Takes all programs off their hooks. */
    public void detach() {
        links.forEach(Libbpf::bpf_link__destroy);
        links.clear();
    }

    /**
     * The programs' variables, shared with the kernel.
     *
     * @param bytes how many they have
     */
    public ByteBuffer variables(int bytes) throws NativeFailure {
        for (Map.Entry<String, Pointer> map : maps.entrySet()) {
            if (map.getKey().endsWith(".bss")) {
                try {
                    variables = Libc.mmap(
                            Pointer.NULL, bytes, PROT_READ_WRITE, MAP_SHARED, Libbpf.bpf_map__fd(map.getValue()), 0);
                } catch (LastErrorException e) {
                    throw new NativeFailure("mmap of the eBPF programs' variables", e);
                }
                variableBytes = bytes;
                return variables.getByteBuffer(0, bytes).order(ByteOrder.nativeOrder());
            }
        }
        throw new NativeFailure("eBPF object without variables", NativeFailure.EINVAL);
    }

    /** The ring buffer of a map. */
    public BpfRing ring(String map, int bytes) throws NativeFailure {
        return new BpfRing(Libbpf.bpf_map__fd(map(map)), bytes);
    }

    /** Number of processors that the kernel may ever have. */
    public static int processors() {
        return Libbpf.libbpf_num_possible_cpus();
    }

    /**
     * Returns once all programs have ended that ran when it was called: they run under RCU, whose grace period membarrier(2)
     * waits for. Kernels with nohz_full processors refuse that; no program lasts as long as is waited there.
     */
    public static void awaitRunningPrograms() {
        long membarrier = System.getProperty("os.arch", "").equals("aarch64") ? MEMBARRIER_ARM : MEMBARRIER;
        try {
            Libc.syscall(membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0, 0, 0);
        } catch (LastErrorException refused) {
            LockSupport.parkNanos(REFUSED_WAIT_NANOS);
        }
    }

    /** Writes an entry of a hash map with keys and values of 8 bytes. */
    public void put(String map, long key, long value) throws NativeFailure {
        put(
                map,
                ByteBuffer.allocate(8)
                        .order(ByteOrder.nativeOrder())
                        .putLong(key)
                        .array(),
                value);
    }

    /** Writes an entry of a hash map with values of 8 bytes; the key is as long as the map's keys. */
    public void put(String map, byte[] key, long value) throws NativeFailure {
        try (Memory memory = new Memory(key.length + 8L)) {
            memory.write(0, key, 0, key.length);
            memory.setLong(key.length, value);
            int answer = Libbpf.bpf_map_update_elem(Libbpf.bpf_map__fd(map(map)), memory, memory.share(key.length), 0);
            if (answer < 0) {
                throw new NativeFailure("eBPF map " + map, -answer);
            }
        }
    }

    /** Removes an entry of a hash map with keys of 8 bytes; one that is not there is no failure. */
    public void remove(String map, long key) {
        remove(
                map,
                ByteBuffer.allocate(8)
                        .order(ByteOrder.nativeOrder())
                        .putLong(key)
                        .array());
    }

    /** Removes an entry of a hash map; one that is not there is no failure. */
    public void remove(String map, byte[] key) {
        try (Memory memory = new Memory(key.length)) {
            memory.write(0, key, 0, key.length);
            Libbpf.bpf_map_delete_elem(Libbpf.bpf_map__fd(map(map)), memory);
        }
    }

    /** The sum over all processors of an entry of a per-cpu array with values of 8 bytes. */
    public long sum(String map, int index) {
        int processors = processors();
        try (Memory memory = new Memory(8L + 8L * processors)) {
            memory.setInt(0, index);
            if (Libbpf.bpf_map_lookup_elem(Libbpf.bpf_map__fd(map(map)), memory, memory.share(8)) < 0) {
                return 0;
            }
            long sum = 0;
            for (int cpu = 0; cpu < processors; cpu++) {
                sum += memory.getLong(8L + 8L * cpu);
            }
            return sum;
        }
    }

    private Pointer program(String name) {
        Pointer program = programs.get(name);
        if (program == null) {
            throw new IllegalArgumentException("no eBPF program " + name);
        }
        return program;
    }

    private Pointer map(String name) {
        Pointer map = maps.get(name);
        if (map == null) {
            throw new IllegalArgumentException("no eBPF map " + name);
        }
        return map;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            detach();
            if (variables != null) {
                Libc.munmap(variables, variableBytes);
            }
            Libbpf.bpf_object__close(object);
            elf.close();
        }
    }
}
