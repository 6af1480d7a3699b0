// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.author;

import dev.vigilant.event.Actor;
import dev.vigilant.event.Container;
import dev.vigilant.event.Context;
import dev.vigilant.event.Credentials;
import dev.vigilant.event.EventKind;
import dev.vigilant.event.FileTarget;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.event.Origin;
import dev.vigilant.event.Outcome;
import dev.vigilant.event.Process;
import dev.vigilant.rules.ast.Position;
import dev.vigilant.rules.ast.Problem;
import dev.vigilant.rules.drl.Durations;
import dev.vigilant.rules.field.EventTypes;
import dev.vigilant.rules.field.Nearest;
import dev.vigilant.rules.yaml.YamlValue;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads events that were written down, one after another: by hand, as a type and the fields that matter
 * ({@code FileOpen: {file.path: /etc/shadow, write: true}}), or as {@code vigilant events} printed them. They are complete:
 * process and container are what the event says.
 *
 * <p>Errors: what cannot be an event is told with its place, and left out.
 */
public final class EventReader {
    private static final int MAX_REPEAT = 10_000;
    private static final long SECOND = 1_000_000_000L;
    private static final int FIRST_PID = 1000;

    private final Consumer<Problem> problems;
    private final RecordBuilder records;
    private long lastNanos;
    private long serial;
    private int wrong;
    private boolean printed;

    /** @param startNanos time of the first event that does not say its own, nanoseconds since the epoch */
    public EventReader(long startNanos, Consumer<Problem> problems) {
        this.lastNanos = startNanos - SECOND;
        this.problems = problem -> {
            wrong++;
            problems.accept(problem);
        };
        this.records = new RecordBuilder(this.problems);
    }

    /** The event, or empty when it is none, which is told. */
    public Optional<KernelEvent> read(YamlValue written) {
        YamlValue own = written.map().get("vigilant");
        printed = own != null;
        return own != null ? printed(own) : byHand(written);
    }

    /** The event as often as its {@code repeat} says, one after another; none when it is none, which is told. */
    public List<KernelEvent> readAll(YamlValue written) {
        long times = 1;
        for (YamlValue fields : written.map().values()) {
            YamlValue repeat = fields.isMap() ? fields.map().get("repeat") : null;
            if (repeat != null) {
                times = repeat.value() instanceof Long number && number > 0 && number <= MAX_REPEAT ? number : 0;
                if (times == 0) {
                    problems.accept(repeat.problem("`repeat` says how often, from 1 to " + MAX_REPEAT));
                }
            }
        }
        List<KernelEvent> events = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            read(written).ifPresent(events::add);
        }
        return events;
    }

    /** As {@code vigilant events} prints it: what rules see stands under {@code vigilant}. */
    private Optional<KernelEvent> printed(YamlValue own) {
        YamlValue event = own.map().get("event");
        String label =
                event == null ? "" : event.map().keySet().stream().findFirst().orElse("");
        Optional<EventKind> kind = Arrays.stream(EventKind.values())
                .filter(k -> k.label().equals(label))
                .findFirst();
        if (event == null || kind.isEmpty() || !own.map().containsKey("context")) {
            problems.accept(
                    own.problem("no event of `vigilant events`: vigilant.event or vigilant.context is missing"));
            return Optional.empty();
        }
        Map<String, YamlValue> fields = new LinkedHashMap<>();
        event.map().values().stream().limit(1).forEach(record -> fields.putAll(record.map()));
        for (String part : List.of("context", "process", "container")) {
            Optional.ofNullable(own.map().get(part)).ifPresent(value -> fields.put(part, value));
        }
        return build(kind.get(), new YamlValue(fields, own.position()));
    }

    private Optional<KernelEvent> byHand(YamlValue written) {
        if (written.map().size() != 1) {
            problems.accept(written.problem(
                    "an event is its type and its fields, as in `FileOpen: {file.path: /etc/shadow, write: true}`,"
                            + " or a line of `vigilant events`"));
            return Optional.empty();
        }
        String name = written.map().keySet().iterator().next();
        YamlValue fields = written.map().get(name);
        Optional<EventKind> kind = Arrays.stream(EventKind.values())
                .filter(k -> !EventTypes.HIDDEN.contains(k)
                        && k.type().getSimpleName().equals(name))
                .findFirst();
        if (kind.isEmpty() || fields == null) {
            List<String> names = Arrays.stream(EventKind.values())
                    .filter(k -> !EventTypes.HIDDEN.contains(k))
                    .map(k -> k.type().getSimpleName())
                    .sorted()
                    .toList();
            problems.accept(written.problem("unknown event type `" + name + "`"
                    + Nearest.hint(name, names, ": known are " + String.join(", ", names))));
            return Optional.empty();
        }
        if (!fields.isMap() && fields.value() != null) {
            problems.accept(fields.problem("`" + name + "` has fields: write `" + name + ": {file.path: /x}`"));
            return Optional.empty();
        }
        YamlValue map = fields.value() == null ? new YamlValue(Map.of(), fields.position()) : fields;
        return build(kind.get(), withRawPath(FieldTree.spread(map, problems)));
    }

    private Optional<KernelEvent> build(EventKind kind, YamlValue fields) {
        int before = wrong;
        Map<String, YamlValue> rest = new LinkedHashMap<>(fields.map());
        rest.remove("repeat");
        long timeNanos = time(rest);
        @Nullable YamlValue container = rest.remove("container");
        @Nullable Container where = container == null ? null : records.container(container);
        @Nullable Process process = process(kind, rest, where);
        Context context = context(rest, process, timeNanos, fields);
        context.identify(process, where);
        Map<String, Object> given = new LinkedHashMap<>();
        given.put("context", context);
        KernelEvent event = (KernelEvent)
                records.build(kind.type().asSubclass(Record.class), "", new YamlValue(rest, fields.position()), given);
        return wrong > before ? Optional.empty() : Optional.ofNullable(event);
    }

    private long time(Map<String, YamlValue> rest) {
        long nanos = lastNanos + SECOND;
        YamlValue time = rest.remove("time");
        YamlValue after = rest.remove("after");
        YamlValue context = rest.get("context");
        if (context != null && context.get("timeNanos") instanceof Long told) {
            nanos = told;
        }
        if (time != null) {
            try {
                Instant instant = Instant.parse(time.text());
                nanos = instant.getEpochSecond() * SECOND + instant.getNano();
            } catch (DateTimeException e) {
                problems.accept(time.problem("`time` is written as 2026-11-24T03:18:08.658Z"));
            }
        }
        if (after != null) {
            OptionalLong later = Durations.nanos(after.text());
            if (later.isEmpty()) {
                problems.accept(
                        after.problem("`after` says how long after the event before: write 500ms, 60s, 1m30s, 2h"));
            }
            nanos = lastNanos + later.orElse(SECOND);
        }
        lastNanos = nanos;
        return nanos;
    }

    private @Nullable Process process(EventKind kind, Map<String, YamlValue> rest, @Nullable Container container) {
        YamlValue written = rest.remove("process");
        boolean exec = kind == EventKind.PROCESS_EXEC && !printed;
        if (written == null && !exec) {
            return null;
        }
        Map<String, YamlValue> fields = new LinkedHashMap<>(written == null ? Map.of() : written.map());
        YamlValue user = rest.get("user");
        if (user != null) {
            fields.putIfAbsent("credentials", user);
        }
        if (exec) {
            YamlValue args = rest.get("args");
            YamlValue file = rest.get("file");
            if (args != null) {
                fields.putIfAbsent("args", args);
            } else if (fields.containsKey("args")) {
                rest.put("args", fields.get("args"));
            }
            if (file != null && file.map().containsKey("path")) {
                fields.putIfAbsent("executable", file.map().get("path"));
            }
        }
        YamlValue at = written == null ? new YamlValue(Map.of(), anyPosition(rest)) : written;
        return process("process", new YamlValue(fields, at.position()), container, 0);
    }

    private static Position anyPosition(Map<String, YamlValue> rest) {
        return rest.values().stream().findFirst().map(YamlValue::position).orElse(Position.ofLine("", 1));
    }

    private @Nullable Process process(String path, YamlValue written, @Nullable Container own, int depth) {
        Map<String, YamlValue> fields = new LinkedHashMap<>(written.map());
        Map<String, Object> given = new LinkedHashMap<>();
        YamlValue parent = fields.remove("parent");
        if (parent != null && depth < Process.MAX_DEPTH) {
            @Nullable Process made = process(path + ".parent", parent, own, depth + 1);
            if (made != null) {
                given.put("parent", made);
            }
        }
        YamlValue container = fields.remove("container");
        @Nullable
        Container where = container == null ? (depth == 0 && !printed ? own : null) : records.container(container);
        if (where != null) {
            given.put("container", own != null && own.id().equals(where.id()) ? own : where);
        }
        fields.putIfAbsent("pid", new YamlValue((long) FIRST_PID - depth, written.position()));
        YamlValue executable = fields.get("executable");
        if (executable != null && !printed) {
            fields.putIfAbsent("name", new YamlValue(comm(executable.text()), executable.position()));
        }
        if (!fields.containsKey("credentials")) {
            given.put("credentials", Credentials.UNKNOWN);
        }
        return records.build(Process.class, path, new YamlValue(fields, written.position()), given);
    }

    /** The kernel's name of a process that runs this file. */
    private static String comm(String executable) {
        String name = FileTarget.ofPath(executable).name();
        return name.length() > 15 ? name.substring(0, 15) : name;
    }

    private Context context(Map<String, YamlValue> rest, @Nullable Process process, long timeNanos, YamlValue fields) {
        YamlValue written = rest.remove("context");
        Map<String, YamlValue> map = new LinkedHashMap<>(written == null ? Map.of() : written.map());
        for (String name : List.of("outcome", "result", "syscall")) {
            YamlValue value = rest.remove(name);
            if (value != null) {
                map.put(name, value);
            }
        }
        YamlValue told = new YamlValue(map, fields.position());
        YamlValue user = rest.remove("user");
        serial++;
        long result = told.get("result") instanceof Long number ? number : 0;
        Outcome outcome = constant(
                map.get("outcome"), Outcome.values(), Outcome::label, result < 0 ? Outcome.FAILURE : Outcome.SUCCESS);
        Origin origin = constant(map.get("origin"), Origin.values(), Origin::label, Origin.AUDIT);
        long number = told.get("serial") instanceof Long own ? own : serial;
        boolean complete = !Boolean.FALSE.equals(told.get("complete"));
        map.keySet().stream()
                .filter(k -> !List.of(
                                "timeNanos",
                                "origin",
                                "serial",
                                "actor",
                                "syscall",
                                "arch",
                                "result",
                                "outcome",
                                "complete")
                        .contains(k))
                .forEach(k -> problems.accept(fields.problem("unknown field `context." + k + "`")));
        return new Context(
                timeNanos,
                origin,
                number,
                actor(map.get("actor"), user, process),
                told.get("syscall") instanceof String s ? s : null,
                told.get("arch") instanceof String a ? a : "",
                result,
                outcome,
                complete,
                null);
    }

    private <E> E constant(@Nullable YamlValue written, E[] all, Function<E, String> label, E otherwise) {
        if (written == null) {
            return otherwise;
        }
        Optional<E> found = Arrays.stream(all)
                .filter(e -> label.apply(e).equals(written.text()))
                .findFirst();
        if (found.isEmpty()) {
            problems.accept(written.problem(written.text() + " is none of "
                    + Arrays.stream(all).map(label).toList()));
        }
        return found.orElse(otherwise);
    }

    private Actor actor(@Nullable YamlValue written, @Nullable YamlValue user, @Nullable Process process) {
        @Nullable
        Credentials credentials = user == null ? null : records.build(Credentials.class, "user", user, Map.of());
        if (written != null) {
            Map<String, Object> given = credentials == null ? Map.of() : Map.of("credentials", credentials);
            Actor actor = records.build(Actor.class, "context.actor", written, given);
            return actor == null ? Actor.NONE : actor;
        }
        if (process == null) {
            return credentials == null
                    ? Actor.NONE
                    : new Actor(0, 0, credentials, null, null, false, null, null, Credentials.UNSET, null);
        }
        @Nullable Process parent = process.parent();
        return new Actor(
                process.pid(),
                parent == null ? 0 : parent.pid(),
                credentials == null ? process.credentials() : credentials,
                process.name(),
                process.executable(),
                process.deleted(),
                process.workingDirectory(),
                process.tty(),
                Credentials.UNSET,
                null);
    }

    /** A program that asks for a file by its path asks for just that. */
    private static YamlValue withRawPath(YamlValue fields) {
        Map<String, YamlValue> all = new LinkedHashMap<>(fields.map());
        all.computeIfPresent("file", (name, file) -> {
            if (!file.isMap()
                    || file.map().containsKey("rawPath")
                    || !file.map().containsKey("path")) {
                return file;
            }
            Map<String, YamlValue> whole = new LinkedHashMap<>(file.map());
            whole.put("rawPath", file.map().get("path"));
            return new YamlValue(whole, file.position());
        });
        return new YamlValue(all, fields.position());
    }
}
