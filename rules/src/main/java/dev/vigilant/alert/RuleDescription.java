// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.alert;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a rule says of itself.
 *
 * @param id stable identifier, lower case with dashes; ECS {@code rule.id}
 * @param name the rule's title; ECS {@code rule.name}
 * @param pack the DRL package it is part of; ECS {@code rule.ruleset}
 * @param description one or two sentences for the analyst
 * @param severity how bad it is when it fires
 * @param techniques ATT&amp;CK technique ids, such as {@code T1611} or {@code T1059.004}
 * @param tags free tags
 * @param falsePositives what benign work looks the same, empty if nothing is known
 * @param message template of the alert's message with {@code {field.path}} places, null for a default
 * @param file the file it was read from
 * @param line line of the file, from 1
 */
public record RuleDescription(
        String id,
        String name,
        String pack,
        String description,
        Severity severity,
        List<String> techniques,
        List<String> tags,
        String falsePositives,
        @Nullable String message,
        String file,
        int line) {
    public RuleDescription {
        techniques = List.copyOf(techniques);
        tags = List.copyOf(tags);
    }

    /** The same with another severity. */
    public RuleDescription with(Severity other) {
        return new RuleDescription(
                id, name, pack, description, other, techniques, tags, falsePositives, message, file, line);
    }

    /** The same under another id. */
    public RuleDescription with(String otherId) {
        return new RuleDescription(
                otherId, name, pack, description, severity, techniques, tags, falsePositives, message, file, line);
    }
}
