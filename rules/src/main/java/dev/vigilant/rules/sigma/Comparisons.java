// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.sigma;

import dev.vigilant.rules.ast.Condition;
import dev.vigilant.rules.ast.Operand;
import dev.vigilant.rules.ast.Operator;
import dev.vigilant.rules.ast.Position;
import dev.vigilant.rules.ast.Transform;
import dev.vigilant.rules.text.Network;
import dev.vigilant.rules.translate.Logic;
import dev.vigilant.rules.translate.RefusedException;
import dev.vigilant.rules.translate.Verdict;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Says of an item what it is for events of a view. */
final class Comparisons {
    private final View view;
    private final Item item;
    private final Position position;

    private Comparisons(View view, Item item) {
        this.view = view;
        this.item = item;
        this.position = item.position();
    }

    static Verdict of(Item item, View view) throws RefusedException {
        Verdict verdict = new Comparisons(view, item).verdict();
        return item.negated() ? verdict.not() : verdict;
    }

    private Target target(String name) {
        return view.field(name);
    }

    private Verdict verdict() throws RefusedException {
        String field = item.field();
        Target target = field == null ? view.keywords() : target(field);
        if (target instanceof Target.Unknown unknown) {
            return Verdict.unknown(unknown.why(), position);
        }
        return Verdict.of(condition(target));
    }

    private RefusedException refused(String why) {
        String field = item.field();
        return new RefusedException(position, (field == null ? "keywords" : "`" + field + "`") + ": " + why);
    }

    private Condition condition(Target target) throws RefusedException {
        if (item.how() == Item.How.EXISTS) {
            boolean wanted = item.single().equalsIgnoreCase("true");
            return wanted ? present(target) : Logic.not(present(target));
        }
        List<Condition> alternatives = new ArrayList<>();
        if (item.missing()) {
            alternatives.add(Logic.not(present(target)));
        }
        if (item.all()) {
            List<Condition> each = new ArrayList<>();
            for (List<Wild> value : item.values()) {
                each.add(fits(target, value));
            }
            if (!each.isEmpty()) {
                alternatives.add(Logic.and(each, position));
            }
        } else {
            alternatives.add(
                    fits(target, item.values().stream().flatMap(List::stream).toList()));
        }
        return Logic.or(alternatives, position);
    }

    private Condition present(Target target) {
        if (target instanceof Target.Texts texts) {
            return Logic.or(texts.fields().stream().map(this::present).toList(), position);
        }
        if (target instanceof Target.Number number) {
            return present(number.field());
        }
        return target instanceof Target.Address address
                ? present(address.field())
                : Logic.of(target instanceof Target.Choice, position);
    }

    private Condition present(Operand.Field field) {
        return new Condition.Present(field, position);
    }

    /** One of the values fits. */
    private Condition fits(Target target, List<Wild> values) throws RefusedException {
        if (values.isEmpty()) {
            return Logic.never(position);
        }
        if (item.how().name().startsWith("FIELD")) {
            return fields(target, values);
        }
        if (target instanceof Target.Texts texts) {
            return texts(texts, values);
        }
        if (target instanceof Target.Number number) {
            return number(number, values);
        }
        if (target instanceof Target.Address address) {
            return address(address.field(), values);
        }
        return target instanceof Target.Choice choice ? choice(choice, values) : Logic.never(position);
    }

    private Condition texts(Target.Texts target, List<Wild> values) throws RefusedException {
        boolean cased = item.cased() || target.cased();
        Map<Operator, List<String>> operands = new EnumMap<>(Operator.class);
        List<Condition> parts = new ArrayList<>();
        for (Wild value : values) {
            switch (item.how()) {
                case TEXT -> {
                    if (value.fitsAll()) {
                        parts.add(present(target));
                    } else {
                        operands.computeIfAbsent(value.operator(), o -> new ArrayList<>())
                                .add(value.operand(cased));
                    }
                }
                case EXPRESSION ->
                    operands.computeIfAbsent(Operator.MATCHES, o -> new ArrayList<>())
                            .add(value.form());
                case CIDR ->
                    operands.computeIfAbsent(Operator.IN_NETWORK, o -> new ArrayList<>())
                            .add(network(value));
                default -> throw refused("texts have no order");
            }
        }
        for (Operand.Field field : target.fields()) {
            operands.forEach((operator, texts) -> parts.add(compare(field, operator, texts, cased)));
        }
        return Logic.or(parts, position);
    }

    private Condition compare(Operand.Field field, Operator operator, List<String> texts, boolean cased) {
        Operand.Literals literals = Operand.Literals.of(texts);
        boolean one = literals.values().size() == 1;
        boolean plain = cased || operator == Operator.MATCHES || operator == Operator.IN_NETWORK;
        return new Condition.Comparison(
                plain ? field : field.with(Transform.LOWER),
                operator == Operator.EQUAL && !one ? Operator.IN : operator,
                literals,
                position);
    }

    private String network(Wild value) throws RefusedException {
        if (Network.parse(value.form()).isEmpty()) {
            throw refused("`" + value + "` is neither an address nor a network");
        }
        return value.form();
    }

    private Condition number(Target.Number target, List<Wild> values) throws RefusedException {
        List<Long> numbers = new ArrayList<>();
        for (Wild value : values) {
            if (value.fitsAll()) {
                return present(target);
            }
            OptionalLong number = value.hasWildcards()
                    ? OptionalLong.empty()
                    : target.reader().apply(value.form());
            if (number.isPresent()) {
                numbers.add(number.getAsLong());
            } else if (target.strict()) {
                throw refused("`" + value + "` is not " + target.what());
            }
        }
        if (numbers.isEmpty()) {
            return Logic.never(position);
        }
        Operator operator = switch (item.how()) {
            case TEXT -> numbers.size() == 1 ? Operator.EQUAL : Operator.IN;
            case LESS -> Operator.LESS;
            case LESS_OR_EQUAL -> Operator.LESS_OR_EQUAL;
            case GREATER -> Operator.GREATER;
            case GREATER_OR_EQUAL -> Operator.GREATER_OR_EQUAL;
            default -> throw refused("numbers are compared as they are: leave the modifier out");
        };
        if (operator.ordering() && numbers.size() > 1) {
            throw refused("is compared with one number: write an item for each");
        }
        return new Condition.Comparison(target.field(), operator, Operand.Literals.of(numbers), position);
    }

    /** An address is one however it is written; parts of it are parts of its text. */
    private Condition address(Operand.Field field, List<Wild> values) throws RefusedException {
        boolean addresses = item.how() == Item.How.CIDR
                || (item.how() == Item.How.TEXT
                        && values.stream()
                                .allMatch(v -> !v.hasWildcards()
                                        && Network.parse(v.form()).isPresent()));
        if (!addresses) {
            return texts(new Target.Texts(List.of(field), false), values);
        }
        List<String> networks = new ArrayList<>();
        for (Wild value : values) {
            networks.add(network(value));
        }
        return compare(field, Operator.IN_NETWORK, networks, true);
    }

    private Condition choice(Target.Choice choice, List<Wild> values) throws RefusedException {
        List<Condition> parts = new ArrayList<>();
        for (Wild value : values) {
            var pattern = switch (item.how()) {
                case TEXT -> com.google.re2j.Pattern.compile(value.expression(false));
                case EXPRESSION -> com.google.re2j.Pattern.compile(value.form());
                default -> throw refused("it is one of " + choice.texts().keySet());
            };
            choice.texts().forEach((text, condition) -> {
                if (pattern.matches(text)) {
                    parts.add(condition);
                }
            });
        }
        return Logic.or(parts, position);
    }

    /** With another field of the event. */
    private Condition fields(Target target, List<Wild> names) throws RefusedException {
        Operator operator = switch (item.how()) {
            case FIELD_STARTS -> Operator.STARTS_WITH;
            case FIELD_ENDS -> Operator.ENDS_WITH;
            case FIELD_CONTAINS -> Operator.SUBSTRING;
            default -> Operator.EQUAL;
        };
        List<Condition> parts = new ArrayList<>();
        for (Wild name : names) {
            Target other = target(name.form());
            if (other instanceof Target.Absent || target instanceof Target.Absent) {
                continue;
            }
            List<Operand.Field> lefts = sides(target, operator);
            List<Operand.Field> rights = sides(other, operator);
            for (Operand.Field left : lefts) {
                for (Operand.Field right : rights) {
                    if (!left.type().equals(right.type())) {
                        throw refused("`" + name + "` does not hold the same kind of value");
                    }
                    parts.add(new Condition.Comparison(left, operator, right, position));
                }
            }
        }
        return Logic.or(parts, position);
    }

    private List<Operand.Field> sides(Target target, Operator operator) throws RefusedException {
        if (target instanceof Target.Texts texts) {
            return texts.fields().stream()
                    .map(f -> item.cased() ? f : f.with(Transform.LOWER))
                    .toList();
        }
        if (target instanceof Target.Address address) {
            return List.of(item.cased() ? address.field() : address.field().with(Transform.LOWER));
        }
        if (target instanceof Target.Number number && operator == Operator.EQUAL) {
            return List.of(number.field());
        }
        throw refused("the two fields cannot be compared with each other");
    }
}
