// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.drl;

import dev.vigilant.event.KernelEvent;
import dev.vigilant.rules.ast.Bindings;
import dev.vigilant.rules.ast.Condition;
import dev.vigilant.rules.ast.Pattern;
import dev.vigilant.rules.ast.Pattern.Quantifier;
import dev.vigilant.rules.ast.Position;
import dev.vigilant.rules.field.EventTypes;
import dev.vigilant.rules.field.Nearest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.drools.drl.ast.descr.BaseDescr;
import org.drools.drl.ast.descr.ExprConstraintDescr;
import org.drools.drl.ast.descr.PatternDescr;

/** Lowers one pattern and its constraints. */
final class PatternReader {
    private static final String EVENTS = "dev.vigilant.event.";

    private final String file;
    private final String text;
    private final Map<String, List<Object>> lists;
    private final Map<String, Class<? extends KernelEvent>> bindings;
    private final BiConsumer<Position, String> refuse;

    PatternReader(
            String file,
            String text,
            Map<String, List<Object>> lists,
            Map<String, Class<? extends KernelEvent>> bindings,
            BiConsumer<Position, String> refuse) {
        this.file = file;
        this.text = text;
        this.lists = lists;
        this.bindings = bindings;
        this.refuse = refuse;
    }

    Optional<Pattern> read(PatternDescr pattern, Quantifier quantifier) {
        Optional<Scope> scope = scope(pattern, false);
        if (scope.isPresent() && pattern.getIdentifier() != null && quantifier != Quantifier.EACH) {
            refuse.accept(
                    positionOf(pattern),
                    "`" + pattern.getIdentifier() + "` is bound within not or exists: no event can be named there");
        }
        return scope.map(s -> read(pattern, quantifier, s));
    }

    /** What names mean in a pattern, or empty when it is about no event, which is told. */
    Optional<Scope> scope(PatternDescr pattern, boolean counted) {
        Position position = positionOf(pattern);
        String name = pattern.getObjectType().startsWith(EVENTS)
                ? pattern.getObjectType().substring(EVENTS.length())
                : pattern.getObjectType();
        Optional<Class<? extends KernelEvent>> type = EventTypes.named(name);
        if (type.isEmpty()) {
            refuse.accept(
                    position,
                    "unknown event type `" + name + "`"
                            + Nearest.hint(
                                    name, EventTypes.names(), ": known are " + String.join(", ", EventTypes.names())));
            return Optional.empty();
        }
        String binding = pattern.getIdentifier();
        if (binding != null && !binding.startsWith("$")) {
            refuse.accept(
                    position, "binding `" + binding + "`: names of events begin with $, write `$" + binding + "`");
        }
        return Optional.of(new Scope(type.get(), binding, Map.copyOf(bindings), lists, counted));
    }

    Pattern read(PatternDescr pattern, Quantifier quantifier, Scope scope) {
        Position position = positionOf(pattern);
        List<Condition> conditions = new ArrayList<>();
        for (BaseDescr constraint : pattern.getDescrs()) {
            constraint(constraint, scope, position).ifPresent(conditions::add);
        }
        return new Pattern(quantifier, scope.binding(), scope.type(), conditions, position);
    }

    private Optional<Condition> constraint(BaseDescr constraint, Scope scope, Position pattern) {
        if (!(constraint instanceof ExprConstraintDescr expression)
                || expression.getType() == ExprConstraintDescr.Type.POSITIONAL) {
            refuse.accept(pattern, "constraints without a field name: write `file.path == \"...\"`");
            return Optional.empty();
        }
        try {
            Condition condition = ConstraintParser.parse(source(expression), positionOf(expression), scope);
            if (Bindings.of(condition).size() > Bindings.MAX) {
                refuse.accept(
                        condition.position(),
                        "more than " + Bindings.MAX + " other events in one constraint: split it with a comma");
                return Optional.empty();
            }
            return Optional.of(condition);
        } catch (RefusedException e) {
            refuse.accept(e.position(), e.reason());
            return Optional.empty();
        }
    }

    /** The constraint as it stands in the file: the parser's own copy has other quotes. */
    String source(ExprConstraintDescr expression) {
        int from = expression.getStartCharacter();
        int to = expression.getEndCharacter() + 1;
        return from >= 0 && to <= text.length() && from < to ? text.substring(from, to) : expression.getExpression();
    }

    Position positionOf(BaseDescr descr) {
        return new Position(file, descr.getLine(), descr.getColumn() + 1);
    }
}
