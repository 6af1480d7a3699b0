// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.bench;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;

/**
 * Writes an audit.log of mixed events: opens, execs, connects, mounts, user records, hex-encoded names, interleaved events,
 * and one broken line in ten thousand. The same seed writes the same log.
 *
 * <p>{@code java -cp bench/target/bench.jar dev.vigilant.bench.AuditLogGenerator RECORDS FILE [SEED]}
 */
public final class AuditLogGenerator {
    private static final String SYSCALL = "type=SYSCALL msg=audit(%s): arch=c000003e syscall=%d success=%s exit=%d "
            + "a0=%x a1=%x a2=%x a3=0 items=%d ppid=%d pid=%d auid=4294967295 uid=%d gid=%d euid=%d suid=%d fsuid=%d "
            + "egid=%d sgid=%d fsgid=%d tty=(none) ses=4294967295 comm=%s exe=%s subj=unconfined key=\"vigilant\"";

    private final Random random;
    private final BufferedWriter out;
    private long serial = 1000;
    private long millis = 1_795_478_000_000L;
    private long written;

    private AuditLogGenerator(BufferedWriter out, long seed) {
        this.out = out;
        this.random = new Random(seed);
    }

    /** Writes at least {@code args[0]} records to {@code args[1]}. */
    public static void main(String[] args) throws IOException {
        if (args.length < 2) {
            System.err.println("usage: AuditLogGenerator RECORDS FILE [SEED]");
            System.exit(2);
        }
        long seed = args.length > 2 ? Long.parseLong(args[2]) : 1;
        generate(Long.parseLong(args[0]), Path.of(args[1]), seed);
    }

    static long generate(long records, Path file, long seed) throws IOException {
        try (BufferedWriter writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            AuditLogGenerator generator = new AuditLogGenerator(writer, seed);
            while (generator.written < records) {
                generator.event();
            }
            return generator.written;
        }
    }

    private void event() throws IOException {
        millis += random.nextInt(3);
        serial++;
        int kind = random.nextInt(100);
        if (kind < 55) {
            open();
        } else if (kind < 75) {
            exec();
        } else if (kind < 88) {
            connect();
        } else if (kind < 93) {
            mount();
        } else {
            line(
                    "type=USER_LOGIN msg=audit(" + stamp() + "): pid=812 uid=0 auid=1000 ses=3 subj=unconfined "
                            + "msg='op=login acct=\"eve\" exe=\"/usr/sbin/sshd\" hostname=? addr=10.0.0.7 terminal=ssh res=failed'");
        }
        if (random.nextInt(2500) == 0) {
            line("type=SYSCALL msg=audit(" + stamp() + " torn");
        }
    }

    private String stamp() {
        return String.format(Locale.ROOT, "%d.%03d:%d", millis / 1000, millis % 1000, serial);
    }

    private void line(String text) throws IOException {
        out.write(text);
        out.write('\n');
        written++;
    }

    private void syscall(int number, boolean success, long a0, long a1, long a2, int items, String comm, String exe)
            throws IOException {
        int pid = 1000 + random.nextInt(3000);
        int uid = random.nextInt(4) == 0 ? 1000 : 0;
        line(String.format(
                Locale.ROOT,
                SYSCALL,
                stamp(),
                number,
                success ? "yes" : "no",
                success ? 3 : -13,
                a0,
                a1,
                a2,
                items,
                pid / 2,
                pid,
                uid,
                uid,
                uid,
                uid,
                uid,
                uid,
                uid,
                uid,
                comm,
                exe));
    }

    private void path(int item, String name, String type, int mode) throws IOException {
        line("type=PATH msg=audit(" + stamp() + "): item=" + item + " name=" + name + " inode="
                + random.nextInt(1 << 20)
                + " dev=00:2c mode=0" + Integer.toOctalString(mode)
                + " ouid=0 ogid=0 rdev=00:00 nametype=" + type
                + " cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 cap_frootid=0");
    }

    private void tail(String directory, String title) throws IOException {
        line("type=PROCTITLE msg=audit(" + stamp() + "): proctitle=" + title);
        if (random.nextInt(50) != 0) {
            line("type=EOE msg=audit(" + stamp() + "): ");
        }
        serial += directory.isEmpty() ? 1 : 0;
    }

    private void open() throws IOException {
        boolean odd = random.nextInt(20) == 0;
        syscall(
                257,
                random.nextInt(10) != 0,
                0xffffff9cL,
                0x7ffc0000L,
                random.nextInt(4) == 0 ? 0x241 : 0,
                1,
                "\"cat\"",
                "\"/bin/busybox\"");
        line("type=CWD msg=audit(" + stamp() + "): cwd=\"/srv\"");
        path(0, odd ? "2F746D702F6120620A63" : "\"/var/lib/app/f" + random.nextInt(5000) + "\"", "NORMAL", 0100644);
        tail("/srv", "636174002F6574632F686F737473");
    }

    private void exec() throws IOException {
        syscall(59, true, 0x55aa, 0x55bb, 0x55cc, 2, "\"sh\"", "\"/usr/bin/dash\"");
        line("type=EXECVE msg=audit(" + stamp() + "): argc=3 a0=\"sh\" a1=\"-c\" a2=6563686F20"
                + Integer.toHexString(0x30 + random.nextInt(10)));
        line("type=CWD msg=audit(" + stamp() + "): cwd=\"/\"");
        path(0, "\"/bin/sh\"", "NORMAL", 0100755);
        path(1, "\"/lib64/ld-linux-x86-64.so.2\"", "NORMAL", 0100755);
        tail("/", "7368002D63006563686F");
    }

    private void connect() throws IOException {
        syscall(42, false, 3, 0x7ffd, 16, 0, "\"curl\"", "\"/usr/bin/curl\"");
        line("type=SOCKADDR msg=audit(" + stamp() + "): saddr=020001BB0A00000" + random.nextInt(10)
                + "0000000000000000");
        tail("/", "6375726C");
    }

    private void mount() throws IOException {
        syscall(165, true, 0x55aa, 0x55bb, 0x55cc, 1, "\"mount\"", "\"/usr/bin/mount\"");
        line("type=CWD msg=audit(" + stamp() + "): cwd=\"/\"");
        path(0, "\"/mnt/d" + random.nextInt(50) + "\"", "NORMAL", 040755);
        tail("/", "6D6F756E74");
    }
}
