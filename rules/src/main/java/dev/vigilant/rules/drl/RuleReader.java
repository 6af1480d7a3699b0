// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.drl;

import dev.vigilant.alert.RuleDescription;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.rules.ast.Count;
import dev.vigilant.rules.ast.Limit;
import dev.vigilant.rules.ast.Pattern;
import dev.vigilant.rules.ast.Pattern.Quantifier;
import dev.vigilant.rules.ast.Position;
import dev.vigilant.rules.ast.Problem;
import dev.vigilant.rules.ast.Rule;
import dev.vigilant.rules.ast.Windows;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.drools.drl.ast.descr.AccumulateDescr;
import org.drools.drl.ast.descr.AndDescr;
import org.drools.drl.ast.descr.BaseDescr;
import org.drools.drl.ast.descr.EvalDescr;
import org.drools.drl.ast.descr.ExistsDescr;
import org.drools.drl.ast.descr.ForallDescr;
import org.drools.drl.ast.descr.NotDescr;
import org.drools.drl.ast.descr.OrDescr;
import org.drools.drl.ast.descr.PatternDescr;
import org.drools.drl.ast.descr.RuleDescr;
import org.jspecify.annotations.Nullable;

/** Checks one rule and lowers it; everything wrong in it is told, not only the first. */
final class RuleReader {
    /** A rule with more patterns is surely a mistake, and each costs working memory. */
    private static final int MAX_PATTERNS = 8;

    private final String file;
    private final String text;
    private final String pack;
    private final Map<String, List<Object>> lists;
    private final RuleDescr descr;
    private final List<Problem> refused = new ArrayList<>();
    private final List<Problem> warnings = new ArrayList<>();
    private final List<Pattern> patterns = new ArrayList<>();
    private final Map<String, Class<? extends KernelEvent>> bindings = new LinkedHashMap<>();
    private final Map<String, Count> counts = new LinkedHashMap<>();

    /** Names of refused patterns: what else is said of them would only repeat that. */
    private final Set<String> unread = new HashSet<>();

    RuleReader(String file, String text, String pack, Map<String, List<Object>> lists, RuleDescr descr) {
        this.file = file;
        this.text = text;
        this.pack = pack;
        this.lists = lists;
        this.descr = descr;
    }

    List<Problem> refused() {
        return refused;
    }

    List<Problem> warnings() {
        return warnings;
    }

    Optional<Rule> read() {
        descr.getAttributes().values().forEach(a -> refuse(a, a.getName() + attributeRemedy(a.getName())));
        if (descr.getParentName() != null) {
            refuse(descr, "extends: write the conditions of \"" + descr.getParentName() + "\" into this rule");
        }
        for (BaseDescr part : descr.getLhs().getDescrs()) {
            element(part, Quantifier.EACH);
        }
        Metadata metadata = new Metadata(file, text, pack, descr, this::refuse, this::warn);
        Optional<RuleDescription> description = metadata.read(lastBinding());
        Limit limit = metadata.limit(lastBinding());
        Set<String> named = new HashSet<>(bindings.keySet());
        named.addAll(unread);
        List<String> evidence = new RightHandSide(file, text, descr, named).read(this::refuse);
        if (refused.isEmpty()) {
            checkWindows();
        }
        return refused.isEmpty()
                ? description.map(d -> new Rule(d, patterns, evidence, limit, Position.ofLine(file, descr.getLine())))
                : Optional.empty();
    }

    private static String attributeRemedy(String name) {
        return switch (name) {
            case "salience" -> ": rules have no order; all that match raise their alert";
            case "dialect" -> ": rules have no dialect, because they run no Java";
            case "enabled" -> ": remove the rule, or switch it off in the configuration";
            case "timer", "duration", "calendars" -> ": write `this after[0s,60s] $x` in a pattern";
            default -> ": rules have no attributes; all of them see every event";
        };
    }

    /** Type of the last event that the alert names: the one its message is about; null when its pattern was refused. */
    private @Nullable Class<? extends KernelEvent> lastBinding() {
        String last = RightHandSide.lastArgument(descr);
        return unread.contains(last) ? null : bindings.getOrDefault(last, KernelEvent.class);
    }

    private void element(BaseDescr part, Quantifier quantifier) {
        if (part instanceof PatternDescr pattern) {
            pattern(pattern, quantifier);
        } else if (part instanceof AndDescr and && quantifier == Quantifier.EACH) {
            and.getDescrs().forEach(inner -> element(inner, quantifier));
        } else if (part instanceof NotDescr not && quantifier == Quantifier.EACH) {
            quantified(not, not.getDescrs(), Quantifier.NONE);
        } else if (part instanceof ExistsDescr exists && quantifier == Quantifier.EACH) {
            quantified(exists, exists.getDescrs(), Quantifier.EXISTS);
        } else if (part instanceof OrDescr) {
            refuse(part, "`or` between patterns: write two rules, or `||` within one pattern");
        } else if (part instanceof EvalDescr) {
            refuse(part, "eval: rules run no Java; write the condition into a pattern");
        } else if (part instanceof ForallDescr) {
            refuse(part, "forall: write `not Type( ... )`");
        } else if (quantifier != Quantifier.EACH) {
            refuse(part, "`not` and `exists` take one pattern: write one for each");
        } else {
            refuse(part, "not part of the rule language: write patterns, `not` and `exists`");
        }
    }

    private void quantified(BaseDescr at, List<?> inner, Quantifier quantifier) {
        if (inner.size() == 1 && inner.get(0) instanceof BaseDescr part) {
            element(part, quantifier);
        } else {
            refuse(at, "`not` and `exists` take one pattern: write one for each");
        }
    }

    private void pattern(PatternDescr pattern, Quantifier quantifier) {
        boolean counts = pattern.getSource() instanceof AccumulateDescr && quantifier == Quantifier.EACH;
        if ((pattern.getSource() != null && !counts) || !pattern.getBehaviors().isEmpty()) {
            refuse(pattern, sourceRemedy(pattern));
            return;
        }
        if (patterns.size() == MAX_PATTERNS) {
            refuse(pattern, "more than " + MAX_PATTERNS + " patterns: split the rule");
            return;
        }
        PatternReader reader = new PatternReader(file, text, lists, bindings, this::refuse);
        if (counts) {
            count(pattern, (AccumulateDescr) pattern.getSource(), reader);
            return;
        }
        Optional<Pattern> read = reader.read(pattern, quantifier);
        if (read.isEmpty()) {
            unread.add(String.valueOf(pattern.getIdentifier()));
            return;
        }
        Pattern known = read.get();
        patterns.add(known);
        if (known.binding() != null && bindings.putIfAbsent(known.binding(), known.type()) != null) {
            refuse(pattern, "`" + known.binding() + "` is bound twice");
        }
    }

    private void count(PatternDescr pattern, AccumulateDescr accumulate, PatternReader reader) {
        try {
            Pattern known = new AccumulateReader(reader, counts).read(pattern, accumulate);
            patterns.add(known);
            Count count = Objects.requireNonNull(known.count());
            if (bindings.containsKey(count.name()) || counts.putIfAbsent(count.name(), count) != null) {
                refuse(known.position(), "`" + count.name() + "` is bound twice");
            }
        } catch (RefusedException e) {
            if (!e.reason().isEmpty()) {
                refuse(e.position(), e.reason());
            }
        }
    }

    private static String sourceRemedy(PatternDescr pattern) {
        String source = pattern.getSource() == null
                ? ""
                : pattern.getSource().getClass().getSimpleName().replace("Descr", "");
        return switch (source) {
            case "Accumulate" ->
                "accumulate within `not` or `exists`: it stands on its own, and `$n == 0` asks for none";
            case "GroupBy" ->
                "groupby: join the counted events with the last one, as in `container.id == $x.container.id`";
            case "Collect" -> "collect: write `accumulate( ...; $n : count(); $n >= 20 )`, or `exists`";
            case "EntryPoint" -> "from entry-point: there is one stream of events; leave it out";
            case "From" -> "from: lists are stepped through with a dot, as in process.ancestors.name";
            default -> "windows over a pattern: write `this after[0s,60s] $x`";
        };
    }

    private void checkWindows() {
        if (patterns.stream().noneMatch(p -> p.quantifier() == Quantifier.EACH)) {
            refuse(descr, "no pattern that an event could match: add one outside `not` and `exists`");
            return;
        }
        Windows windows = new Windows(patterns);
        for (int i = 0; i < patterns.size(); i++) {
            Pattern pattern = patterns.get(i);
            if (windows.retention(i) == Windows.UNBOUNDED) {
                refuse(
                        pattern.position(),
                        "unbounded: add after[0s,60s], as in `this after[0s,60s] $x`, so that the"
                                + " events of a match are at most that far apart");
                return;
            }
            if (pattern.quantifier() == Quantifier.NONE && !windows.inThePast(i)) {
                refuse(
                        pattern.position(),
                        "`not` waits for what has not happened yet, which comes with a later"
                                + " version: write `this before[0s,60s] $x` with the newest event");
            }
            if (pattern.count() != null) {
                checkCount(pattern.count(), i, windows);
            }
        }
    }

    /** Counts are asked for when the newest event comes, so that they are about what has come. */
    private void checkCount(Count count, int at, Windows windows) {
        Position position = patterns.get(at).position();
        boolean added = counts.values().stream().anyMatch(c -> c.plus().contains(count.name()));
        if (count.open() && !added) {
            refuse(position, "`" + count.name() + "` is not asked for: add `; " + count.name() + " >= 20`");
        }
        if (!windows.inThePast(at) || windows.retention(at) <= 0) {
            refuse(position, "counts what has not happened yet: write `this before[0s,60s] $x` with the newest event");
        }
        for (int i = 0; i < patterns.size(); i++) {
            if (patterns.get(i).quantifier() == Quantifier.EXISTS && !windows.inThePast(i)) {
                refuse(
                        patterns.get(i).position(),
                        "`exists` of what comes later, in a rule that counts: name the event, as in `$y : Type( ... )`");
            }
        }
    }

    private void refuse(BaseDescr at, String reason) {
        refuse(Position.ofLine(file, at.getLine() > 0 ? at.getLine() : descr.getLine()), reason);
    }

    private void refuse(Position position, String reason) {
        refused.add(new Problem(descr.getName(), position, reason));
    }

    private void warn(Position position, String reason) {
        warnings.add(new Problem(descr.getName(), position, reason));
    }
}
