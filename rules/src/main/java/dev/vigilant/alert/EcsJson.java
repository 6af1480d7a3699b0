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
 * <p>Threading: any. Allocation: the document, several KiB.
 */
public final class EcsJson {
    private static final String ECS_VERSION = "9.4.0";
    private static final String PRODUCT = "vigilant";
    private static final String CREATED = "\"created\":\"";

    private final Host host;

    public EcsJson(Host host) {
        this.host = host;
    }

    /** The alert's document, without a line end. */
    public byte[] alert(Alert alert) {
        return Json.document(json -> alert(json, alert));
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
        return Json.document(json -> {
            EcsFields fields = new EcsFields(event);
            json.time("@timestamp", event.context().timeNanos());
            ecs(json);
            json.object("event", e -> {
                json.text("kind", "event");
                fields.eventFields(json, List.of());
            });
            host(json);
            fields.subjects(json);
            json.object(PRODUCT, v -> {
                json.text("sensor", event.context().origin().label());
                fields.own(json);
                RuleFields.write(json, event);
            });
        });
    }

    private void alert(Json json, Alert alert) throws IOException {
        RuleDescription rule = alert.rule();
        KernelEvent event = alert.event();
        EcsFields fields = new EcsFields(event);
        json.time("@timestamp", event.context().timeNanos());
        json.text("message", alert.message());
        json.texts("tags", rule.tags());
        ecs(json);
        json.object("log", l -> json.text("level", rule.severity().label()));
        json.object("rule", r -> {
            json.text("id", rule.id());
            json.text("name", rule.name());
            json.text("description", rule.description());
            json.text("ruleset", rule.pack());
        });
        json.object("event", e -> {
            json.text("kind", "alert");
            json.text("id", alert.id());
            json.text("module", PRODUCT);
            json.text("dataset", PRODUCT + ".alerts");
            json.number("severity", rule.severity().number());
            json.time("created", alert.raisedNanos());
            fields.eventFields(json, List.of("intrusion_detection"));
        });
        if (!rule.techniques().isEmpty()) {
            threat(json, rule.techniques());
        }
        host(json);
        fields.subjects(json);
        json.object(PRODUCT, v -> own(json, alert, fields));
    }

    private static void own(Json json, Alert alert, EcsFields fields) throws IOException {
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
        fields.own(json);
        fields.ownProcess(json);
        byte[] raw = event.context().raw();
        json.text("raw", raw == null ? null : new String(raw, StandardCharsets.UTF_8));
        json.objects("evidence", alert.evidence(), EcsJson::evidence);
    }

    private static void evidence(Json json, KernelEvent event) throws IOException {
        EcsFields fields = new EcsFields(event);
        json.time("@timestamp", event.context().timeNanos());
        json.object("event", e -> fields.eventFields(json, List.of()));
        fields.subjects(json);
        json.object(PRODUCT, v -> {
            json.text("sensor", event.context().origin().label());
            fields.own(json);
            fields.ownProcess(json);
        });
    }

    private static void ecs(Json json) throws IOException {
        json.object("ecs", e -> json.text("version", ECS_VERSION));
    }

    /** ECS has a place for sub-techniques, but keeps the technique's own list beside it. */
    private static void threat(Json json, List<String> techniques) throws IOException {
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

    private void host(Json json) throws IOException {
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
    }
}
