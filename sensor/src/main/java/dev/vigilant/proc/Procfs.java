// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.proc;

import dev.vigilant.counter.Counter;
import dev.vigilant.counter.Counters;
import dev.vigilant.event.Capabilities;
import dev.vigilant.event.Credentials;
import dev.vigilant.event.ProcFacts;
import dev.vigilant.source.EnvironmentDemand;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads /proc/PID into values. A process that is gone, or goes while it is read, is normal: what was read before counts.
 *
 * <p>Threading: one thread. Allocation: a few KB a process.
 */
public final class Procfs {
    private static final int MAX_FILE = 64 << 10;
    private static final int CHUNK = 8 << 10;
    private static final int MAX_ENVIRONMENT = 4 << 20;
    private static final Pattern PID = Pattern.compile("\\d{1,9}");
    private static final Pattern CAPABILITIES =
            Pattern.compile("\\nCapPrm:\\s*([0-9a-f]{1,16})\\nCapEff:\\s*([0-9a-f]{1,16})\\n");
    private static final String DELETED = " (deleted)";
    private static final long NANOS_PER_TICK = 10_000_000L;

    private final Path proc;
    private final Counters counters;
    private final byte[] buffer = new byte[MAX_FILE];
    private final @Nullable String hostMountNamespace;
    private final long bootNanos;
    private EnvironmentDemand asked = EnvironmentDemand.NONE;

    /** @param proc {@code /proc}, or where the host's is mounted */
    public Procfs(Path proc, Counters counters) {
        this.proc = proc;
        this.counters = counters;
        this.hostMountNamespace = link(proc.resolve("1/ns/mnt"));
        this.bootNanos = bootTime();
    }

    private long bootTime() {
        String uptime = read(proc.resolve("uptime"));
        if (uptime == null) {
            return 0;
        }
        double seconds = Double.parseDouble(uptime.split(" ", 2)[0]);
        return System.currentTimeMillis() * 1_000_000L - (long) (seconds * 1e9);
    }

    /** Says what is read of environments from now on; nothing until then. */
    public void want(EnvironmentDemand demand) {
        asked = demand;
    }

    /** All processes that are there now. */
    public void scan(Consumer<ProcFacts> out) throws IOException {
        List<Integer> pids = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(proc, "[0-9]*")) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                if (PID.matcher(name).matches()) {
                    pids.add(Integer.parseInt(name));
                }
            }
        }
        // Parents mostly have smaller pids; lineage is complete sooner in this order.
        pids.sort(null);
        for (int pid : pids) {
            ProcFacts facts = snapshot(pid);
            if (facts != null) {
                out.accept(facts);
            }
        }
    }

    /** One process; null, and counted, when it is gone. */
    public @Nullable ProcFacts snapshot(int pid) {
        Path directory = proc.resolve(Integer.toString(pid));
        String stat = read(directory.resolve("stat"));
        int close = stat == null ? -1 : stat.lastIndexOf(')');
        if (stat == null || close < 0) {
            counters.increment(Counter.PROC_GONE);
            return null;
        }
        String name = stat.substring(Math.min(stat.indexOf('(') + 1, close), close);
        String[] rest = stat.substring(Math.min(close + 2, stat.length())).split(" ", -1);
        String cgroup = read(directory.resolve("cgroup"));
        String executable = link(directory.resolve("exe"));
        boolean deleted = executable != null && executable.endsWith(DELETED);
        String namespace = link(directory.resolve("ns/mnt"));
        String status = read(directory.resolve("status"));
        return new ProcFacts(
                pid,
                number(rest, 1),
                (bootNanos == 0 || rest.length < 20) ? 0L : bootNanos + (longNumber(rest, 19) * NANOS_PER_TICK),
                name,
                executable != null && deleted
                        ? executable.substring(0, executable.length() - DELETED.length())
                        : executable,
                deleted,
                arguments(directory),
                link(directory.resolve("cwd")),
                credentials(directory, status),
                cgroup,
                sameNamespace(namespace),
                link(directory.resolve("fd/0")),
                capabilities(status),
                number(rest, 2),
                environment(directory));
    }

    private @Nullable Boolean sameNamespace(@Nullable String namespace) {
        if (namespace == null || hostMountNamespace == null) {
            return null;
        }
        return namespace.equals(hostMountNamespace);
    }

    private List<String> arguments(Path directory) {
        String text = read(directory.resolve("cmdline"));
        if (text == null || text.isEmpty()) {
            return List.of();
        }
        String whole = text.endsWith("\0") ? text.substring(0, text.length() - 1) : text;
        return List.of(whole.split("\0", -1));
    }

    /** Read entry by entry, so that what is not asked for stays nowhere. */
    private Map<String, String> environment(Path directory) {
        List<String> entries = new ArrayList<>();
        if (asked.equals(EnvironmentDemand.NONE)) {
            return Map.of();
        }
        try (InputStream in = new BufferedInputStream(Files.newInputStream(directory.resolve("environ")), CHUNK)) {
            ByteArrayOutputStream entry = new ByteArrayOutputStream();
            int read = 0;
            for (int b = in.read(); b >= 0 && read < MAX_ENVIRONMENT; b = in.read()) {
                read++;
                if (b != 0) {
                    entry.write(b);
                } else {
                    String text = entry.toString(StandardCharsets.UTF_8);
                    if (asked.wants(text)) {
                        entries.add(text);
                    }
                    entry.reset();
                }
            }
        } catch (IOException gone) {
            return asked.wanted(entries);
        }
        return asked.wanted(entries);
    }

    private Credentials credentials(Path directory, @Nullable String status) {
        if (status == null) {
            return Credentials.UNKNOWN;
        }
        long[] uid = ids(status, "\nUid:");
        long[] gid = ids(status, "\nGid:");
        String login = read(directory.resolve("loginuid"));
        long auid = login == null ? Credentials.UNSET : id(login.trim());
        return new Credentials(auid, uid[0], gid[0], uid[1], uid[2], uid[3], gid[1], gid[2], gid[3]);
    }

    private static @Nullable Capabilities capabilities(@Nullable String status) {
        Matcher sets = CAPABILITIES.matcher(status == null ? "" : status);
        return sets.find()
                ? new Capabilities(Long.parseUnsignedLong(sets.group(2), 16), Long.parseUnsignedLong(sets.group(1), 16))
                : null;
    }

    private static long[] ids(String status, String key) {
        long[] ids = {Credentials.UNSET, Credentials.UNSET, Credentials.UNSET, Credentials.UNSET};
        int at = status.indexOf(key);
        if (at >= 0) {
            int end = status.indexOf('\n', at + 1);
            String[] words = status.substring(at + key.length(), end < 0 ? status.length() : end)
                    .trim()
                    .split("\\s+", -1);
            for (int i = 0; i < Math.min(4, words.length); i++) {
                ids[i] = id(words[i]);
            }
        }
        return ids;
    }

    private static long id(String text) {
        try {
            long value = Long.parseLong(text);
            return value == 0xffffffffL ? Credentials.UNSET : value;
        } catch (NumberFormatException e) {
            return Credentials.UNSET;
        }
    }

    private static int number(String[] words, int index) {
        return (int) longNumber(words, index);
    }

    private static long longNumber(String[] words, int index) {
        try {
            return index < words.length ? Long.parseLong(words[index]) : 0;
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** The kernel gives such a file in one piece, so a read that is not full was the last. */
    private @Nullable String read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            int length = 0;
            int n;
            int wanted;
            do {
                wanted = Math.min(CHUNK, buffer.length - length);
                n = in.read(buffer, length, wanted);
                length += Math.max(0, n);
            } while (n == wanted && length < buffer.length);
            return new String(buffer, 0, length, StandardCharsets.UTF_8);
        } catch (IOException gone) {
            return null;
        }
    }

    private static @Nullable String link(Path file) {
        try {
            return Files.readSymbolicLink(file).toString();
        } catch (IOException | UnsupportedOperationException gone) {
            return null;
        }
    }
}
