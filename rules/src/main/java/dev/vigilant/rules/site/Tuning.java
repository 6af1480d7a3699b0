// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.site;

import dev.vigilant.alert.Severity;
import dev.vigilant.rules.ast.Condition;
import dev.vigilant.rules.ast.FieldType;
import dev.vigilant.rules.ast.Operand;
import dev.vigilant.rules.ast.Operator;
import dev.vigilant.rules.ast.Pattern;
import dev.vigilant.rules.ast.Position;
import dev.vigilant.rules.ast.Problem;
import dev.vigilant.rules.ast.Rule;
import dev.vigilant.rules.drl.ConditionReader;
import dev.vigilant.rules.drl.Durations;
import dev.vigilant.rules.field.FieldPath;
import dev.vigilant.rules.field.Nearest;
import dev.vigilant.rules.field.UnknownFieldException;
import dev.vigilant.rules.yaml.YamlValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/**
 * Applies a site's file to rules.
 *
 * <p>An exception becomes part of the rule: of {@code R} are made {@code R && !E}, which is told, and {@code R && E}, which is
 * counted, so that Drools judges both and nothing is kept back that nobody counts. Its end is a condition on the event's
 * time. A limit is about alerts, which no condition sees; it is applied to what Drools found.
 */
public final class Tuning {
    private final SiteReader site;
    private final Map<String, List<Object>> lists;
    private final long nowNanos;
    private final Map<String, List<Rule>> byId = new LinkedHashMap<>();
    private final Map<String, Suppression> suppressions = new LinkedHashMap<>();
    private final Map<String, RateLimit> limits = new LinkedHashMap<>();
    private final TreeMap<Long, String> expiries = new TreeMap<>();
    private final List<Problem> refused = new ArrayList<>();
    private final List<Problem> warnings = new ArrayList<>();
    private final List<String> disabled = new ArrayList<>();
    private final Set<SiteException> applied = new HashSet<>();
    private final Map<SiteException, List<Problem>> notApplied = new LinkedHashMap<>();

    private Tuning(SiteReader site, List<Rule> rules, Map<String, List<Object>> lists, long nowNanos) {
        this.site = site;
        this.lists = lists;
        this.nowNanos = nowNanos;
        rules.forEach(rule -> byId.computeIfAbsent(rule.description().id(), id -> new ArrayList<>())
                .add(rule));
    }

    /**
     * The rules as a site wants them.
     *
     * @param file how messages call the site's file
     * @param nowNanos the time by which an exception is told to have ended, nanoseconds since the epoch
     */
    public static Tuned apply(
            String file, String text, List<Rule> rules, Map<String, List<Object>> lists, long nowNanos) {
        SiteReader site = new SiteReader(file, text);
        return new Tuning(site, rules, lists, nowNanos).apply();
    }

    private Tuned apply() {
        site.overrides().forEach(this::override);
        limits.putAll(RateLimit.ofRules(byId));
        site.limits().forEach(this::limit);
        Map<String, List<SiteException>> exceptions = new LinkedHashMap<>();
        for (SiteException exception : site.exceptions()) {
            String id = exception.rule().text();
            if (known(id, exception.rule())) {
                exceptions.computeIfAbsent(id, i -> new ArrayList<>()).add(exception);
                note(exception);
            }
        }
        List<Rule> all = new ArrayList<>();
        List<Rule> sensed = new ArrayList<>();
        byId.forEach((id, rules) -> {
            if (!disabled.contains(id)) {
                sensed.addAll(rules);
                rules.forEach(rule -> all.addAll(excepted(rule, exceptions.getOrDefault(id, List.of()))));
            }
        });
        notApplied.keySet().removeAll(applied);
        notApplied.values().forEach(refused::addAll);
        List<Problem> wrong = new ArrayList<>(site.refused());
        wrong.addAll(refused);
        return new Tuned(
                all,
                sensed,
                suppressions,
                limits,
                expiries,
                wrong.stream().distinct().toList(),
                warnings,
                disabled);
    }

    private boolean known(String id, YamlValue at) {
        if (byId.containsKey(id)) {
            return true;
        }
        refused.add(at.problem("no rule has the id `" + id + "`"
                + Nearest.hint(id, byId.keySet(), ": `vigilant rules list` has all ids")));
        return false;
    }

    private void override(String id, YamlValue entry) {
        if (!known(id, entry)) {
            return;
        }
        Object enabled = entry.get("enabled");
        if (Boolean.FALSE.equals(enabled)) {
            disabled.add(id);
        } else if (enabled != null && !Boolean.TRUE.equals(enabled)) {
            refused.add(entry.problem("`enabled` is true or false"));
        }
        YamlValue severity = entry.map().get("severity");
        if (severity != null) {
            Optional<Severity> wanted = Severity.of(severity.text());
            wanted.ifPresentOrElse(
                    s -> byId.computeIfPresent(
                            id,
                            (i, rules) -> rules.stream().map(r -> with(r, s)).toList()),
                    () -> refused.add(severity.problem("unknown severity `" + severity.text() + "`: known are "
                            + String.join(
                                    ", ",
                                    Arrays.stream(Severity.values())
                                            .map(Severity::label)
                                            .toList()))));
        }
    }

    private static Rule with(Rule rule, Severity severity) {
        return rule.with(rule.description().with(severity));
    }

    private void note(SiteException exception) {
        if (exception.endNanos() <= nowNanos) {
            warnings.add(exception
                    .written()
                    .problem(exception.because() + " has ended and no longer applies to "
                            + exception.rule().text() + ": renew or remove it"));
        } else if (exception.expires() != null) {
            expiries.merge(
                    exception.endNanos(),
                    exception.because() + " for " + exception.rule().text(),
                    (a, b) -> a + "; " + b);
        }
    }

    /** The rule for what is told, and one for what each exception keeps back. */
    private List<Rule> excepted(Rule rule, List<SiteException> exceptions) {
        List<Rule> made = new ArrayList<>();
        Rule told = rule;
        for (SiteException exception : exceptions) {
            Optional<Relocation.Placed> placed = placed(rule, exception);
            if (placed.isPresent()) {
                String id = rule.description().id() + "!" + (suppressions.size() + 1);
                suppressions.put(id, new Suppression(rule.description().id(), exception.because()));
                made.add(with(told, placed.get(), false, id));
                told = with(told, placed.get(), true, rule.description().id());
            }
        }
        made.add(0, told);
        return made;
    }

    /** A rule on several types of events is several rules; what is said of a field that not all of them have is said of some. */
    private Optional<Relocation.Placed> placed(Rule rule, SiteException exception) {
        List<Problem> wrong = new ArrayList<>();
        Optional<Relocation.Placed> placed = placed(rule, exception, wrong);
        if (placed.isPresent()) {
            applied.add(exception);
        } else {
            notApplied.putIfAbsent(exception, wrong);
        }
        return placed;
    }

    private Optional<Relocation.Placed> placed(Rule rule, SiteException exception, List<Problem> wrong) {
        Optional<Condition> condition =
                ConditionReader.read(exception.when().text(), exception.when().position(), rule, lists, wrong::add);
        if (condition.isEmpty()) {
            return Optional.empty();
        }
        String alert = rule.evidence().get(rule.evidence().size() - 1);
        Optional<Relocation.Placed> placed = Relocation.of(condition.get(), alert, rule.patterns());
        if (placed.isEmpty()) {
            wrong.add(exception
                    .when()
                    .problem("this cannot be said of " + rule.description().id()
                            + ": it compares times, or too many events, from an event that is not the newest"));
        }
        return placed.map(p -> new Relocation.Placed(
                p.pattern(), until(exception, rule.patterns().get(p.pattern()), p.condition())));
    }

    private static Condition until(SiteException exception, Pattern pattern, Condition condition) {
        if (exception.expires() == null) {
            return condition;
        }
        Position position = exception.written().position();
        Operand.Field time = new Operand.Field(
                null,
                pattern.type(),
                List.of("context", "timeNanos"),
                new FieldType(FieldType.Kind.NUMBER, false),
                Operand.Field.NO_MASK);
        Condition before = new Condition.Comparison(
                time, Operator.LESS, Operand.Literals.of((Object) exception.endNanos()), position);
        return new Condition.And(List.of(before, condition), position);
    }

    private static Rule with(Rule rule, Relocation.Placed placed, boolean negated, String id) {
        List<Pattern> patterns = new ArrayList<>(rule.patterns());
        Pattern old = patterns.get(placed.pattern());
        List<Condition> conditions = new ArrayList<>(old.conditions());
        conditions.add(
                negated
                        ? new Condition.Not(
                                placed.condition(), placed.condition().position())
                        : placed.condition());
        patterns.set(placed.pattern(), old.with(conditions));
        return rule.with(rule.description().with(id)).with(patterns);
    }

    private void limit(YamlValue entry) {
        Object alerts = entry.get("alerts");
        YamlValue per = entry.map().get("per");
        OptionalLong nanos = per == null ? OptionalLong.empty() : Durations.nanos(per.text());
        List<YamlValue> ids = site.ruleIds(entry);
        if (!(alerts instanceof Long count) || count < 1 || per == null || nanos.isEmpty() || nanos.getAsLong() <= 0) {
            refused.add(entry.problem("a limit says how many alerts in which time: add `alerts: 5` and `per: 1h`"));
            return;
        }
        YamlValue by = entry.map().get("by");
        List<YamlValue> fields = by == null ? List.of() : by.list();
        for (YamlValue id : ids) {
            Suppression suppression = new Suppression(id.text(), "limit of " + count + " alerts per " + per.text());
            if (known(id.text(), id)) {
                keyed(id.text(), fields)
                        .ifPresent(keyed -> limits.put(
                                id.text(), new RateLimit(count.intValue(), nanos.getAsLong(), keyed, suppression)));
            }
        }
    }

    /** Paths that are sound for the alert's event, of each type that the rule alerts about. */
    private Optional<List<RateLimit.Keyed>> keyed(String id, List<YamlValue> fields) {
        List<RateLimit.Keyed> keyed = new ArrayList<>();
        for (Rule rule : byId.getOrDefault(id, List.of())) {
            List<FieldPath> paths = new ArrayList<>();
            for (YamlValue field : fields) {
                try {
                    paths.add(FieldPath.compile(
                            rule.alertType(), List.of(field.text().split("\\."))));
                } catch (UnknownFieldException e) {
                    refused.add(field.problem(e.reason()));
                    return Optional.empty();
                }
            }
            keyed.add(new RateLimit.Keyed(rule.alertType(), paths));
        }
        return Optional.of(keyed);
    }
}
