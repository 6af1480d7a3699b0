// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.sigma;

import dev.vigilant.alert.RuleDescription;
import dev.vigilant.event.EventKind;
import dev.vigilant.rules.ast.Condition;
import dev.vigilant.rules.ast.Operand;
import dev.vigilant.rules.ast.Position;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A rule with a detection, worked out for each kind of events.
 *
 * @param description what it says of itself
 * @param names its id and its name, by which correlations call it
 * @param conditions by the kinds of events that it can match
 * @param views of its log source, which its fields are looked up in
 * @param position where it begins
 */
record SigmaRule(
        RuleDescription description,
        Set<String> names,
        Map<EventKind, Condition> conditions,
        List<View> views,
        Position position) {
    SigmaRule {
        names = Set.copyOf(names);
        conditions = new LinkedHashMap<>(conditions);
        views = List.copyOf(views);
    }

    /** What a field of Sigma is in an event of a kind, where it is one single value. */
    Optional<Operand.Field> field(EventKind kind, String name) {
        return views.stream()
                .filter(view -> view.kind() == kind)
                .flatMap(view -> single(view.field(name)).stream())
                .findFirst();
    }

    private static Optional<Operand.Field> single(Target target) {
        Operand.Field field = null;
        if (target instanceof Target.Texts texts) {
            field = texts.fields().get(0);
        } else if (target instanceof Target.Number number) {
            field = number.field();
        } else if (target instanceof Target.Address address) {
            field = address.field();
        }
        return Optional.ofNullable(field).filter(f -> !f.type().many());
    }
}
