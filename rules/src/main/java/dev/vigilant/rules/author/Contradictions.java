// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.author;

import dev.vigilant.rules.ast.Alternatives;
import dev.vigilant.rules.ast.Condition;
import dev.vigilant.rules.ast.FieldType;
import dev.vigilant.rules.ast.Operand;
import dev.vigilant.rules.ast.Operator;
import dev.vigilant.rules.ast.Pattern;
import dev.vigilant.rules.ast.Problem;
import dev.vigilant.rules.ast.Rule;
import dev.vigilant.rules.eval.ConditionCompiler;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Patterns that no event can fit: what one constraint asks, another excludes, or the field never has. What is not understood
 * may hold.
 */
public final class Contradictions {
    private static final int MAX_ALTERNATIVES = 64;

    /** Fields with few values. */
    private static final Map<String, Set<Object>> DOMAINS = Map.of(
            "outcome", Set.of("success", "failure", "unknown"),
            "context.outcome", Set.of("success", "failure", "unknown"),
            "context.origin", Set.of("audit", "proc_connector", "procfs", "ebpf", "runtime", "sensor"),
            "file.type",
                    Set.of("file", "directory", "symlink", "block_device", "character_device", "fifo", "socket", ""));

    private Contradictions() {}

    /** A warning for each such pattern outside {@code not}. */
    public static List<Problem> of(List<Rule> rules) {
        List<Problem> problems = new ArrayList<>();
        for (Rule rule : rules) {
            for (Pattern pattern : rule.patterns()) {
                if (pattern.quantifier() != Pattern.Quantifier.NONE) {
                    reason(pattern)
                            .ifPresent(reason -> problems.add(new Problem(
                                    rule.description().name(), pattern.position(), "can never match: " + reason)));
                }
            }
        }
        return problems;
    }

    private static Optional<String> reason(Pattern pattern) {
        Optional<String> first = Optional.empty();
        for (List<Condition> alternative : Alternatives.of(pattern.conditions(), MAX_ALTERNATIVES)) {
            Optional<String> reason = clash(alternative);
            if (reason.isEmpty()) {
                return reason;
            }
            first = first.isEmpty() ? reason : first;
        }
        return first;
    }

    private static Optional<String> clash(List<Condition> conditions) {
        return absent(conditions).or(() -> flags(conditions)).or(() -> values(conditions));
    }

    /** Something of a structure that is to be missing. */
    private static Optional<String> absent(List<Condition> conditions) {
        for (Condition missing : conditions) {
            if (!(missing instanceof Condition.Not not) || !(not.part() instanceof Condition.Present present)) {
                continue;
            }
            for (Condition other : conditions) {
                Operand.Field field = positive(other);
                if (field != null && field.binding() == null && within(field, present.field())) {
                    return Optional.of("`" + present.field().text() + " == null` excludes `" + other.text() + "`");
                }
            }
        }
        return Optional.empty();
    }

    private static Operand.@Nullable Field positive(Condition condition) {
        if (condition instanceof Condition.Comparison comparison) {
            return comparison.left();
        }
        if (condition instanceof Condition.Present present) {
            return present.field();
        }
        return condition instanceof Condition.Holds holds ? holds.field() : null;
    }

    private static boolean within(Operand.Field field, Operand.Field structure) {
        return structure.binding() == null
                && field.steps().size() >= structure.steps().size()
                && field.steps().subList(0, structure.steps().size()).equals(structure.steps());
    }

    private static Optional<String> flags(List<Condition> conditions) {
        Set<String> set = new LinkedHashSet<>();
        for (Condition condition : conditions) {
            if (condition instanceof Condition.Holds) {
                set.add(condition.text());
            }
        }
        return conditions.stream()
                .filter(c -> c instanceof Condition.Not not
                        && not.part() instanceof Condition.Holds
                        && set.contains(not.part().text()))
                .map(c -> "`" + ((Condition.Not) c).part().text() + "` is asked for and excluded")
                .findFirst();
    }

    /** Values that a field is asked to have, and what is left of them. */
    private static Optional<String> values(List<Condition> conditions) {
        Map<String, List<Condition.Comparison>> byField = new LinkedHashMap<>();
        for (Condition condition : conditions) {
            if (condition instanceof Condition.Comparison c
                    && c.right() instanceof Operand.Literals
                    && !c.left().type().many()
                    && c.left().type().kind() != FieldType.Kind.OBJECT) {
                byField.computeIfAbsent(c.left().text(), f -> new ArrayList<>()).add(c);
            }
        }
        for (Map.Entry<String, List<Condition.Comparison>> entry : byField.entrySet()) {
            Optional<String> reason = values(entry.getKey(), entry.getValue(), negations(conditions, entry.getKey()));
            if (reason.isPresent()) {
                return reason;
            }
        }
        return Optional.empty();
    }

    private static List<Condition.Comparison> negations(List<Condition> conditions, String field) {
        return conditions.stream()
                .filter(Condition.Not.class::isInstance)
                .map(c -> ((Condition.Not) c).part())
                .filter(Condition.Comparison.class::isInstance)
                .map(Condition.Comparison.class::cast)
                .filter(c -> c.left().text().equals(field) && c.right() instanceof Operand.Literals)
                .toList();
    }

    private static Optional<String> values(
            String field, List<Condition.Comparison> asked, List<Condition.Comparison> excluded) {
        Set<Object> domain = DOMAINS.get(field);
        Condition.Comparison naming = asked.stream()
                .filter(c -> c.operator() == Operator.EQUAL || c.operator() == Operator.IN)
                .findFirst()
                .orElse(null);
        if (naming == null) {
            return Optional.empty();
        }
        Set<Object> left = new LinkedHashSet<>(((Operand.Literals) naming.right()).values());
        if (left.isEmpty()) {
            return Optional.of("`" + naming.text() + "` names no value");
        }
        if (domain != null) {
            left.retainAll(domain);
            if (left.isEmpty()) {
                return Optional.of("`" + naming.text() + "`: `" + field + "` is one of "
                        + domain.stream()
                                .map(Object::toString)
                                .filter(v -> !v.isEmpty())
                                .sorted()
                                .toList());
            }
        }
        for (Condition.Comparison other : asked) {
            left.removeIf(value -> !holds(other, value));
            if (left.isEmpty()) {
                return Optional.of("`" + naming.text() + "` excludes `" + other.text() + "`");
            }
        }
        for (Condition.Comparison other : excluded) {
            left.removeIf(value -> holds(other, value));
            if (left.isEmpty()) {
                return Optional.of("`" + naming.text() + "` excludes `!(" + other.text() + ")`");
            }
        }
        return Optional.empty();
    }

    private static boolean holds(Condition.Comparison comparison, Object value) {
        return ConditionCompiler.literal(
                        comparison.left().type().kind(),
                        comparison.operator(),
                        ((Operand.Literals) comparison.right()).values())
                .test(value);
    }
}
