// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules;

import dev.vigilant.rules.ast.ParsedFile;
import dev.vigilant.rules.ast.Position;
import dev.vigilant.rules.ast.Problem;
import dev.vigilant.rules.ast.Rule;
import dev.vigilant.rules.drl.DrlReader;
import dev.vigilant.rules.drl.ListReader;
import dev.vigilant.rules.falco.FalcoReader;
import dev.vigilant.rules.sigma.SigmaReader;
import dev.vigilant.rules.translate.Accounts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Loads rule packs: all lists first, then all rules, so that a rule may use a list of any file; then the rules of Falco, which
 * have lists of their own, and of Sigma.
 */
public final class RuleLoader {
    private static final int MAX_LENGTH = 8 << 20;

    private final List<Rule> rules = new ArrayList<>();
    private final List<Problem> refused = new ArrayList<>();
    private final List<Problem> warnings = new ArrayList<>();
    private final Map<String, Position> ids = new HashMap<>();

    private RuleLoader() {}

    /** The packs that ship with Vigilant. */
    public static RuleSet builtIn() {
        return load(RulePacks.builtIn());
    }

    /** The built-in packs, and the user's files and directories after them, whose lists override. */
    public static RuleSet builtInAnd(List<Path> paths) {
        List<RuleSource> sources = new ArrayList<>(RulePacks.builtIn());
        return load(sources, paths);
    }

    /** The user's files and directories alone. A file that cannot be read is refused. */
    public static RuleSet load(Path... paths) {
        return load(List.of(), List.of(paths));
    }

    /** Sources alone. */
    public static RuleSet load(List<RuleSource> sources) {
        return load(sources, List.of());
    }

    private static RuleSet load(List<RuleSource> sources, List<Path> paths) {
        RuleLoader loader = new RuleLoader();
        List<RuleSource> all = new ArrayList<>(sources);
        all.addAll(RulePacks.read(paths, loader.refused));
        return loader.read(all);
    }

    private RuleSet read(List<RuleSource> sources) {
        ListReader lists = new ListReader();
        sources.stream()
                .filter(RuleSource::lists)
                .forEach(s -> take(guarded(s, () -> {
                    lists.read(s.name(), s.text());
                    return ParsedFile.EMPTY;
                })));
        Map<String, List<Object>> expanded = lists.expand();
        refused.addAll(lists.refused());
        warnings.addAll(lists.warnings());
        // A quarter of a start is spent here, and no file needs another one.
        sources.parallelStream()
                .filter(s -> !s.lists() && !s.foreign())
                .map(s -> guarded(s, () -> DrlReader.read(s.name(), s.text(), expanded)))
                .toList()
                .forEach(this::take);
        Accounts accounts = Accounts.ofNode();
        List<RuleSource> ofFalco = sources.stream().filter(RuleSource::falco).toList();
        if (!ofFalco.isEmpty()) {
            FalcoReader falco = new FalcoReader(accounts);
            ofFalco.forEach(s -> gather(s, () -> falco.read(s.name(), s.text())));
            take(falco.compile());
        }
        SigmaReader sigma = new SigmaReader(accounts);
        sources.stream().filter(RuleSource::sigma).forEach(s -> gather(s, () -> sigma.read(s.name(), s.text())));
        take(sigma.compile());
        return new RuleSet(rules, refused, warnings, expanded);
    }

    /** The parsers of DRL and YAML go down as deep as a file is nested: one that was made to hurt costs itself alone. */
    private static ParsedFile guarded(RuleSource source, Supplier<ParsedFile> reading) {
        if (source.text().length() > MAX_LENGTH) {
            return refused(source, "more than " + MAX_LENGTH + " characters: part it into several files");
        }
        try {
            return reading.get();
        } catch (StackOverflowError deep) {
            return refused(source, "nested too deeply: use fewer brackets and parentheses within each other");
        }
    }

    /** For readers that need all files before they can say anything of one. */
    private void gather(RuleSource source, Runnable reading) {
        take(guarded(source, () -> {
            reading.run();
            return ParsedFile.EMPTY;
        }));
    }

    private static ParsedFile refused(RuleSource source, String reason) {
        Problem problem = new Problem("", Position.ofLine(source.name(), 1), reason);
        return new ParsedFile(List.of(), List.of(problem), List.of());
    }

    private void take(ParsedFile file) {
        refused.addAll(file.refused());
        warnings.addAll(file.warnings());
        file.rules().forEach(this::add);
    }

    /** Rules of one place are one rule on several kinds of events. */
    private void add(Rule rule) {
        String id = rule.description().id();
        Position first = ids.putIfAbsent(id, rule.position());
        if (first == null || first.equals(rule.position())) {
            rules.add(rule);
        } else {
            refused.add(new Problem(
                    rule.description().name(),
                    rule.position(),
                    "@id(\"" + id + "\") is taken by the rule at " + first + ": ids are unique"));
        }
    }
}
