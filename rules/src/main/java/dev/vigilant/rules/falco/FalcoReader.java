// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.falco;

import dev.vigilant.alert.RuleDescription;
import dev.vigilant.event.EventKind;
import dev.vigilant.rules.ast.Bindings;
import dev.vigilant.rules.ast.Condition;
import dev.vigilant.rules.ast.ParsedFile;
import dev.vigilant.rules.ast.Pattern;
import dev.vigilant.rules.ast.Position;
import dev.vigilant.rules.ast.Problem;
import dev.vigilant.rules.ast.Rule;
import dev.vigilant.rules.field.Nearest;
import dev.vigilant.rules.translate.Accounts;
import dev.vigilant.rules.translate.EventNames;
import dev.vigilant.rules.translate.Logic;
import dev.vigilant.rules.translate.RefusedException;
import dev.vigilant.rules.translate.Verdict;
import dev.vigilant.rules.yaml.YamlValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * Reads Falco's rule files: all of them in their order, then {@link #compile}. A rule on several kinds of events becomes a
 * rule of the tree for each kind, all with the same description.
 */
public final class FalcoReader {
    /** The engine version whose language is read here. */
    static final String ENGINE = "0.57.0";

    private static final String EVENT = "$event";
    private static final java.util.regex.Pattern TECHNIQUE = java.util.regex.Pattern.compile("T\\d{4}(\\.\\d{3})?");

    private final Accounts accounts;
    private final List<Rule> rules = new ArrayList<>();
    private final List<Problem> refused = new ArrayList<>();
    private final List<Problem> warnings = new ArrayList<>();
    private final Catalogue catalogue = new Catalogue(refused, warnings);
    private final Map<String, Filter> parsedMacros = new HashMap<>();
    private Lists lists = new Lists();

    /** @param accounts what names of users and groups stand for */
    public FalcoReader(Accounts accounts) {
        this.accounts = accounts;
    }

    /** Takes one file. */
    public void read(String file, String text) {
        LoadSettings settings = LoadSettings.builder()
                .setLabel(file)
                .setUseMarks(true)
                .setSchema(new CoreSchema())
                .build();
        try {
            Optional<Node> root = new Compose(settings).composeString(text);
            if (root.isPresent()) {
                file(file, text, root.get());
            }
        } catch (MarkedYamlEngineException e) {
            Position position = e.getProblemMark()
                    .map(m -> new Position(file, m.getLine() + 1, m.getColumn() + 1))
                    .orElse(Position.ofLine(file, 1));
            refuse("", position, YamlValue.notYaml(e.getProblem()));
        } catch (YamlEngineException e) {
            refuse("", Position.ofLine(file, 1), "not YAML: " + e.getMessage());
        }
    }

    private void file(String file, String text, Node root) {
        if (!(root instanceof SequenceNode sequence)) {
            refuse("", Entry.position(file, root), "Falco's rule files are lists: begin with `- rule: ...`");
            return;
        }
        Source source = new Source(file, text);
        for (Node node : sequence.getValue()) {
            if (!(node instanceof MappingNode map)) {
                refuse("", Entry.position(file, node), "expected `rule: ...`, `macro: ...` or `list: ...`");
                continue;
            }
            Entry entry = new Entry(source, map);
            if (entry.has("required_engine_version")) {
                engine(entry);
            } else if (!entry.has("required_plugin_versions")) {
                catalogue.add(entry);
            }
        }
    }

    private void engine(Entry entry) {
        try {
            String wanted = entry.required("required_engine_version", ENGINE).value();
            // Until 0.26 it was one number.
            String[] parts = (wanted.matches("[0-9]+") ? "0." + wanted + ".0" : wanted).split("\\.", -1);
            String[] ours = ENGINE.split("\\.", -1);
            if (parts.length != 3 || !wanted.matches("[0-9.]+")) {
                throw new RefusedException(
                        entry.position("required_engine_version"), "`" + wanted + "` is no version: write " + ENGINE);
            }
            long asked = Long.parseLong(parts[0]) * 1_000_000 + Long.parseLong(parts[1]);
            if (asked > Long.parseLong(ours[0]) * 1_000_000 + Long.parseLong(ours[1])) {
                warnings.add(new Problem(
                        "",
                        entry.position("required_engine_version"),
                        "written for engine version " + wanted + ", and this reads the language of " + ENGINE
                                + ": what is not known is refused by rule"));
            }
        } catch (RefusedException | NumberFormatException e) {
            refuse("", entry.position("required_engine_version"), "no version: write `" + ENGINE + "`");
        }
    }

    private void refuse(String rule, Position position, String reason) {
        refused.add(new Problem(rule, position, reason));
    }

    /** The rules of all files; to be asked after the last one. */
    public ParsedFile compile() {
        lists = catalogue.lists();
        for (RuleText rule : catalogue.rules()) {
            if (!rule.enabled()) {
                continue;
            }
            try {
                rule(rule);
            } catch (RefusedException e) {
                refuse(rule.name(), e.position(), e.reason());
            }
        }
        return new ParsedFile(rules, refused.stream().distinct().toList(), warnings);
    }

    private void rule(RuleText rule) throws RefusedException {
        if (!rule.source().equals("syscall")) {
            throw new RefusedException(
                    rule.position(),
                    "source `" + rule.source() + "`: Vigilant senses the kernel's events, source `syscall`");
        }
        Filter filter = condition(rule);
        Set<String> unknown = new TreeSet<>();
        List<Rule> made = new ArrayList<>();
        for (EventKind kind : EventNames.kinds()) {
            Verdict alone = verdict(rule, filter, kind, null);
            Set<String> open = new TreeSet<>(alone.unknown());
            List<Rule> joined = joined(rule, filter, kind, open);
            unknown.addAll(open);
            made.addAll(joined);
            if (!Logic.isNever(alone.decided())) {
                Pattern use = pattern(rule, kind, alone.decided());
                List<Pattern> patterns = joined.isEmpty() ? List.of(use) : Socket.without(kind, use, rule.position());
                made.add(rule(rule, kind, patterns));
            }
        }
        if (made.isEmpty()) {
            if (!unknown.isEmpty()) {
                throw new RefusedException(rule.position(), "can never match here: " + String.join("; ", unknown));
            }
            warn(rule, "can never match as it is written: fill the lists and macros that it leaves empty");
            Pattern never = pattern(rule, EventKind.PROCESS_EXEC, Logic.never(rule.position()));
            made.add(rule(rule, EventKind.PROCESS_EXEC, List.of(never)));
        } else if (!unknown.isEmpty()) {
            warn(rule, "a part of it counts as false: " + String.join("; ", unknown));
        }
        rules.addAll(made);
    }

    private void warn(RuleText rule, String reason) {
        warnings.add(new Problem(rule.name(), rule.position(), reason));
    }

    private Filter condition(RuleText rule) throws RefusedException {
        List<Filter> parts = new ArrayList<>();
        parts.add(inPlace(ConditionParser.parse(rule.condition(), lists), Integer.MAX_VALUE));
        for (Exclusion exclusion : rule.exceptions()) {
            String excluded = exclusion.condition();
            if (!excluded.isEmpty()) {
                Filter filter = ConditionParser.parse(Text.at(excluded, exclusion.position()), lists);
                parts.add(new Filter.Not(inPlace(filter, Integer.MAX_VALUE)));
            }
        }
        return parts.size() == 1 ? parts.get(0) : new Filter.And(parts);
    }

    /** The condition with the macros in place that were defined before a place in the order. */
    private Filter inPlace(Filter filter, int sees) throws RefusedException {
        if (filter instanceof Filter.Not not) {
            return new Filter.Not(inPlace(not.part(), sees));
        }
        if (filter instanceof Filter.And and) {
            return new Filter.And(inPlace(and.parts(), sees));
        }
        if (filter instanceof Filter.Or or) {
            return new Filter.Or(inPlace(or.parts(), sees));
        }
        return filter instanceof Filter.Macro macro ? macro(macro, sees) : filter;
    }

    private List<Filter> inPlace(List<Filter> parts, int sees) throws RefusedException {
        List<Filter> all = new ArrayList<>();
        for (Filter part : parts) {
            all.add(inPlace(part, sees));
        }
        return all;
    }

    private Filter macro(Filter.Macro macro, int sees) throws RefusedException {
        Catalogue.Defined<Text> defined = catalogue.macros().get(macro.name());
        if (defined == null) {
            throw new RefusedException(
                    macro.position(),
                    "unknown macro `" + macro.name() + "`"
                            + Nearest.hint(macro.name(), catalogue.macros().keySet(), ": define it before"));
        }
        if (defined.index() >= sees) {
            throw new RefusedException(
                    macro.position(),
                    "the macro `" + macro.name() + "` is defined later, at " + defined.position()
                            + ": macros see those before them");
        }
        Filter known = parsedMacros.get(macro.name());
        if (known == null) {
            known = inPlace(ConditionParser.parse(defined.value(), lists), defined.sees());
            parsedMacros.put(macro.name(), known);
        }
        return known;
    }

    private Verdict verdict(RuleText rule, Filter filter, EventKind kind, @Nullable Socket socket)
            throws RefusedException {
        return new Translator(kind, accounts, rule.condition().position(0), socket).of(filter);
    }

    /**
     * The rule on the use of a socket together with its making, where it asks what only the making tells.
     *
     * @param unknown what is unknown without the making; what is unknown with it afterwards, if anything is asked of it
     */
    private List<Rule> joined(RuleText rule, Filter filter, EventKind kind, Set<String> unknown)
            throws RefusedException {
        List<Rule> joined = new ArrayList<>();
        for (Socket socket : Socket.of(kind)) {
            Verdict together = verdict(rule, filter, kind, socket);
            if (Bindings.of(together.decided()).isEmpty()) {
                continue;
            }
            unknown.clear();
            unknown.addAll(together.unknown());
            Pattern use = pattern(rule, kind, together.decided());
            joined.add(rule(rule, kind, socket.patterns(use, rule.position())));
        }
        return joined;
    }

    private static Pattern pattern(RuleText rule, EventKind kind, Condition condition) {
        List<Condition> conditions = condition instanceof Condition.And and ? and.parts() : List.of(condition);
        return new Pattern(Pattern.Quantifier.EACH, EVENT, kind.type(), conditions, rule.position());
    }

    private static Rule rule(RuleText rule, EventKind kind, List<Pattern> patterns) {
        List<String> evidence = patterns.stream()
                .filter(p -> p.quantifier() == Pattern.Quantifier.EACH)
                .map(p -> String.valueOf(p.binding()))
                .toList();
        return new Rule(description(rule, kind), patterns, evidence, rule.position());
    }

    private static RuleDescription description(RuleText rule, EventKind kind) {
        Position position = rule.position();
        return new RuleDescription(
                id(rule.name()),
                rule.name(),
                "falco",
                rule.description().value().strip(),
                rule.priority(),
                rule.tags().stream().filter(t -> TECHNIQUE.matcher(t).matches()).toList(),
                rule.tags(),
                "",
                Output.message(rule.output().value(), kind, position),
                position.file(),
                position.line());
    }

    /** The rule's title in lower case with dashes. */
    static String id(String name) {
        String words =
                name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
        return "falco-" + words;
    }
}
