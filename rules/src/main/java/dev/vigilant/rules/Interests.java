// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules;

import dev.vigilant.event.Bits;
import dev.vigilant.event.EventKind;
import dev.vigilant.event.FileEvent;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.rules.ast.Alternatives;
import dev.vigilant.rules.ast.Condition;
import dev.vigilant.rules.ast.FieldType;
import dev.vigilant.rules.ast.Operand;
import dev.vigilant.rules.ast.Operator;
import dev.vigilant.rules.ast.Pattern;
import dev.vigilant.rules.ast.Rule;
import dev.vigilant.rules.field.EventTypes;
import dev.vigilant.source.EnvironmentDemand;
import dev.vigilant.source.Interest;
import dev.vigilant.source.Interest.Comparison;
import dev.vigilant.source.Interest.FileDemand;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Derives from the rules what has to be sensed: what is left out here is sensed without a condition. */
final class Interests {
    /** Into how many interests of a kind a pattern may be spread. */
    private static final int MAX_ALTERNATIVES = 32;

    private Interests() {}

    static List<Interest> of(List<Rule> rules) {
        Set<Interest> interests = new LinkedHashSet<>();
        for (Rule rule : rules) {
            for (Pattern pattern : rule.patterns()) {
                List<FileDemands> alternatives = Alternatives.of(pattern.conditions(), MAX_ALTERNATIVES).stream()
                        .map(FileDemands::new)
                        .toList();
                EnvironmentDemand environment = environment(rule, pattern);
                for (EventKind kind : EventTypes.kinds(pattern.type())) {
                    List<Interest.Condition> conditions = conditions(kind.type(), pattern.conditions());
                    alternatives.forEach(demands -> interests.add(interest(kind, conditions, demands, environment)));
                }
            }
        }
        return withoutNarrower(new ArrayList<>(interests));
    }

    /** What a pattern's conditions ask for, and the message when it is about the pattern's event. */
    private static EnvironmentDemand environment(Rule rule, Pattern pattern) {
        EnvironmentDemand asked = EnvironmentDemands.of(pattern.conditions());
        String message = rule.description().message();
        return message == null ? asked : asked.and(EnvironmentDemands.ofMessage(message, pattern.type()));
    }

    private static Interest interest(
            EventKind kind, List<Interest.Condition> conditions, FileDemands demands, EnvironmentDemand environment) {
        Set<String> syscalls = demands.values("syscall");
        if (kind == EventKind.SYSTEM_CALL && syscalls.isEmpty()) {
            syscalls = demands.values("name");
        }
        boolean file = FileEvent.class.isAssignableFrom(kind.type());
        return new Interest(
                kind,
                conditions,
                List.copyOf(syscalls),
                demands.place(),
                demands.successful(),
                demands.values("process.name"),
                file ? demands.file() : FileDemand.NONE,
                environment);
    }

    /**
     * An interest that another one covers is superfluous, but for named syscalls: a sensor may not be able to tell of any
     * syscall, and still of those.
     */
    private static List<Interest> withoutNarrower(List<Interest> interests) {
        List<Interest> kept = new ArrayList<>();
        for (Interest interest : interests) {
            boolean covered = interests.stream()
                    .anyMatch(i -> i.covers(interest)
                            && (i.syscalls().isEmpty() == interest.syscalls().isEmpty())
                            && (!interest.covers(i) || interests.indexOf(i) < interests.indexOf(interest)));
            if (!covered) {
                kept.add(interest);
            }
        }
        return kept;
    }

    private static List<Interest.Condition> conditions(Class<?> record, List<Condition> conjuncts) {
        return conjuncts.stream().flatMap(c -> pushable(record, c)).distinct().toList();
    }

    private static Stream<Interest.Condition> pushable(Class<?> record, Condition condition) {
        if (condition instanceof Condition.And and) {
            return and.parts().stream().flatMap(part -> pushable(record, part));
        }
        if (condition instanceof Condition.Or or) {
            return anyBit(record, or).stream();
        }
        return single(record, condition).stream();
    }

    private static Optional<Interest.Condition> single(Class<?> record, Condition condition) {
        if (condition instanceof Condition.Holds holds) {
            return bits(record, holds.field());
        }
        if (condition instanceof Condition.Not not
                && not.part() instanceof Condition.Comparison c
                && c.operator() == Operator.EQUAL) {
            return masked(record, c).or(() -> comparison(record, c, Comparison.NOT_EQUAL));
        }
        if (condition instanceof Condition.Comparison c) {
            if (c.right() instanceof Operand.Literals l && l.values().equals(List.of(Boolean.TRUE))) {
                return c.operator() == Operator.EQUAL ? bits(record, c.left()) : Optional.empty();
            }
            return comparisonOf(c.operator()).flatMap(comparison -> comparison(record, c, comparison));
        }
        return Optional.empty();
    }

    private static Optional<Comparison> comparisonOf(Operator operator) {
        return switch (operator) {
            case EQUAL -> Optional.of(Comparison.EQUAL);
            case LESS -> Optional.of(Comparison.LESS);
            case LESS_OR_EQUAL -> Optional.of(Comparison.LESS_OR_EQUAL);
            case GREATER -> Optional.of(Comparison.GREATER);
            case GREATER_OR_EQUAL -> Optional.of(Comparison.GREATER_OR_EQUAL);
            case IN, CONTAINS, SUBSTRING, STARTS_WITH, ENDS_WITH, UNDER, MATCHES, IN_NETWORK -> Optional.empty();
        };
    }

    private static Optional<Interest.Condition> comparison(
            Class<?> record, Condition.Comparison c, Comparison comparison) {
        boolean pushable = c.left().binding() == null
                && c.left().plain()
                && c.left().type().equals(new FieldType(FieldType.Kind.NUMBER, false))
                && number(c.right()) != null
                && isComponent(record, c.left().steps());
        return pushable ? condition(c, comparison, number(c.right())) : Optional.empty();
    }

    /** {@code (flags & 0x3) != 0}. */
    private static Optional<Interest.Condition> masked(Class<?> record, Condition.Comparison c) {
        boolean pushable = c.left().binding() == null
                && c.left().mask() != Operand.Field.NO_MASK
                && c.left().transforms().isEmpty()
                && Long.valueOf(0).equals(number(c.right()))
                && isComponent(record, c.left().steps());
        return pushable ? condition(c, Comparison.ANY_BIT, c.left().mask()) : Optional.empty();
    }

    private static Optional<Interest.Condition> condition(
            Condition.Comparison c, Comparison comparison, @Nullable Long value) {
        return Optional.ofNullable(value)
                .map(v -> new Interest.Condition(String.join(".", c.left().steps()), comparison, v));
    }

    private static @Nullable Long number(Operand right) {
        return right instanceof Operand.Literals l
                        && l.values().size() == 1
                        && l.values().get(0) instanceof Long n
                ? n
                : null;
    }

    private static Optional<Interest.Condition> bits(Class<?> record, Operand.Field field) {
        if (field.binding() != null || field.steps().size() != 1) {
            return Optional.empty();
        }
        try {
            Bits bits = record.getMethod(field.steps().get(0)).getAnnotation(Bits.class);
            return Optional.ofNullable(bits)
                    .map(b -> new Interest.Condition(b.component(), Comparison.ANY_BIT, b.mask()));
        } catch (NoSuchMethodException e) {
            return Optional.empty();
        }
    }

    /** Flags of one component, one of which has to be set. */
    private static Optional<Interest.Condition> anyBit(Class<?> record, Condition.Or or) {
        long mask = 0;
        String component = null;
        for (Condition part : or.parts()) {
            Optional<Interest.Condition> bit = single(record, part);
            if (bit.isEmpty()
                    || bit.get().comparison() != Comparison.ANY_BIT
                    || (component != null && !component.equals(bit.get().component()))) {
                return Optional.empty();
            }
            component = bit.get().component();
            mask |= bit.get().value();
        }
        return component == null
                ? Optional.empty()
                : Optional.of(new Interest.Condition(component, Comparison.ANY_BIT, mask));
    }

    /** Only what the event's record itself says, not what enrichment adds. */
    private static boolean isComponent(Class<?> record, List<String> steps) {
        Class<?> at = record;
        for (String step : steps) {
            RecordComponent[] components = at.getRecordComponents();
            if (components == null) {
                return false;
            }
            Optional<RecordComponent> component = Arrays.stream(components)
                    .filter(c -> c.getName().equals(step))
                    .findFirst();
            if (component.isEmpty()) {
                return false;
            }
            at = component.get().getType();
        }
        return !KernelEvent.class.isAssignableFrom(at);
    }
}
