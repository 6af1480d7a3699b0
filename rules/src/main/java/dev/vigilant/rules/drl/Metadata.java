// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.drl;

import dev.vigilant.alert.RuleDescription;
import dev.vigilant.alert.Severity;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.rules.ast.Limit;
import dev.vigilant.rules.ast.Position;
import dev.vigilant.rules.field.FieldPath;
import dev.vigilant.rules.field.MessageTemplate;
import dev.vigilant.rules.field.Nearest;
import dev.vigilant.rules.field.UnknownFieldException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.drools.drl.ast.descr.AnnotationDescr;
import org.drools.drl.ast.descr.RuleDescr;
import org.jspecify.annotations.Nullable;

/** Reads what a rule says of itself in its annotations. */
final class Metadata {
    private static final List<String> KNOWN =
            List.of("id", "severity", "description", "technique", "tags", "falsePositives", "message", "limit");
    private static final Pattern ID = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");
    private static final Pattern LIMIT =
            Pattern.compile("(\\d{1,6})\\s+per\\s+([0-9a-z]*[a-z])(?:\\s+by\\s+(\\S+(?:\\s*,\\s*\\S+)*))?");
    private static final Pattern TECHNIQUE = Pattern.compile("T\\d{4}(\\.\\d{3})?");

    private final String file;
    private final String text;
    private final String pack;
    private final RuleDescr descr;
    private final BiConsumer<Position, String> refuse;
    private final BiConsumer<Position, String> warn;
    private final Map<String, String> values = new HashMap<>();

    Metadata(
            String file,
            String text,
            String pack,
            RuleDescr descr,
            BiConsumer<Position, String> refuse,
            BiConsumer<Position, String> warn) {
        this.file = file;
        this.text = text;
        this.pack = pack;
        this.descr = descr;
        this.refuse = refuse;
        this.warn = warn;
    }

    /** The description, or empty when something needed is missing or wrong. */
    Optional<RuleDescription> read(@Nullable Class<? extends KernelEvent> messageEvent) {
        for (AnnotationDescr annotation : descr.getAnnotations()) {
            annotation(annotation);
        }
        String id = required("id", "lower case with dashes, as in \"escape-release-agent\"");
        if (!id.isEmpty() && !ID.matcher(id).matches()) {
            refuse.accept(
                    at("id"),
                    "@id(\"" + id + "\"): write it in lower case with dashes, as in \"escape-release-agent\"");
        }
        String description = required("description", "one or two sentences for the analyst");
        Optional<Severity> severity = severity();
        String message = values.get("message");
        if (message != null && messageEvent != null) {
            checkMessage(message, messageEvent);
        }
        List<String> techniques = list("technique");
        for (String technique : techniques) {
            if (!TECHNIQUE.matcher(technique).matches()) {
                refuse.accept(at("technique"), "@technique(\"" + technique + "\"): write T1611 or T1059.004");
            }
        }
        return severity.map(s -> new RuleDescription(
                id,
                descr.getName(),
                pack,
                description,
                s,
                techniques,
                list("tags"),
                values.getOrDefault("falsePositives", ""),
                message,
                file,
                descr.getLine()));
    }

    private void annotation(AnnotationDescr annotation) {
        String name = annotation.getName();
        Position position = at(name);
        if (!KNOWN.contains(name)) {
            warn.accept(position, "unknown annotation @" + name + Nearest.hint(name, KNOWN, ": known are " + KNOWN));
            return;
        }
        if (annotation.isDuplicated()) {
            refuse.accept(position, "@" + name + " stands twice: give it one value, with commas between several");
            return;
        }
        String value = single(annotation);
        if (value == null) {
            refuse.accept(position, "@" + name + " takes one text: @" + name + "(\"...\")");
            return;
        }
        try {
            values.put(name, Lexer.unescape(value, position).strip());
        } catch (RefusedException e) {
            refuse.accept(e.position(), e.reason());
        }
    }

    private static @Nullable String single(AnnotationDescr annotation) {
        Map<String, Object> all = annotation.getValueMap();
        Object value = all.get(AnnotationDescr.VALUE);
        if (all.size() != 1 || value == null) {
            return null;
        }
        String text = value.toString().strip();
        boolean quoted = text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"");
        return quoted ? text.substring(1, text.length() - 1) : text;
    }

    private String required(String name, String what) {
        String value = values.getOrDefault(name, "");
        if (value.isEmpty()) {
            refuse.accept(
                    Position.ofLine(file, descr.getLine()), "no @" + name + ": add @" + name + "(\"...\"), " + what);
        }
        return value;
    }

    private Optional<Severity> severity() {
        String value = values.get("severity");
        List<String> labels =
                Arrays.stream(Severity.values()).map(Severity::label).toList();
        if (value == null || value.isEmpty()) {
            refuse.accept(
                    Position.ofLine(file, descr.getLine()), "no @severity: add one of " + String.join(", ", labels));
            return Optional.empty();
        }
        Optional<Severity> severity = Severity.of(value);
        if (severity.isEmpty()) {
            refuse.accept(
                    at("severity"),
                    "unknown severity `" + value + "`"
                            + Nearest.hint(
                                    value.toLowerCase(Locale.ROOT),
                                    labels,
                                    ": known are " + String.join(", ", labels)));
        }
        return severity;
    }

    /** {@code @limit("1 per 5m by container.id")}; null when there is none, or when it is wrong, which is told. */
    @Nullable
    Limit limit(@Nullable Class<? extends KernelEvent> event) {
        String value = values.get("limit");
        if (value == null || event == null) {
            return null;
        }
        Matcher written = LIMIT.matcher(value);
        OptionalLong nanos = written.matches() ? Durations.nanos(written.group(2)) : OptionalLong.empty();
        int alerts = written.matches() ? Integer.parseInt(written.group(1)) : 0;
        if (alerts < 1 || nanos.isEmpty() || nanos.getAsLong() <= 0) {
            refuse.accept(
                    at("limit"), "@limit(\"" + value + "\"): write \"1 per 5m\", or \"1 per 5m by container.id\"");
            return null;
        }
        List<String> by = written.group(3) == null
                ? List.of()
                : Arrays.stream(written.group(3).split(",")).map(String::strip).toList();
        for (String field : by) {
            try {
                FieldPath.compile(event, List.of(field.split("\\.")));
            } catch (UnknownFieldException e) {
                refuse.accept(at("limit"), "@limit: " + e.reason());
                return null;
            }
        }
        return new Limit(alerts, written.group(2), nanos.getAsLong(), by);
    }

    private void checkMessage(String message, Class<? extends KernelEvent> event) {
        try {
            MessageTemplate.compile(message, event);
        } catch (UnknownFieldException e) {
            refuse.accept(at("message"), "@message: " + e.reason());
        }
    }

    private List<String> list(String name) {
        return Arrays.stream(values.getOrDefault(name, "").split(","))
                .map(String::strip)
                .filter(s -> !s.isEmpty())
                .toList();
    }

    /** The parser keeps no positions of annotations: the line is looked up between the rule's name and its conditions. */
    private Position at(String annotation) {
        String[] lines = text.split("\n", -1);
        Pattern wanted = Pattern.compile("@" + Pattern.quote(annotation) + "\\b");
        for (int i = Math.max(0, descr.getLine() - 1); i < lines.length; i++) {
            if (wanted.matcher(lines[i]).find()) {
                return Position.ofLine(file, i + 1);
            }
            if (lines[i].strip().equals("when")) {
                break;
            }
        }
        return Position.ofLine(file, descr.getLine());
    }
}
