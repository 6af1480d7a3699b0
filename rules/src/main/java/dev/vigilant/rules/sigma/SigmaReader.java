// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules.sigma;

import dev.vigilant.alert.RuleDescription;
import dev.vigilant.alert.Severity;
import dev.vigilant.event.EventKind;
import dev.vigilant.rules.ast.Condition;
import dev.vigilant.rules.ast.ParsedFile;
import dev.vigilant.rules.ast.Pattern;
import dev.vigilant.rules.ast.Position;
import dev.vigilant.rules.ast.Problem;
import dev.vigilant.rules.ast.Rule;
import dev.vigilant.rules.field.Nearest;
import dev.vigilant.rules.translate.Accounts;
import dev.vigilant.rules.translate.Logic;
import dev.vigilant.rules.translate.RefusedException;
import dev.vigilant.rules.translate.Verdict;
import dev.vigilant.rules.yaml.YamlValue;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Reads Sigma's rule files. A rule on several kinds of events becomes a rule of the tree for each kind, all with the same
 * description.
 */
public final class SigmaReader {
    private static final String EVENT = "$event";
    private static final java.util.regex.Pattern KEYS =
            java.util.regex.Pattern.compile("^(?:detection|correlation)\\s*:", java.util.regex.Pattern.MULTILINE);
    private static final java.util.regex.Pattern TECHNIQUE = java.util.regex.Pattern.compile(
            "attack\\.(t\\d{4}(?:\\.\\d{3})?)", java.util.regex.Pattern.CASE_INSENSITIVE);

    private final Accounts accounts;
    private final List<SigmaRule> bases = new ArrayList<>();
    private final List<YamlValue> correlations = new ArrayList<>();
    /** Why rules that correlations may name are not there, by their names and ids. */
    private final Map<String, String> absent = new HashMap<>();

    private final List<Problem> refused = new ArrayList<>();
    private final List<Problem> warnings = new ArrayList<>();

    /** @param accounts what names of users stand for */
    public SigmaReader(Accounts accounts) {
        this.accounts = accounts;
    }

    /** Whether a YAML file holds rules of Sigma: mappings with a detection, where Falco has lists. */
    public static boolean isSigma(String text) {
        return KEYS.matcher(text).find();
    }

    /**
     * Reads a file.
     *
     * @param file what messages call it
     * @param text the content, one document a rule
     */
    public void read(String file, String text) {
        for (YamlValue document : YamlValue.readAll(file, text, refused::add)) {
            String title = text(document, "title");
            try {
                document(title, document);
            } catch (RefusedException e) {
                refused.add(new Problem(title, e.position(), e.reason()));
                names(document).forEach(name -> absent.putIfAbsent(name, e.reason()));
            }
        }
    }

    /** The rules of all files. A rule that is correlated is none of its own, unless the correlation generates it. */
    public ParsedFile compile() {
        List<Rule> correlated = new ArrayList<>();
        Set<SigmaRule> silent = new HashSet<>();
        Set<SigmaRule> generated = new HashSet<>();
        for (YamlValue document : correlations) {
            String title = text(document, "title");
            (Correlation.generates(document) ? generated : silent).addAll(named(document));
            try {
                if (title.isEmpty()) {
                    throw new RefusedException(document.position(), "a correlation has `title` and `correlation`");
                }
                Correlation correlation = Correlation.read(document);
                List<SigmaRule> named = new ArrayList<>();
                for (YamlValue name : correlation.rules()) {
                    named.add(base(name));
                }
                warnOfStatus(title, document);
                correlated.addAll(new Correlations(
                                correlation, description(title, document), SigmaReader::message, document.position())
                        .rules(named));
            } catch (RefusedException e) {
                refused.add(new Problem(title, e.position(), e.reason()));
            }
        }
        silent.removeAll(generated);
        List<Rule> rules = new ArrayList<>();
        for (SigmaRule base : bases) {
            if (!silent.contains(base)) {
                base.conditions()
                        .forEach((kind, condition) ->
                                rules.add(rule(base.description(), kind, condition, base.position())));
            }
        }
        rules.addAll(correlated);
        return new ParsedFile(rules, refused, warnings);
    }

    /** The rules that a correlation names, also one that is refused: alone they are noise. */
    private List<SigmaRule> named(YamlValue document) {
        Set<String> names = new HashSet<>(Correlation.names(document));
        return bases.stream()
                .filter(base -> base.names().stream().anyMatch(names::contains))
                .toList();
    }

    private SigmaRule base(YamlValue name) throws RefusedException {
        String called = name.text().strip();
        for (SigmaRule base : bases) {
            if (base.names().contains(called)) {
                return base;
            }
        }
        for (YamlValue other : correlations) {
            if (names(other).contains(called)) {
                throw new RefusedException(
                        name.position(),
                        "`" + called + "` is a correlation itself: correlations of correlations are not taken;"
                                + " `vigilant rules convert` writes it in DRL, where patterns can be added");
            }
        }
        String why = absent.get(called);
        Set<String> known = new TreeSet<>(absent.keySet());
        bases.forEach(base -> known.addAll(base.names()));
        throw new RefusedException(
                name.position(),
                why == null
                        ? "no rule has the name or id `" + called + "`"
                                + Nearest.hint(called, known, ": load its file too")
                        : "its rule `" + called + "` is refused: " + why);
    }

    private static Set<String> names(YamlValue document) {
        Set<String> names = new HashSet<>(List.of(text(document, "id"), text(document, "name")));
        names.remove("");
        return names;
    }

    private static String text(YamlValue document, String key) {
        YamlValue value = document.map().get(key);
        return value == null ? "" : value.text().strip();
    }

    private static List<String> texts(YamlValue document, String key) {
        YamlValue value = document.map().get(key);
        return value == null
                ? List.of()
                : value.list().stream()
                        .map(YamlValue::text)
                        .filter(t -> !t.isEmpty())
                        .toList();
    }

    private void document(String title, YamlValue document) throws RefusedException {
        Position position = document.position();
        if (document.map().containsKey("correlation")) {
            correlations.add(document);
            return;
        }
        if (document.map().containsKey("action")) {
            throw new RefusedException(position, "`action` is of Sigma before 2.0: write each rule whole");
        }
        YamlValue source = document.map().get("logsource");
        YamlValue wanted = document.map().get("detection");
        if (source == null || wanted == null || title.isEmpty()) {
            throw new RefusedException(position, "a rule has `title`, `logsource` and `detection`");
        }
        RuleDescription description = description(title, document);
        warnOfStatus(title, document);
        bases.add(base(description, names(document), source, Detection.read(wanted), position));
    }

    private void warnOfStatus(String title, YamlValue document) {
        if (Set.of("deprecated", "unsupported").contains(text(document, "status"))) {
            warnings.add(new Problem(title, document.position(), "its authors call it " + text(document, "status")));
        }
    }

    private SigmaRule base(
            RuleDescription description, Set<String> names, YamlValue source, Detection detection, Position position)
            throws RefusedException {
        Map<EventKind, List<Verdict>> byKind = new EnumMap<>(EventKind.class);
        List<View> views = LogSources.views(source, detection, accounts);
        for (View view : views) {
            Verdict verdict = Verdict.and(List.of(Verdict.of(view.base()), detection.verdict(view)), position);
            byKind.computeIfAbsent(view.kind(), k -> new ArrayList<>()).add(verdict);
        }
        Set<String> unknown = new TreeSet<>();
        Set<String> lost = new TreeSet<>();
        Map<EventKind, Condition> made = new EnumMap<>(EventKind.class);
        byKind.forEach((kind, verdicts) -> {
            Verdict verdict = Verdict.or(verdicts, position);
            unknown.addAll(verdict.unknown());
            if (!Logic.isNever(verdict.decided())) {
                lost.addAll(verdict.unknown());
                made.put(kind, verdict.decided());
            }
        });
        if (made.isEmpty()) {
            throw new RefusedException(
                    position,
                    "can never match here"
                            + (unknown.isEmpty() ? ": no event has these values" : ": " + String.join("; ", unknown)));
        }
        if (!lost.isEmpty()) {
            warnings.add(new Problem(
                    description.name(), position, "a part of it counts as false: " + String.join("; ", lost)));
        }
        return new SigmaRule(description, names, made, views, position);
    }

    private static Rule rule(RuleDescription description, EventKind kind, Condition condition, Position position) {
        List<Condition> conditions = condition instanceof Condition.And and ? and.parts() : List.of(condition);
        Pattern pattern = new Pattern(Pattern.Quantifier.EACH, EVENT, kind.type(), conditions, position);
        return new Rule(message(description, kind), List.of(pattern), List.of(EVENT), position);
    }

    private RuleDescription description(String title, YamlValue document) throws RefusedException {
        List<String> tags = texts(document, "tags");
        String described = text(document, "description");
        Position position = document.position();
        return new RuleDescription(
                id(title, text(document, "id")),
                title,
                "sigma",
                described.isEmpty() ? title : described,
                severity(text(document, "level"), position),
                tags.stream()
                        .map(TECHNIQUE::matcher)
                        .filter(java.util.regex.Matcher::matches)
                        .map(m -> m.group(1).toUpperCase(Locale.ROOT))
                        .distinct()
                        .toList(),
                tags,
                texts(document, "falsepositives").stream().collect(Collectors.joining("; ")),
                null,
                position.file(),
                position.line());
    }

    private static Severity severity(String level, Position position) throws RefusedException {
        return switch (level.toLowerCase(Locale.ROOT)) {
            case "critical" -> Severity.CRITICAL;
            case "high" -> Severity.ERROR;
            case "medium", "" -> Severity.WARNING;
            case "low" -> Severity.NOTICE;
            case "informational" -> Severity.INFORMATIONAL;
            default ->
                throw new RefusedException(
                        position, "level `" + level + "`: write informational, low, medium, high or critical");
        };
    }

    /** The file's id, or the title in lower case with dashes. */
    private static String id(String title, String id) {
        String words = (id.isEmpty() ? title : id).toLowerCase(Locale.ROOT);
        return "sigma-" + words.replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
    }

    private static RuleDescription message(RuleDescription d, EventKind kind) {
        String title = d.name().replace('{', '(').replace('}', ')');
        String details = switch (kind) {
            case PROCESS_EXEC -> ": {process.commandLine}";
            case FILE_OPEN -> ": {file.path} by {process.name}";
            case FILE_RENAME -> ": {target.path} by {process.name}";
            case NETWORK_CONNECT -> ": {address.ip} port {address.port} by {process.name}";
            default -> "";
        };
        return new RuleDescription(
                d.id(),
                d.name(),
                d.pack(),
                d.description(),
                d.severity(),
                d.techniques(),
                d.tags(),
                d.falsePositives(),
                details.isEmpty() ? null : title + details,
                d.file(),
                d.line());
    }
}
