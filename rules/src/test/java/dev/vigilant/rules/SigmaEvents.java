// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules;

import dev.vigilant.event.Actor;
import dev.vigilant.event.Context;
import dev.vigilant.event.Credentials;
import dev.vigilant.event.FileMknod;
import dev.vigilant.event.FileOpen;
import dev.vigilant.event.FileTarget;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.event.MemfdCreate;
import dev.vigilant.event.NetworkConnect;
import dev.vigilant.event.Origin;
import dev.vigilant.event.Outcome;
import dev.vigilant.event.PersonalityChange;
import dev.vigilant.event.Process;
import dev.vigilant.event.ProcessExec;
import dev.vigilant.event.SocketAddress;
import dev.vigilant.event.SystemCall;
import dev.vigilant.event.UserRecord;
import dev.vigilant.rules.yaml.YamlValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Records of a log source as a rule may like them, with the events that say the same. */
final class SigmaEvents {
    private final Random random;
    private final String source;
    private final Map<String, YamlValue> detection;

    SigmaEvents(Random random, String source, YamlValue rule) {
        this.random = random;
        this.source = source;
        this.detection = rule.map().get("detection").map();
    }

    /** An event, and the records that it is in Sigma's log source. */
    record Logged(List<Map<String, String>> records, KernelEvent event) {}

    Logged next() {
        Map<String, Parts> fields = new TreeMap<>();
        int likely = random.nextInt(12) == 0 ? 0 : 8;
        detection.forEach((name, value) -> {
            boolean filter = name.contains("filter") || name.contains("falsepositive");
            if (!name.equals("condition") && random.nextInt(10) < (filter ? 2 : likely)) {
                wanted(value, fields);
            }
        });
        Map<String, String> texts = new TreeMap<>();
        fields.forEach((field, parts) -> texts.put(field, cased(field, parts.text())));
        return switch (source) {
            case "process_creation" -> process(texts);
            case "file_event" -> file(texts);
            case "network_connection" -> connection(texts);
            default -> record(texts);
        };
    }

    /** What a field's text is put together of. */
    private static final class Parts {
        String exact = "";
        String prefix = "";
        String suffix = "";
        final List<String> infixes = new ArrayList<>();

        String text() {
            String middle = String.join(" ", infixes);
            return exact.isEmpty() || !(prefix + suffix + middle).isEmpty() ? prefix + middle + suffix : exact;
        }
    }

    private void wanted(YamlValue value, Map<String, Parts> fields) {
        if (value.isMap()) {
            value.map().forEach((key, v) -> item(key, v, fields));
        } else if (!value.list().isEmpty()) {
            YamlValue one = value.list().get(random.nextInt(value.list().size()));
            if (one.isMap()) {
                wanted(one, fields);
            } else {
                item("|contains", one, fields);
            }
        }
    }

    private void item(String key, YamlValue value, Map<String, Parts> fields) {
        if (random.nextInt(15) == 0) {
            return;
        }
        List<String> modifiers = Arrays.asList(key.split("\\|"));
        Parts parts = fields.computeIfAbsent(modifiers.get(0), f -> new Parts());
        List<YamlValue> values = modifiers.contains("all")
                ? value.list()
                : List.of(value.list().get(random.nextInt(value.list().size())));
        for (YamlValue v : values) {
            String text = filled(v.text());
            if (modifiers.contains("re")) {
                parts.infixes.add(likely(v.text()));
            } else if (modifiers.contains("contains")
                    || modifiers.contains("cidr")
                    || modifiers.get(0).isEmpty()) {
                parts.infixes.add(modifiers.contains("cidr") ? text.split("/")[0] : text);
            } else if (modifiers.contains("startswith")) {
                parts.prefix = text;
            } else if (modifiers.contains("endswith")) {
                parts.suffix = text;
            } else {
                parts.exact = text;
            }
        }
    }

    /** Texts that the expressions of Sigma's Linux rules take, and some that they do not. */
    private String likely(String expression) {
        String[] texts = {
            "x".repeat(201),
            " -i ",
            " -di ",
            " --inode ",
            " --directory ",
            " -W 'aa bb cc'",
            " -R \"aa bb cc\" ",
            "-D",
            " -O ",
            " -F ",
            " -T ",
            " -d ",
            "/.hidden",
            ".x",
            "plain",
            ">/dev/tcp/1.2.3.4/5",
            "0x7f000001",
        };
        for (String text : texts) {
            if (random.nextInt(3) > 0
                    && java.util.regex.Pattern.compile(expression).matcher(text).find()) {
                return text;
            }
        }
        return texts[random.nextInt(texts.length)];
    }

    private String filled(String value) {
        return value.replaceAll("\\\\([*?\\\\])", "$1")
                .replace("*", random.nextBoolean() ? "" : "q")
                .replace("?", "z");
    }

    /** Case counts in the audit daemon's names of files alone. */
    private String cased(String field, String text) {
        boolean keep = List.of("name", "type", "SYSCALL", "User").contains(field);
        return keep || random.nextInt(4) > 0 ? text : text.toUpperCase(Locale.ROOT);
    }

    private Logged process(Map<String, String> texts) {
        texts.computeIfAbsent("CommandLine", f -> "x y");
        texts.computeIfAbsent("Image", f -> "/opt/x");
        boolean root = texts.getOrDefault("User", "root").equals("root");
        texts.computeIfPresent("User", (f, v) -> root ? "root" : "other");
        if (texts.containsKey("LogonId")) {
            texts.put("LogonId", "0");
        } else {
            texts.put("LogonId", "1000");
        }
        texts.putIfAbsent("User", "other");
        long uid = Long.parseLong(texts.get("LogonId"));
        long euid = texts.get("User").equals("root") ? 0 : 1000;
        Process parent = texts.keySet().stream().anyMatch(f -> f.startsWith("Parent"))
                ? process(texts.get("ParentImage"), texts.get("ParentCommandLine"), null, null)
                : null;
        Process process = process(texts.get("Image"), texts.get("CommandLine"), texts.get("CurrentDirectory"), parent);
        Context context = context(process, "execve", uid, euid);
        return new Logged(
                List.of(texts), new ProcessExec(context, file(process.executable()), process.args(), false, false));
    }

    private Logged file(Map<String, String> texts) {
        texts.computeIfAbsent("TargetFilename", f -> "/opt/x");
        Process process = process(texts.get("Image"), "x", null, null);
        FileTarget target = file(texts.get("TargetFilename"));
        boolean reading = random.nextInt(6) == 0;
        KernelEvent event = new FileOpen(context(process, "openat", 0, 0), target, reading ? 0 : 0x241, 0, false);
        return new Logged(reading ? List.of() : List.of(texts), event);
    }

    private Logged connection(Map<String, String> texts) {
        String[] addresses = {"127.0.0.1", "0.0.0.0", "10.1.2.3", "8.8.8.8", "::1", "2001:db8::1"};
        if (!texts.containsKey("DestinationIp") || random.nextBoolean()) {
            texts.put("DestinationIp", addresses[random.nextInt(addresses.length)]);
        }
        texts.put("Initiated", "true");
        texts.computeIfAbsent("DestinationPort", f -> "4445");
        String ip = texts.get("DestinationIp");
        Process process = process(texts.get("Image"), "x", null, null);
        SocketAddress address = new SocketAddress(
                ip.contains(":") ? 10 : 2, ip, Integer.parseInt(texts.get("DestinationPort")), null, null);
        return new Logged(List.of(texts), new NetworkConnect(context(process, "connect", 0, 0), 5, address));
    }

    /** Of the audit daemon's log. */
    private Logged record(Map<String, String> texts) {
        String type = texts.getOrDefault("type", "EXECVE").toUpperCase(Locale.ROOT);
        texts.put("type", type);
        return switch (type) {
            case "EXECVE" -> execve(texts);
            case "PATH" -> {
                texts.computeIfAbsent("name", f -> "/opt/x");
                texts.keySet().retainAll(List.of("type", "name", "nametype"));
                boolean created = random.nextBoolean();
                texts.put("nametype", created ? "CREATE" : "NORMAL");
                Context context = context(process("/bin/x", "x", null, null), "openat", 0, 0);
                yield new Logged(List.of(texts), new FileOpen(context, file(texts.get("name")), 0x241, 0, created));
            }
            case "SYSCALL" -> syscall(texts);
            default -> {
                texts.remove("");
                Map<String, String> fields = new HashMap<>(texts);
                fields.remove("type");
                Context context = context(null, null, 0, 0);
                yield new Logged(List.of(texts), new UserRecord(context, type, fields));
            }
        };
    }

    private Logged execve(Map<String, String> texts) {
        List<String> args = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            args.add(texts.getOrDefault("a" + i, "n" + i));
        }
        if (texts.containsKey("")) {
            args.addAll(Arrays.asList(texts.get("").split(" ")));
        }
        Map<String, String> record = new TreeMap<>(Map.of("type", "EXECVE"));
        for (int i = 0; i < args.size(); i++) {
            record.put("a" + i, args.get(i));
        }
        if (texts.containsKey("")) {
            record.put("proctitle", String.join(" ", args));
        }
        Process process = process("/bin/x", String.join(" ", args), null, null);
        Context context = context(process, "execve", 1000, 1000);
        Map<String, String> call = Map.of("type", "SYSCALL", "SYSCALL", "execve", "exe", "/bin/x", "euid", "1000");
        return new Logged(List.of(record, call), new ProcessExec(context, file("/bin/x"), args, false, false));
    }

    private Logged syscall(Map<String, String> texts) {
        String call = texts.getOrDefault("SYSCALL", "execve");
        texts.put("SYSCALL", call);
        texts.computeIfAbsent("exe", f -> "/bin/x");
        texts.putIfAbsent("comm", "x");
        texts.keySet().retainAll(List.of("type", "SYSCALL", "exe", "comm", "euid", "a0"));
        long euid = Long.parseLong(texts.computeIfAbsent("euid", f -> "1000"));
        if (!texts.getOrDefault("a0", "").matches("[0-9a-f]{1,8}")) {
            texts.put("a0", "7");
        }
        long a0 = Long.parseLong(texts.get("a0"), 16);
        Process process = process(texts.get("exe"), texts.get("comm"), null, null);
        Process named = new Process(
                2,
                Events.START,
                texts.get("comm"),
                process.executable(),
                false,
                process.args(),
                "/",
                Credentials.UNKNOWN,
                null,
                null,
                null,
                false,
                null);
        Context context = context(named, call, 1000, euid);
        KernelEvent event = switch (call) {
            case "execve", "execveat" -> new ProcessExec(context, file(texts.get("exe")), named.args(), false, false);
            case "memfd_create" -> new MemfdCreate(context, "x", 0);
            case "personality" -> new PersonalityChange(context, a0);
            case "mknod" -> new FileMknod(context, file("/dev/x"), 0, 0, 0);
            default -> new SystemCall(context, call, a0, 0, 0, 0);
        };
        return new Logged(List.of(texts), event);
    }

    private static FileTarget file(String path) {
        return FileTarget.ofPath(path);
    }

    private static Process process(String executable, String commandLine, String directory, Process parent) {
        List<String> args = commandLine == null ? List.of() : Arrays.asList(commandLine.split(" ", -1));
        return new Process(
                1,
                Events.START,
                "x",
                executable,
                false,
                args,
                directory,
                Credentials.UNKNOWN,
                null,
                parent,
                null,
                false,
                null);
    }

    private Context context(Process process, String syscall, long uid, long euid) {
        Credentials ids = new Credentials(1000, (int) uid, 0, (int) euid, 0, 0, 0, 0, 0);
        Actor actor = new Actor(1, 1, ids, null, null, false, null, null, 3, null);
        Context context =
                new Context(Events.START, Origin.AUDIT, 7, actor, syscall, "x86_64", 0, Outcome.SUCCESS, true, null);
        context.identify(process, null);
        return context;
    }
}
