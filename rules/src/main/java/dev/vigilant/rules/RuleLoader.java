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
        sources.stream().filter(RuleSource::lists).forEach(s -> guarded(s, () -> lists.read(s.name(), s.text())));
        Map<String, List<Object>> expanded = lists.expand();
        refused.addAll(lists.refused());
        warnings.addAll(lists.warnings());
        for (RuleSource source : sources) {
            if (!source.lists() && !source.foreign()) {
                guarded(source, () -> take(DrlReader.read(source.name(), source.text(), expanded)));
            }
        }
        Accounts accounts = Accounts.ofNode();
        List<RuleSource> ofFalco = sources.stream().filter(RuleSource::falco).toList();
        if (!ofFalco.isEmpty()) {
            FalcoReader falco = new FalcoReader(accounts);
            ofFalco.forEach(s -> guarded(s, () -> falco.read(s.name(), s.text())));
            take(falco.compile());
        }
        SigmaReader sigma = new SigmaReader(accounts);
        sources.stream().filter(RuleSource::sigma).forEach(s -> guarded(s, () -> sigma.read(s.name(), s.text())));
        take(sigma.compile());
        return new RuleSet(rules, refused, warnings, expanded);
    }

    /** The parsers of DRL and YAML go down as deep as a file is nested: one that was made to hurt costs itself alone. */
    private void guarded(RuleSource source, Runnable reading) {
        if (source.text().length() > MAX_LENGTH) {
            refused.add(new Problem(
                    "",
                    Position.ofLine(source.name(), 1),
                    "more than " + MAX_LENGTH + " characters: part it into several files"));
            return;
        }
        try {
            reading.run();
        } catch (StackOverflowError deep) {
            refused.add(new Problem(
                    "",
                    Position.ofLine(source.name(), 1),
                    "nested too deeply: use fewer brackets and parentheses within each other"));
        }
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
