// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.alert;

import dev.vigilant.event.KernelEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Alerts and events as JSON in the names of the Elastic Common Schema, one line each; what ECS has no name for is under
 * {@code vigilant}.
 *
 * <p>Threading: one thread, but for {@link #raised}. Allocation: the document, several KiB, and what its strings are made of.
 *
 * <h2>What is written twice</h2>
 *
 * Most of an alert's document was in the one before: what the rule says of itself, the process with its ancestors, the
 * container, the host. That is encoded once and copied while the same objects come, as all of them are immutable. So is what is said of
 * an event that is the evidence too.
 */
public final class EcsJson {
    private static final String ECS_VERSION = "9.4.0";
    private static final String PRODUCT = "vigilant";
    private static final String CREATED = "\"created\":\"";

    private static final List<String> DETECTION = List.of("intrusion_detection");
    private static final int RULES = 64;

    private final Json json = new Json();
    private final EcsFields fields = new EcsFields();
    private final Recent<RuleDescription> headings = new Recent<>(RULES);
    private final Recent<RuleDescription> threats = new Recent<>(RULES);
    private final Host host;
    private byte @Nullable [] encodedHost;

    /** Where fields stand in the document. */
    private record Span(int from, int to) {}

    public EcsJson(Host host) {
        this.host = host;
    }

    /** The alert's document, without a line end. */
    public byte[] alert(Alert alert) {
        return json.document(j -> write(alert));
    }

    /**
     * When the rule of an alert fired, from its document: what waits to be delivered is only that.
     *
     * @return null when the document does not say
     */
    public static @Nullable Instant raised(byte[] alert) {
        // No text within a document can look like it: its quotes are escaped there.
        String document = new String(alert, StandardCharsets.ISO_8859_1);
        int start = document.indexOf(CREATED);
        if (start < 0) {
            return null;
        }
        start += CREATED.length();
        try {
            return Instant.parse(document.substring(start, document.indexOf('"', start)));
        } catch (DateTimeParseException | StringIndexOutOfBoundsException foreign) {
            return null;
        }
    }

    /**
     * The event's document, without a line end: what a rule author looks at. Under {@code vigilant} it has everything that
     * rules see, in the names of the rule language, so that {@code rules test} and {@code rules explain} can read it back.
     */
    public byte[] event(KernelEvent event) {
        return json.document(j -> {
            json.time("@timestamp", event.context().timeNanos());
            ecs(json);
            json.object("event", e -> {
                json.text("kind", "event");
                EcsFields.eventFields(json, event, List.of());
            });
            host();
            fields.subjects(json, event);
            json.object(PRODUCT, v -> {
                json.text("sensor", event.context().origin().label());
                EcsFields.own(json, event);
                RuleFields.write(json, event);
            });
        });
    }

    private void write(Alert alert) throws IOException {
        RuleDescription rule = alert.rule();
        KernelEvent event = alert.event();
        json.time("@timestamp", event.context().timeNanos());
        json.text("message", alert.message());
        headings.write(json, rule, rule.id().hashCode(), EcsJson::heading);
        json.object("event", e -> {
            json.text("kind", "alert");
            json.text("id", alert.id());
            json.text("module", PRODUCT);
            json.text("dataset", PRODUCT + ".alerts");
            json.number("severity", rule.severity().number());
            json.time("created", alert.raisedNanos());
            EcsFields.eventFields(json, event, DETECTION);
        });
        threats.write(json, rule, rule.id().hashCode(), EcsJson::threat);
        host();
        int subjects = json.mark();
        fields.subjects(json, event);
        Span told = new Span(subjects, json.mark());
        json.object(PRODUCT, v -> own(alert, told));
    }

    private static void heading(Json json, RuleDescription rule) throws IOException {
        json.texts("tags", rule.tags());
        ecs(json);
        json.object("log", l -> json.text("level", rule.severity().label()));
        json.object("rule", r -> {
            json.text("id", rule.id());
            json.text("name", rule.name());
            json.text("description", rule.description());
            json.text("ruleset", rule.pack());
        });
    }

    private void own(Alert alert, Span subjects) throws IOException {
        KernelEvent event = alert.event();
        json.text("id", alert.id());
        json.number("sequence", alert.sequence());
        json.text("sensor", event.context().origin().label());
        json.text("false_positives", alert.rule().falsePositives());
        json.object("coverage", c -> {
            json.number("lost", alert.coverage().lost());
            json.truth("lost_recently", alert.coverage().lostRecently());
            json.truth("complete", alert.coverage().complete());
        });
        int from = json.mark();
        ownFields(json, event);
        Span own = new Span(from, json.mark());
        byte[] raw = event.context().raw();
        json.text("raw", raw == null ? null : new String(raw, StandardCharsets.UTF_8));
        json.objects("evidence", alert.evidence(), (j, e) -> evidence(e, e == event ? subjects : null, own));
    }

    /** What is known already of an event that was told before. */
    private void evidence(KernelEvent event, @Nullable Span subjects, Span own) throws IOException {
        json.time("@timestamp", event.context().timeNanos());
        json.object("event", e -> EcsFields.eventFields(json, event, List.of()));
        if (subjects == null) {
            fields.subjects(json, event);
        } else {
            json.again(subjects.from, subjects.to);
        }
        json.object(PRODUCT, v -> {
            json.text("sensor", event.context().origin().label());
            if (subjects == null) {
                ownFields(json, event);
            } else {
                json.again(own.from, own.to);
            }
        });
    }

    private static void ownFields(Json json, KernelEvent event) throws IOException {
        EcsFields.own(json, event);
        EcsFields.ownProcess(json, event);
    }

    private static void ecs(Json json) throws IOException {
        json.object("ecs", e -> json.text("version", ECS_VERSION));
    }

    /** ECS has a place for sub-techniques, but keeps the technique's own list beside it. */
    private static void threat(Json json, RuleDescription rule) throws IOException {
        List<String> techniques = rule.techniques();
        if (techniques.isEmpty()) {
            return;
        }
        List<String> references = new ArrayList<>();
        for (String technique : techniques) {
            references.add("https://attack.mitre.org/techniques/" + technique.replace('.', '/') + "/");
        }
        json.object("threat", t -> {
            json.text("framework", "MITRE ATT&CK");
            json.object("technique", q -> {
                json.texts("id", techniques);
                json.texts("reference", references);
            });
        });
    }

    private void host() throws IOException {
        if (encodedHost == null) {
            int mark = json.mark();
            json.object("host", h -> {
                json.text("name", host.name());
                json.text("hostname", host.name());
                json.text("id", host.id());
                json.text("architecture", host.architecture());
                json.object("os", o -> {
                    json.text("type", "linux");
                    json.text("kernel", host.kernel());
                });
            });
            encodedHost = json.since(mark);
        } else {
            json.fields(encodedHost);
        }
    }
}
