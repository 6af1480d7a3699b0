// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.falco;

import dev.vigilant.alert.Severity;
import dev.vigilant.rules.ast.Position;
import java.util.List;

/**
 * A rule as the files define it.
 *
 * @param name its title
 * @param description what it says to the analyst
 * @param condition the condition
 * @param output the alert's line, with {@code %field} places
 * @param priority how bad it is
 * @param source what its events come from: {@code syscall}
 * @param enabled whether it runs
 * @param tags free words, ATT&amp;CK's among them
 * @param exceptions what it does not fire on
 * @param position where it is defined
 */
record RuleText(
        String name,
        Text description,
        Text condition,
        Text output,
        Severity priority,
        String source,
        boolean enabled,
        List<String> tags,
        List<Exclusion> exceptions,
        Position position) {
    RuleText {
        tags = List.copyOf(tags);
        exceptions = List.copyOf(exceptions);
    }

    RuleText withDescription(Text value) {
        return new RuleText(name, value, condition, output, priority, source, enabled, tags, exceptions, position);
    }

    RuleText withCondition(Text value) {
        return new RuleText(name, description, value, output, priority, source, enabled, tags, exceptions, position);
    }

    RuleText withOutput(Text value) {
        return new RuleText(name, description, condition, value, priority, source, enabled, tags, exceptions, position);
    }

    RuleText withPriority(Severity value) {
        return new RuleText(name, description, condition, output, value, source, enabled, tags, exceptions, position);
    }

    RuleText withEnabled(boolean value) {
        return new RuleText(name, description, condition, output, priority, source, value, tags, exceptions, position);
    }

    RuleText withTags(List<String> value) {
        return new RuleText(
                name, description, condition, output, priority, source, enabled, value, exceptions, position);
    }

    RuleText withExceptions(List<Exclusion> value) {
        return new RuleText(name, description, condition, output, priority, source, enabled, tags, value, position);
    }
}
