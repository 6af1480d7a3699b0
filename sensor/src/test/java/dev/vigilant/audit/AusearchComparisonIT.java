// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.vigilant.counter.Counters;
import dev.vigilant.event.Actor;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.event.NetworkAccept;
import dev.vigilant.event.NetworkBind;
import dev.vigilant.event.NetworkConnect;
import dev.vigilant.event.Outcome;
import dev.vigilant.event.ProcessExec;
import dev.vigilant.event.SocketAddress;
import dev.vigilant.source.FileSystems;
import dev.vigilant.syscall.NumberTable;
import dev.vigilant.syscall.Sockaddr;
import dev.vigilant.syscall.SyscallTable;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What ausearch reads in a log of a real kernel, and what we read in it, field by field. */
class AusearchComparisonIT {
    /** ausearch writes names as the bytes they are; one char a byte keeps them. */
    private static final Charset BYTES = StandardCharsets.ISO_8859_1;

    private static final NumberTable ERRNO = SyscallTable.ERRNO;

    /** A record as ausearch interprets it, beside the raw one. */
    private record Pair(String type, long serial, Fields raw, Map<String, String> theirs) {
        /** Their value of a field, its bytes as UTF-8. */
        String their(String key) {
            return utf8(theirs.getOrDefault(key, "(null)"));
        }
    }

    private static List<Pair> pairs;
    private static Map<Long, KernelEvent> events;

    @BeforeAll
    static void readWithBoth() throws Exception {
        Path ausearch = Path.of("/usr/sbin/ausearch");
        assumeTrue(Files.isExecutable(ausearch), "ausearch is not installed");
        String interpreted = run(ausearch.toString(), "-if", SampleLogTest.SAMPLE.toString(), "-i", "--escape", "raw");
        String raw = run(ausearch.toString(), "-if", SampleLogTest.SAMPLE.toString(), "--format", "raw");
        pairs = pairs(raw.split("\n(?=type=)"), interpreted.split("\n(?=type=|----)"));
        events = new HashMap<>();
        Counters counters = new Counters();
        AuditDecoder decoder = new AuditDecoder(
                e -> events.put(e.context().serial(), e), counters, FileSystems.NONE, AuditDecoder.Options.FILE);
        try (AuditLogReader reader = new AuditLogReader(List.of(SampleLogTest.SAMPLE), counters)) {
            while (reader.read(decoder) >= 0) {
                // Reads on to the end.
            }
        }
        decoder.finish();
    }

    private static String run(String... command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        process.getOutputStream().close();
        return new String(process.getInputStream().readAllBytes(), BYTES);
    }

    private static String utf8(String bytes) {
        return new String(bytes.getBytes(BYTES), StandardCharsets.UTF_8);
    }

    private static List<Pair> pairs(String[] raw, String[] interpreted) {
        List<String> theirs = inOrder(interpreted);
        assertThat(theirs).hasSameSizeAs(raw);
        List<Pair> result = new ArrayList<>();
        for (int i = 0; i < raw.length; i++) {
            byte[] bytes = raw[i].getBytes(BYTES);
            int message = raw[i].indexOf(" msg=") + 5;
            RecordHeader header = new RecordHeader();
            int body = header.parse(bytes, message, bytes.length - message);
            Fields fields = new Fields();
            fields.parse(bytes, message + body, bytes.length);
            String type = raw[i].substring(5, message - 5);
            assertThat(theirs.get(i)).startsWith("type=" + type + " ").contains(":" + header.serial() + ")");
            result.add(new Pair(type, header.serial(), fields, theirs(fields, theirs.get(i))));
        }
        return result;
    }

    /** When it interprets, ausearch prints the last record of an event first. */
    private static List<String> inOrder(String[] interpreted) {
        List<String> ordered = new ArrayList<>();
        int eventStart = 0;
        for (String line : interpreted) {
            if (line.startsWith("type=")) {
                ordered.add(eventStart, line);
            } else {
                eventStart = ordered.size();
            }
        }
        return ordered;
    }

    /** Interpreted values are not quoted and may hold blanks; they end where the next key of the raw record begins. */
    private static Map<String, String> theirs(Fields raw, String line) {
        Map<String, String> values = new LinkedHashMap<>();
        int at = line.indexOf(") :") + 3;
        for (int i = 0; i < raw.size(); i++) {
            String key = " " + raw.key(i) + "=";
            at = line.indexOf(key, at) + key.length();
            int end = i + 1 < raw.size() ? line.indexOf(" " + raw.key(i + 1) + "=", at) : line.length() - 1;
            values.put(raw.key(i), line.substring(at, Math.max(at, end)));
        }
        return values;
    }

    private static List<Pair> records(String type) {
        List<Pair> of = pairs.stream().filter(p -> p.type().equals(type)).toList();
        assertThat(of).isNotEmpty();
        return of;
    }

    private static String orNull(String text) {
        return text == null ? "(null)" : text;
    }

    @Test
    void syscallsAgree() {
        for (Pair pair : records("SYSCALL")) {
            KernelEvent event = events.get(pair.serial());
            Actor actor = event.context().actor();
            if (!pair.their("syscall").startsWith("unknown-syscall")) {
                assertThat(event.syscall()).isEqualTo(pair.their("syscall"));
            }
            assertThat(event.context().arch()).isEqualTo(pair.their("arch"));
            assertThat(Integer.toString(actor.pid())).isEqualTo(pair.their("pid"));
            assertThat(Integer.toString(actor.ppid())).isEqualTo(pair.their("ppid"));
            assertThat(orNull(actor.name())).isEqualTo(pair.their("comm"));
            assertThat(actor.executable() + (actor.deleted() ? " (deleted)" : ""))
                    .isEqualTo(pair.their("exe"));
            assertThat(exit(event.result())).isEqualTo(pair.their("exit").replaceAll("\\(.*", ""));
            assertThat(orNull(pair.raw().text("key"))).isEqualTo(pair.their("key"));
            boolean ownResult = pair.raw().raw("success") != null && ownResult(pair.serial());
            if (!ownResult) {
                assertThat(event.context().outcome() == Outcome.SUCCESS ? "yes" : "no")
                        .isEqualTo(pair.their("success"));
            }
        }
    }

    private static String exit(long result) {
        String errno = result < 0 ? ERRNO.name((int) -result) : null;
        return errno != null ? errno : Long.toString(result);
    }

    /** Whether another record of the event tells its result. */
    private static boolean ownResult(long serial) {
        return pairs.stream().anyMatch(p -> p.serial() == serial && p.raw().raw("res") != null);
    }

    @Test
    void workingDirectoriesAgree() {
        for (Pair pair : records("CWD")) {
            assertThat(pair.raw().text("cwd")).isEqualTo(pair.their("cwd"));
            assertThat(events.get(pair.serial()).context().actor().workingDirectory())
                    .isEqualTo(pair.their("cwd"));
        }
    }

    @Test
    void pathsAgree() {
        for (Pair pair : records("PATH")) {
            PathItem item = PathItem.of(pair.raw());
            assertThat(orNull(item.name())).isEqualTo(pair.their("name"));
            assertThat(item.nameType()).isEqualTo(pair.their("nametype"));
            if (item.inode() != 0) {
                assertThat(Long.toString(item.inode())).isEqualTo(pair.their("inode"));
                assertThat(mode(item.mode())).isEqualTo(pair.their("mode"));
                assertThat(String.format("%02x:%02x", item.deviceMajor(), item.deviceMinor()))
                        .isEqualTo(pair.their("dev"));
                assertThat(String.format("%02x:%02x", item.rdevMajor(), item.rdevMinor()))
                        .isEqualTo(pair.their("rdev"));
            }
        }
    }

    private static String mode(int mode) {
        String type = switch (mode & 0170000) {
            case 0040000 -> "dir";
            case 0020000 -> "character";
            case 0060000 -> "block";
            case 0010000 -> "fifo";
            case 0120000 -> "link";
            case 0140000 -> "socket";
            default -> "file";
        };
        return type
                + ((mode & 04000) != 0 ? ",suid" : "")
                + ((mode & 02000) != 0 ? ",sgid" : "")
                + ((mode & 01000) != 0 ? ",sticky" : "")
                + String.format(",%03o", mode & 0777);
    }

    @Test
    void argumentsAgree() {
        Map<Long, List<String>> theirs = new LinkedHashMap<>();
        Map<Long, StringBuilder> pieces = new HashMap<>();
        for (Pair pair : records("EXECVE")) {
            List<String> args = theirs.computeIfAbsent(pair.serial(), k -> new ArrayList<>());
            StringBuilder piece = pieces.computeIfAbsent(pair.serial(), k -> new StringBuilder());
            pair.theirs().forEach((key, value) -> {
                if (key.endsWith("_len") || key.equals("argc")) {
                    return;
                }
                if (key.endsWith("]")) {
                    piece.append(value);
                    return;
                }
                if (piece.length() > 0) {
                    args.add(piece.toString());
                    piece.setLength(0);
                }
                args.add(value);
            });
        }
        theirs.forEach((serial, args) -> {
            if (pieces.get(serial).length() > 0) {
                args.add(pieces.get(serial).toString());
            }
            assertThat(((ProcessExec) events.get(serial)).args())
                    .isEqualTo(args.stream().map(AusearchComparisonIT::utf8).toList());
        });
    }

    @Test
    void titlesAgree() {
        for (Pair pair : records("PROCTITLE")) {
            assertThat(pair.raw().text("proctitle").replace('\0', ' ')).isEqualTo(pair.their("proctitle"));
        }
    }

    @Test
    void addressesAgree() {
        for (Pair pair : records("SOCKADDR")) {
            KernelEvent event = events.get(pair.serial());
            SocketAddress address = event instanceof NetworkConnect c
                    ? c.address()
                    : event instanceof NetworkBind b
                            ? b.address()
                            : event instanceof NetworkAccept a
                                    ? a.address()
                                    : Sockaddr.of(pair.raw().hexBytes("saddr"));
            assertThat(text(address)).isEqualTo(pair.their("saddr"));
        }
    }

    private static String text(SocketAddress address) {
        return switch (address.family()) {
            case SocketAddress.AF_UNIX ->
                // ausearch leaves out what tells an abstract name.
                "{ saddr_fam=local path=" + String.valueOf(address.path()).replaceFirst("^@", "") + " }";
            case SocketAddress.AF_NETLINK ->
                "{ saddr_fam=netlink nlnk-fam=16 "
                        + String.valueOf(address.detail()).replaceFirst(" groups=.*", "") + " }";
            case SocketAddress.AF_INET, SocketAddress.AF_INET6 ->
                "{ saddr_fam=" + address.familyName() + " laddr=" + address.ip() + " lport=" + address.port() + " }";
            default -> "{ saddr_fam=" + address.familyName() + " (unsupported) }";
        };
    }

    @Test
    void targetsOfSignalsAgree() {
        for (Pair pair : records("OBJ_PID")) {
            assertThat(pair.raw().text("ocomm")).isEqualTo(pair.their("ocomm"));
            assertThat(Long.toString(pair.raw().number("opid", -1))).isEqualTo(pair.their("opid"));
        }
    }

    @Test
    void eachEventOfTheirsIsOneOfOurs() {
        assertThat(events.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        pairs.stream().map(Pair::serial).distinct().toList());
    }
}
