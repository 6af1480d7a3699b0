// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.bpf;

import dev.vigilant.counter.Counter;
import dev.vigilant.counter.Counters;
import dev.vigilant.event.Actor;
import dev.vigilant.event.Context;
import dev.vigilant.event.EventKind;
import dev.vigilant.event.Origin;
import dev.vigilant.event.SensorHealth;
import dev.vigilant.jna.BpfObject;
import dev.vigilant.jna.NativeFailure;
import dev.vigilant.source.EnvironmentDemand;
import dev.vigilant.source.EventSink;
import dev.vigilant.source.FrameReader;
import dev.vigilant.source.FrameSink;
import dev.vigilant.source.Interest;
import dev.vigilant.source.Support;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The programs in the kernel and what they tell. All that it made in the kernel goes with it, or with the process.
 *
 * <p>Threading: the sensor thread; {@link #want} from the same.
 */
public final class BpfSensor implements FrameReader {
    private static final System.Logger LOG = System.getLogger(BpfSensor.class.getName());
    private static final String COMPONENTS = "components";

    /** The kernel's function by which programs read its memory with plain loads, and whether they are to call it (load.h). */
    private static final String CAST = "bpf_rdonly_cast";

    private static final String HAS_CAST = ".rodata.cast";

    /** Without these it would sense nothing of use. */
    private static final Set<String> NEEDED = Set.of("syscall_exit", "process_fork", "process_exec", "process_exit");

    /** What is not seen without a program. */
    private static final Map<String, String> BLIND = Map.of(
            "signal_sent", "signals that were sent",
            "capability_used", "use of capabilities",
            "uring_submitted", "operations submitted to io_uring",
            "syscall_exit", "system calls",
            "process_fork", "forks",
            "process_exec", "programs executed",
            "process_exit", "processes that end");

    private final BpfObject object;
    private final RingReader reader;
    private final ControlTables tables;
    private final List<String> missing = new ArrayList<>();
    private final Map<EventKind, Long> lostTold = new EnumMap<>(EventKind.class);
    /** Keys of the map by generation. */
    private final List<Set<Long>> componentsPut = List.of(new HashSet<>(), new HashSet<>());

    private final EnvironmentKeys environmentKeys;
    private final RecordEnvironment environments = new RecordEnvironment();
    private EnvironmentDemand environment = EnvironmentDemand.NONE;
    private boolean casts;

    /**
     * How to sense.
     *
     * @param floodBytes room for what everyday work does in great numbers, a power of two
     * @param vitalBytes room for processes and for what only an attack does, a power of two
     * @param leftOut programs that are not to be loaded and functions of the kernel's that are not to be called, by name
     */
    public record Settings(int floodBytes, int vitalBytes, Set<String> leftOut) {
        public Settings {
            leftOut = Set.copyOf(leftOut);
        }
    }

    /**
     * Loads the programs; nothing is sensed before {@link #start}.
     *
     * @param proc /proc of the host
     * @throws IOException when the kernel or the machine does not let us; the message says why and what helps
     */
    public BpfSensor(Settings settings, Path proc) throws IOException {
        this.object = load(settings);
        try {
            this.tables = new ControlTables(object.variables(ControlTables.SIZE));
            this.environmentKeys = new EnvironmentKeys(object, tables);
            tables.identify((int) ProcessHandle.current().pid(), mountNamespace(proc));
            this.reader = new RingReader(
                    object.ring("vital", settings.vitalBytes()), object.ring("flood", settings.floodBytes()));
        } catch (IOException | RuntimeException e) {
            object.close();
            throw e;
        }
    }

    /** With the cast where the kernel has it and takes the programs with it. */
    private BpfObject load(Settings settings) throws IOException {
        byte[] elf = elf();
        boolean cast = !settings.leftOut().contains(CAST);
        if (cast) {
            BpfObject.open(elf).close();
            cast = BpfObject.hasFunction(CAST);
        }
        if (cast) {
            try {
                return load(elf, settings, true);
            } catch (NativeFailure refused) {
                if (refused.errno() == NativeFailure.EPERM) {
                    throw refused;
                }
                LOG.log(Level.INFO, "programs that read by plain loads are refused: " + refused.getMessage());
                missing.clear();
            }
        }
        return load(elf, settings, false);
    }

    private BpfObject load(byte[] elf, Settings settings, boolean cast) throws IOException {
        BpfObject loading = BpfObject.open(elf);
        try {
            leaveOut(loading, settings.leftOut());
            loading.setConstant(HAS_CAST, cast ? 1 : 0);
            loading.resize("flood", settings.floodBytes());
            loading.resize("vital", settings.vitalBytes());
            loading.resize("scratches", 3 * BpfObject.processors());
            loading.load();
            casts = cast;
            return loading;
        } catch (IOException | RuntimeException e) {
            loading.close();
            throw e;
        }
    }

    private static byte[] elf() throws IOException {
        try (InputStream in = BpfSensor.class.getResourceAsStream("vigilant.bpf.o")) {
            if (in == null) {
                throw new IOException("the eBPF programs are missing from this build");
            }
            return in.readAllBytes();
        }
    }

    private void leaveOut(BpfObject loading, Set<String> unwanted) throws IOException {
        for (String program : loading.programs()) {
            boolean there = loading.hasHook(program);
            if (there && !unwanted.contains(program)) {
                continue;
            }
            if (!there && NEEDED.contains(program)) {
                throw new IOException("the kernel has no tracepoint " + loading.hook(program)
                        + " with type information: use --sensor audit");
            }
            loading.leaveOut(program);
            String blind = BLIND.get(program);
            if (blind != null) {
                missing.add(blind + ": "
                        + (there ? "switched off" : "this kernel has no tracepoint " + loading.hook(program)));
            }
        }
    }

    /** The host's: that of pid 1, or where that may not be looked at, the daemon's own. */
    private static int mountNamespace(Path proc) throws IOException {
        String link;
        try {
            link = Files.readSymbolicLink(proc.resolve("1/ns/mnt")).toString();
        } catch (AccessDeniedException hidden) {
            link = Files.readSymbolicLink(Path.of("/proc/self/ns/mnt")).toString();
        } catch (NoSuchFileException missing) {
            throw new IOException(
                    "no process of the host at " + missing.getMessage() + ": is root the host's?", missing);
        }
        return Integer.parseUnsignedInt(link.substring(link.indexOf('[') + 1, link.indexOf(']')));
    }

    /**
     * Says what is wanted from now on. An event that happens meanwhile is judged by what was wanted before or by what is wanted
     * now, never by a mixture. Takes some ten milliseconds.
     */
    public void want(Collection<Interest> interests) throws NativeFailure {
        Plans plans = Plans.of(interests);
        // The last change may have been a moment ago.
        BpfObject.awaitRunningPrograms();
        int generation = tables.spare();
        Set<Long> before = componentsPut.get(generation);
        before.forEach(key -> object.remove(COMPONENTS, key));
        before.clear();
        for (Map.Entry<Long, Long> entry : plans.components().bits().entrySet()) {
            long key = ControlTables.key(entry.getKey(), generation);
            object.put(COMPONENTS, key, entry.getValue());
            before.add(key);
        }
        environment = EnvironmentDemand.of(interests);
        environmentKeys.put(environment);
        tables.publish(plans);
    }

    /** Attaches the programs. */
    public void start() throws NativeFailure {
        object.attachLoaded();
    }

    /** Whether the programs read the kernel's memory by plain loads. */
    boolean casts() {
        return casts;
    }

    /** What is not seen here, a sentence each. */
    public List<String> missing() {
        return List.copyOf(missing);
    }

    /**
     * Says whether the rings are looked at by the clock: then records wake nobody. Once that is taken back, a program that had
     * looked just before may still leave a record that wakes nobody: look once more before waiting on {@link #fds}.
     */
    public void readByClock(boolean is) {
        tables.unwaking(is);
    }

    /** Descriptors to wait for. */
    public int[] fds() {
        return new int[] {reader.fd(), reader.floodFd()};
    }

    /** What nobody asks for of an environment goes no further. */
    @Override
    public int read(FrameSink sink) {
        return reader.read((channel, type, buffer, offset, length, time) ->
                sink.frame(channel, type, buffer, offset, environments.cut(buffer, offset, length, environment), time));
    }

    @Override
    public int fd() {
        return reader.fd();
    }

    /** Tells of records that found no room since the last call. */
    public void tellLoss(EventSink events, Counters counters, long nowNanos) {
        for (EventKind kind : EventKind.values()) {
            long lost = object.sum("lost", kind.ordinal());
            long before = lostTold.getOrDefault(kind, 0L);
            if (lost > before) {
                lostTold.put(kind, lost);
                counters.add(Counter.LOST_BPF_RING_FULL, lost - before);
                events.event(new SensorHealth(
                        Context.of(nowNanos, Origin.SENSOR, Actor.NONE),
                        Counter.LOST_BPF_RING_FULL.label() + ":" + kind.label(),
                        lost - before,
                        "the ring buffer was full: load fewer rules, or raise bpf.flood-bytes or bpf.vital-bytes"));
            }
        }
    }

    /** Stops sensing; what the rings hold can still be read. */
    public void stop() {
        object.detach();
    }

    @Override
    public void close() {
        reader.close();
        object.close();
    }

    /** Whether this node lets the programs be loaded. */
    public static Support probe(Path proc) {
        try (BpfSensor sensor = new BpfSensor(new Settings(1 << 16, 1 << 16, Set.of()), proc)) {
            List<String> warnings = BpfObject.warnings();
            String detail =
                    sensor.missing.isEmpty() ? "all programs load" : "not seen: " + String.join("; ", sensor.missing);
            return new Support.Supported(warnings.isEmpty() ? detail : detail + "; " + String.join("; ", warnings));
        } catch (IOException e) {
            return new Support.Unavailable(
                    String.valueOf(e.getMessage()),
                    "needs Linux 5.17 or later with BTF, libbpf1, and root or CAP_BPF, CAP_PERFMON and CAP_SYS_RESOURCE; audit is used instead");
        }
    }
}
