// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.sigma;

import dev.vigilant.alert.RuleDescription;
import dev.vigilant.event.EventKind;
import dev.vigilant.rules.ast.Condition;
import dev.vigilant.rules.ast.Count;
import dev.vigilant.rules.ast.Limit;
import dev.vigilant.rules.ast.Operand;
import dev.vigilant.rules.ast.Operator;
import dev.vigilant.rules.ast.Pattern;
import dev.vigilant.rules.ast.Pattern.Quantifier;
import dev.vigilant.rules.ast.Position;
import dev.vigilant.rules.ast.Rule;
import dev.vigilant.rules.translate.Logic;
import dev.vigilant.rules.translate.RefusedException;
import dev.vigilant.rules.yaml.YamlValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Makes rules of a correlation: one for each kind of event that may be its last, because a match is told when its last event
 * comes.
 */
final class Correlations {
    private static final String LAST = "$last";
    private static final int MAX_RULES = 64;

    /** All that Vigilant sees is of one host. */
    private static final Set<String> HOST = Set.of(
            "computer", "computername", "host", "hostname", "host.name", "host.hostname", "agent.hostname", "node");

    private final Correlation correlation;
    private final RuleDescription description;
    private final BiFunction<RuleDescription, EventKind, RuleDescription> described;
    private final Position position;

    /** Events of a kind that a rule is about, and what they are grouped by. */
    private record Part(EventKind kind, Condition condition, List<Operand.Field> groups) {
        Part or(Part other) {
            return new Part(kind, Logic.or(List.of(condition, other.condition), condition.position()), groups);
        }
    }

    /** @param described what the alerts about a kind of events say */
    Correlations(
            Correlation correlation,
            RuleDescription description,
            BiFunction<RuleDescription, EventKind, RuleDescription> described,
            Position position) {
        this.correlation = correlation;
        this.description = description;
        this.described = described;
        this.position = position;
    }

    /** @param bases the rules that it names, in its order */
    List<Rule> rules(List<SigmaRule> bases) throws RefusedException {
        List<List<Part>> parts = new ArrayList<>();
        for (int i = 0; i < bases.size(); i++) {
            parts.add(parts(bases.get(i), correlation.rules().get(i).text()));
        }
        sameTypes(parts);
        return switch (correlation.type()) {
            case EVENT_COUNT, VALUE_COUNT -> counting(parts, bases);
            case TEMPORAL -> {
                List<List<Part>> choices = choices(parts);
                yield IntStream.range(0, parts.size())
                        .boxed()
                        .flatMap(last -> choices.stream().map(choice -> anyOrder(choice, last)))
                        .toList();
            }
            case TEMPORAL_ORDERED -> choices(parts).stream().map(this::inOrder).toList();
        };
    }

    private List<Part> parts(SigmaRule base, String name) throws RefusedException {
        List<Part> parts = new ArrayList<>();
        for (Map.Entry<EventKind, Condition> of : base.conditions().entrySet()) {
            List<Operand.Field> groups = new ArrayList<>();
            for (YamlValue group : correlation.groupBy()) {
                String field = named(group, base, name);
                if (!HOST.contains(field.toLowerCase(Locale.ROOT))) {
                    groups.add(field(base, of.getKey(), field, group.position()));
                }
            }
            parts.add(new Part(of.getKey(), of.getValue(), groups));
        }
        return parts;
    }

    /** The field that a group is in the events of a rule. */
    private String named(YamlValue group, SigmaRule base, String name) throws RefusedException {
        Map<String, String> alias = correlation.aliases().get(group.text());
        if (alias == null) {
            return group.text();
        }
        String field = alias.get(name);
        for (String other : base.names()) {
            field = field == null ? alias.get(other) : field;
        }
        if (field == null) {
            throw new RefusedException(
                    group.position(),
                    "alias `" + group.text() + "` says no field for the rule `" + name + "`: add one");
        }
        return field;
    }

    private static Operand.Field field(SigmaRule base, EventKind kind, String name, Position position)
            throws RefusedException {
        return base.field(kind, name)
                .orElseThrow(() -> new RefusedException(
                        position,
                        "`" + name + "` is no single value of " + kind.label() + " events, which the rule \""
                                + base.description().name() + "\" is about" + KnownFields.hint(name)));
    }

    /** A text is never equal to a number. */
    private void sameTypes(List<List<Part>> parts) throws RefusedException {
        List<Part> all = parts.stream().flatMap(List::stream).toList();
        for (int g = 0; g < all.get(0).groups().size(); g++) {
            int group = g;
            if (all.stream()
                            .map(part -> part.groups().size() <= group
                                    ? null
                                    : part.groups().get(group).type().kind())
                            .distinct()
                            .count()
                    > 1) {
                throw new RefusedException(
                        position, "what it groups by is a text in events of one rule and a number in those of another");
            }
        }
    }

    private List<Rule> counting(List<List<Part>> parts, List<SigmaRule> bases) throws RefusedException {
        Map<String, Part> byKind = new LinkedHashMap<>();
        for (Part part : parts.stream().flatMap(List::stream).toList()) {
            byKind.merge(part.kind() + " " + texts(part.groups()), part, Part::or);
        }
        List<Part> counted = List.copyOf(byKind.values());
        String kinds =
                counted.stream().map(part -> part.kind().label()).distinct().collect(Collectors.joining(", "));
        if (counted.size() > Count.MAX_ADDED + 1) {
            throw new RefusedException(
                    position,
                    "its rules are about too many kinds of events to add their counts (" + kinds
                            + "): name fewer in the" + " rules, or write one correlation for each");
        }
        Operand.Field distinct = null;
        if (correlation.field() != null) {
            if (counted.size() > 1) {
                throw new RefusedException(
                        position,
                        "counts the values of several kinds of events (" + kinds
                                + "), and the same value in two kinds would count twice: name one kind in the rule, or use event_count");
            }
            distinct = field(bases.get(0), counted.get(0).kind(), correlation.field(), position);
        }
        List<Rule> rules = new ArrayList<>();
        for (Part last : counted) {
            List<Pattern> patterns = new ArrayList<>(List.of(pattern(LAST, last, List.of())));
            List<String> names = new ArrayList<>();
            for (Part part : counted) {
                boolean all = names.size() + 1 == counted.size();
                String name = counted.size() == 1 ? "$n" : "$n" + (names.size() + 1);
                long least = all ? correlation.least() : 0;
                Count count = new Count(name, distinct, all ? names : List.of(), least, Long.MAX_VALUE);
                patterns.add(counted(part, last, count));
                names.add(name);
            }
            rules.add(rule(patterns, List.of(LAST), last));
        }
        return rules;
    }

    private Pattern counted(Part part, Part last, Count count) {
        List<Condition> conditions = new ArrayList<>(conjuncts(part.condition()));
        conditions.addAll(sameGroup(part, last, LAST));
        conditions.add(new Condition.Within(LAST, -correlation.nanos(), 0, true, position));
        return new Pattern(Quantifier.COUNT, null, part.kind().type(), conditions, count, position);
    }

    private static String texts(List<Operand.Field> fields) {
        return fields.stream().map(Operand.Field::text).toList().toString();
    }

    /** Each rule with each kind of events that it is about. */
    private List<List<Part>> choices(List<List<Part>> parts) throws RefusedException {
        List<List<Part>> choices = List.of(List.of());
        for (List<Part> ofRule : parts) {
            List<List<Part>> longer = new ArrayList<>();
            for (List<Part> before : choices) {
                for (Part part : ofRule) {
                    List<Part> more = new ArrayList<>(before);
                    more.add(part);
                    longer.add(more);
                }
            }
            choices = longer;
            if (choices.size() * parts.size() > MAX_RULES) {
                throw new RefusedException(
                        position,
                        "more than " + MAX_RULES + " sequences of kinds of events: name fewer kinds in its rules");
            }
        }
        return choices;
    }

    /** The last one first, because all others are told from it. */
    private Rule anyOrder(List<Part> parts, int last) {
        List<Pattern> patterns = new ArrayList<>(List.of(pattern(LAST, parts.get(last), List.of())));
        List<String> evidence = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            if (i != last) {
                List<Condition> joined = new ArrayList<>(sameGroup(parts.get(i), parts.get(last), LAST));
                joined.add(new Condition.Within(LAST, -correlation.nanos(), 0, position));
                patterns.add(pattern("$e" + (i + 1), parts.get(i), joined));
                evidence.add("$e" + (i + 1));
            }
        }
        evidence.add(LAST);
        return rule(patterns, evidence, parts.get(last));
    }

    private Rule inOrder(List<Part> parts) {
        List<Pattern> patterns = new ArrayList<>();
        List<String> evidence = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            List<Condition> joined = new ArrayList<>();
            if (i > 0) {
                joined.addAll(sameGroup(parts.get(i), parts.get(0), "$e1"));
                joined.add(new Condition.Within("$e1", 0, correlation.nanos(), position));
            }
            if (i > 1) {
                joined.add(new Condition.Within("$e" + i, 0, correlation.nanos(), position));
            }
            patterns.add(pattern("$e" + (i + 1), parts.get(i), joined));
            evidence.add("$e" + (i + 1));
        }
        return rule(patterns, evidence, parts.get(parts.size() - 1));
    }

    private Pattern pattern(String binding, Part part, List<Condition> more) {
        List<Condition> conditions = new ArrayList<>(conjuncts(part.condition()));
        conditions.addAll(more);
        return new Pattern(Quantifier.EACH, binding, part.kind().type(), conditions, position);
    }

    private static List<Condition> conjuncts(Condition condition) {
        return condition instanceof Condition.And and ? and.parts() : List.of(condition);
    }

    private List<Condition> sameGroup(Part part, Part other, String binding) {
        List<Condition> same = new ArrayList<>();
        for (int i = 0; i < part.groups().size(); i++) {
            Operand.Field theirs = other.groups().get(i);
            Operand.Field bound = new Operand.Field(
                    binding, theirs.owner(), theirs.steps(), theirs.type(), theirs.mask(), theirs.transforms());
            same.add(new Condition.Comparison(part.groups().get(i), Operator.EQUAL, bound, position));
        }
        return same;
    }

    /** A group is told once in a timespan, as a search that is run over timespans would tell it. */
    private Rule rule(List<Pattern> patterns, List<String> evidence, Part last) {
        List<String> by = last.groups().stream().map(Operand.Field::path).toList();
        Limit limit = new Limit(1, correlation.timespan(), correlation.nanos(), by);
        return new Rule(described.apply(description, last.kind()), patterns, evidence, limit, position);
    }
}
