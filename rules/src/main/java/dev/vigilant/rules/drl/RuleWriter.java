// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.drl;

import dev.vigilant.alert.RuleDescription;
import dev.vigilant.event.EventKind;
import dev.vigilant.rules.ast.Condition;
import dev.vigilant.rules.ast.Count;
import dev.vigilant.rules.ast.Operand;
import dev.vigilant.rules.ast.Pattern;
import dev.vigilant.rules.ast.Problem;
import dev.vigilant.rules.ast.Rule;
import dev.vigilant.rules.field.EventTypes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes rules as a DRL file that reads back as the same rules, whatever language they came from.
 *
 * <p>Ids are unique in DRL: of a rule on several kinds of events there is one for each, with the kind behind its id.
 */
public final class RuleWriter {
    private static final int WIDTH = 110;

    private final StringBuilder out = new StringBuilder();
    private final List<Problem> warnings;
    private final Map<String, Integer> ofOneKind = new HashMap<>();

    private RuleWriter(List<Problem> warnings) {
        this.warnings = warnings;
    }

    /**
     * The text of a DRL file.
     *
     * @param pack its package
     * @param origin what the rules come from, for the comment on top
     * @param rules what is written
     * @param refused rules that are left out, with the reason
     * @param warnings what was dropped of rules that are there
     */
    public static String write(
            String pack, String origin, List<Rule> rules, List<Problem> refused, List<Problem> warnings) {
        RuleWriter writer = new RuleWriter(warnings);
        writer.comment("Converted from " + origin + ".");
        refused.forEach(problem -> writer.comment("Left out: " + problem));
        writer.out.append("package ").append(pack).append(";\n");
        Map<String, Integer> kinds = new HashMap<>();
        rules.forEach(rule -> kinds.merge(rule.description().id(), 1, Integer::sum));
        for (Rule rule : rules) {
            writer.rule(rule, kinds.getOrDefault(rule.description().id(), 1) > 1);
        }
        return writer.out.toString();
    }

    private void comment(String text) {
        StringBuilder line = new StringBuilder("//");
        for (String word : text.strip().split("\\s+")) {
            if (line.length() + word.length() > WIDTH) {
                out.append(line).append('\n');
                line = new StringBuilder("//");
            }
            line.append(' ').append(word);
        }
        out.append(line).append('\n');
    }

    private void rule(Rule rule, boolean oneOfSeveral) {
        RuleDescription said = rule.description();
        String kind = oneOfSeveral ? kind(rule) : "";
        out.append('\n');
        comment(said.file() + ":" + said.line());
        warnings.stream()
                .filter(problem -> problem.rule().equals(said.name()))
                .map(problem -> "Dropped: " + problem.reason())
                .distinct()
                .forEach(this::comment);
        List<List<Condition>> conditions = new ArrayList<>();
        for (Pattern pattern : rule.patterns()) {
            List<Condition> parts = Constants.without(pattern.conditions());
            if (pattern.quantifier() == Pattern.Quantifier.EACH
                    && parts.stream().anyMatch(Constants::isNever)) {
                comment("Left out: \"" + said.name() + "\" can never match"
                        + (kind.isEmpty() ? "" : " events of the kind " + kind));
                return;
            }
            conditions.add(parts);
        }
        String suffix = kind.isEmpty() ? "" : suffix(said.id(), kind);
        String title = said.name() + suffix.replaceFirst("-on-(.*)", " ($1)");
        out.append("rule ").append(name(title)).append('\n');
        annotation("id", said.id() + suffix);
        annotation("severity", said.severity().label());
        annotation("description", said.description());
        annotation("technique", String.join(", ", said.techniques()));
        annotation("tags", String.join(", ", said.tags()));
        annotation("falsePositives", said.falsePositives());
        annotation("message", said.message() == null ? "" : said.message());
        annotation("limit", rule.limit() == null ? "" : rule.limit().text());
        out.append("when\n");
        for (int i = 0; i < conditions.size(); i++) {
            pattern(rule.patterns().get(i), conditions.get(i));
        }
        out.append("then\n    alert( ")
                .append(String.join(", ", rule.evidence()))
                .append(" );\nend\n");
    }

    /** Numbered from the second on where several are about one kind. */
    private String suffix(String id, String kind) {
        String suffix = "-on-" + kind.replace('_', '-');
        int count = ofOneKind.merge(id + suffix, 1, Integer::sum);
        return count == 1 ? suffix : suffix + "-" + count;
    }

    private static String kind(Rule rule) {
        String last = rule.evidence().get(rule.evidence().size() - 1);
        Pattern about = rule.patterns().stream()
                .filter(pattern -> last.equals(pattern.binding()))
                .findFirst()
                .orElse(rule.patterns().get(0));
        Set<EventKind> kinds = EventTypes.kinds(about.type());
        return kinds.size() == 1
                ? kinds.iterator().next().label()
                : about.type().getSimpleName().toLowerCase(java.util.Locale.ROOT);
    }

    /** Names of rules have no escapes. */
    private static String name(String text) {
        return '"' + text.replace('"', '\'').replace('\\', '/').replaceAll("\\s+", " ") + '"';
    }

    private void annotation(String name, String value) {
        if (!value.isBlank()) {
            String line = value.strip().replaceAll("\\s+", " ");
            out.append("    @")
                    .append(name)
                    .append('(')
                    .append(ConditionWriter.quoted(line))
                    .append(")\n");
        }
    }

    private void pattern(Pattern pattern, List<Condition> conditions) {
        out.append("    ");
        switch (pattern.quantifier()) {
            case EACH -> out.append(pattern.binding()).append(" : ");
            case EXISTS -> out.append("exists ");
            case NONE -> out.append("not ");
            case COUNT -> out.append("accumulate( ").append(ofCounted(pattern.count()));
        }
        out.append(pattern.type().getSimpleName());
        String all = conditions.stream().map(ConditionWriter::constraint).collect(Collectors.joining(",\n        "));
        out.append(all.isEmpty() ? "()" : "(\n        " + all + " )");
        if (pattern.count() != null) {
            out.append(";\n        ").append(count(pattern.count())).append(" )");
        }
        out.append('\n');
    }

    private static String ofCounted(@Nullable Count count) {
        return count == null || count.distinct() == null ? "" : event(count) + " : ";
    }

    /** What the counted event is called: only values that are told apart need a name for it. */
    private static String event(Count count) {
        return count.name() + "Of";
    }

    private static String count(Count count) {
        Operand.Field field = count.distinct();
        String function =
                field == null ? "count()" : "collectSet( " + ConditionWriter.ofEvent(field, event(count)) + " )";
        String number = count.name()
                + (field == null ? "" : ".size")
                + count.plus().stream().map(name -> " + " + name).collect(Collectors.joining());
        List<String> bounds = new ArrayList<>();
        if (count.least() == count.most()) {
            bounds.add(number + " == " + count.least());
        } else {
            if (count.least() > 0) {
                bounds.add(number + " >= " + count.least());
            }
            if (count.most() < Long.MAX_VALUE) {
                bounds.add(number + " <= " + count.most());
            }
        }
        return count.name() + " : " + function + (bounds.isEmpty() ? "" : "; " + String.join(", ", bounds));
    }
}
