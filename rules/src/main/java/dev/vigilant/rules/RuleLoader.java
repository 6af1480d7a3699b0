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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Loads rule packs: all lists first, then all rules, so that a rule may use a list of any file; then the rules of Falco, which
 * have lists of their own, and of Sigma. The built-in packs come from their {@link PackArchive}, where there is one.
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
        return builtInAnd(List.of());
    }

    /** The built-in packs, and the user's files and directories after them, whose lists override. */
    public static RuleSet builtInAnd(List<Path> paths) {
        return builtInAnd(paths, PackArchive.ofThisBuild());
    }

    static RuleSet builtInAnd(List<Path> paths, @Nullable PackArchive archive) {
        RuleLoader loader = new RuleLoader();
        List<RuleSource> own = RulePacks.read(paths, loader.refused);
        // A list of the user's may be one that built-in rules use.
        boolean lists = own.stream().anyMatch(RuleSource::lists);
        PackArchive.Packs packs = archive == null || lists ? null : archive.read();
        if (packs == null) {
            return loader.read(
                    Stream.concat(RulePacks.builtIn().stream(), own.stream()).toList());
        }
        loader.take(packs.read());
        return loader.read(own, packs.lists());
    }

    /** What the built-in packs hold, read from their text. */
    static PackArchive.Packs packs() {
        RuleLoader loader = new RuleLoader();
        RuleSet read = loader.read(RulePacks.builtIn());
        return new PackArchive.Packs(read.lists(), new ParsedFile(loader.rules, loader.refused, loader.warnings));
    }

    /** The user's files and directories alone. A file that cannot be read is refused. */
    public static RuleSet load(Path... paths) {
        RuleLoader loader = new RuleLoader();
        return loader.read(RulePacks.read(List.of(paths), loader.refused));
    }

    /** Sources alone. */
    public static RuleSet load(List<RuleSource> sources) {
        return new RuleLoader().read(sources);
    }

    private RuleSet read(List<RuleSource> sources) {
        return read(sources, lists(sources));
    }

    private Map<String, List<Object>> lists(List<RuleSource> sources) {
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
        return expanded;
    }

    private RuleSet read(List<RuleSource> sources, Map<String, List<Object>> lists) {
        // Most of a start can be spent here, and no file needs another one.
        sources.parallelStream()
                .filter(s -> !s.lists() && !s.foreign())
                .map(s -> guarded(s, () -> DrlReader.read(s.name(), s.text(), lists)))
                .toList()
                .forEach(this::take);
        if (sources.stream().anyMatch(RuleSource::foreign)) {
            readForeign(sources);
        }
        return new RuleSet(rules, refused, warnings, lists);
    }

    private void readForeign(List<RuleSource> sources) {
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
