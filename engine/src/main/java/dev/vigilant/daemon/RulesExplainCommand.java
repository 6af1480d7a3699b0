// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.daemon;

import dev.vigilant.counter.Counters;
import dev.vigilant.event.KernelEvent;
import dev.vigilant.rules.RuleSession;
import dev.vigilant.rules.RuleSet;
import dev.vigilant.rules.ast.Count;
import dev.vigilant.rules.ast.Pattern;
import dev.vigilant.rules.ast.Pattern.Quantifier;
import dev.vigilant.rules.ast.Problem;
import dev.vigilant.rules.ast.Rule;
import dev.vigilant.rules.author.Explanation;
import dev.vigilant.rules.author.Explanation.ConstraintVerdict;
import dev.vigilant.rules.author.Explanation.EventVerdict;
import dev.vigilant.rules.author.Explanation.PatternVerdict;
import dev.vigilant.rules.author.RuleTest;
import dev.vigilant.rules.author.TestReader;
import dev.vigilant.rules.field.Nearest;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rules explain}: why a rule did or did not fire. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        description =
                "Say why a rule does or does not fire on events: each constraint with the value it saw; exit code 1"
                        + " when it does not fire.")
final class RulesExplainCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common = new CommonOptions();

    @Parameters(index = "0", paramLabel = "RULE", description = "Id of the rule.")
    private String id = "";

    @Parameters(
            index = "1",
            paramLabel = "EVENT-FILE",
            description = "Lines of vigilant events, a recording, an audit.log, or a file of tests.")
    private Path file = Path.of("");

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "Show so many events of each pattern, those that came furthest first. Default: 5.")
    private int limit = 5;

    private final PrintStream out = System.out;

    @Override
    public Integer call() throws IOException {
        RuleSet rules = Rules.load(common.config());
        RuleSet one = rules.where(rule -> rule.description().id().equals(id));
        if (one.rules().isEmpty()) {
            throw new ConfigurationException("no rule " + id
                    + Nearest.hint(
                            id,
                            rules.describe().stream().map(r -> r.id()).toList(),
                            ": load its file with --rules PATH"));
        }
        List<Problem> problems = new ArrayList<>();
        long fired = 0;
        if (file.toString().endsWith(TestReader.SUFFIX)) {
            long now = System.currentTimeMillis() * 1_000_000L;
            for (RuleTest test : TestReader.read(file, Files.readString(file), now, problems::add)) {
                out.println("test \"" + test.name() + "\"");
                Path recording = test.recording();
                fired += explain(one, recording == null ? test.events() : EventFile.read(recording, problems::add));
            }
        } else {
            fired = explain(one, EventFile.read(file, problems::add));
        }
        problems.forEach(problem -> System.err.println("vigilant: " + problem));
        return fired > 0 ? 0 : Vigilant.FINDINGS;
    }

    private long explain(RuleSet one, List<KernelEvent> events) {
        long fired = fired(one, events);
        for (Rule rule : one.rules()) {
            out.println(
                    "rule " + rule.description().id() + " at " + rule.position() + ", " + events.size() + " events: "
                            + (fired == 0 ? "does not fire" : "fires " + fired + (fired == 1 ? " time" : " times")));
            Explanation explanation = Explanation.of(rule, events);
            int number = 1;
            for (PatternVerdict pattern : explanation.patterns()) {
                print(number++, pattern);
            }
            if (explanation.cut()) {
                out.println("  not all combinations of the earlier events were tried: pass fewer events");
            }
        }
        return fired;
    }

    /** What Drools makes of them. */
    private static long fired(RuleSet one, List<KernelEvent> events) {
        long[] count = {0};
        try (RuleSession session = new RuleSession(one, (rule, evidence) -> count[0]++, new Counters())) {
            events.forEach(session::offer);
        }
        return count[0];
    }

    private void print(int number, PatternVerdict verdict) {
        Pattern pattern = verdict.pattern();
        String quantifier = switch (pattern.quantifier()) {
            case EACH -> pattern.binding() == null ? "" : pattern.binding() + " : ";
            case EXISTS -> "exists ";
            case NONE -> "not ";
            case COUNT -> "accumulate ";
        };
        out.println("  pattern " + number + " at line " + pattern.position().line() + ": " + quantifier
                + pattern.type().getSimpleName() + ": " + verdict.events().size() + " events of its kind, "
                + verdict.fitting() + " fit" + remark(verdict));
        List<EventVerdict> nearest = verdict.events().stream()
                .sorted(Comparator.comparingLong((EventVerdict e) ->
                        e.constraints().stream().filter(c -> !c.holds()).count()))
                .toList();
        nearest.stream().limit(limit).forEach(this::print);
        rest(nearest);
    }

    private static String remark(PatternVerdict verdict) {
        if (!verdict.missing().isEmpty()) {
            return "; nothing to join them with: " + String.join(", ", verdict.missing()) + " found nothing";
        }
        Count count = verdict.pattern().count();
        if (count != null) {
            return count.open()
                    ? ""
                    : "; counts to " + verdict.counted() + ", asked for " + asked(count)
                            + (count.holds(verdict.counted()) ? "" : ", so that the rule stays silent");
        }
        boolean none = verdict.pattern().quantifier() == Quantifier.NONE;
        return none && verdict.fitting() > 0
                ? ", so that the rule stays silent"
                : !none && verdict.fitting() == 0 ? ": it found nothing" : "";
    }

    private static String asked(Count count) {
        if (count.least() == count.most()) {
            return Long.toString(count.least());
        }
        return count.most() == Long.MAX_VALUE
                ? count.least() + " or more"
                : count.least() <= 0 ? count.most() + " or fewer" : count.least() + " to " + count.most();
    }

    private void print(EventVerdict verdict) {
        KernelEvent event = verdict.event();
        out.println("    event " + verdict.number() + " at "
                + Instant.ofEpochSecond(0, event.context().timeNanos()) + ", "
                + event.getClass().getSimpleName()
                + (event.process() == null ? "" : " by " + event.process().name())
                + (verdict.fits() ? ": fits" : ": does not fit"));
        boolean all = true;
        for (ConstraintVerdict constraint : verdict.constraints()) {
            print(constraint, "      ", all && !constraint.holds());
            all &= constraint.holds();
        }
    }

    private void print(ConstraintVerdict verdict, String indent, boolean first) {
        String text = verdict.condition().text();
        out.println(indent
                + (verdict.holds() ? "holds  " : "FAILS  ")
                + (text.length() > 200 ? text.substring(0, 200) + "..." : text)
                + (verdict.saw() == null || verdict.saw().isEmpty() ? "" : "   <- " + verdict.saw())
                + (first ? "   (the first that fails)" : ""));
        verdict.parts().forEach(part -> print(part, indent + "  ", false));
    }

    private void rest(List<EventVerdict> nearest) {
        if (nearest.size() <= limit) {
            return;
        }
        Map<String, Integer> reasons = new LinkedHashMap<>();
        nearest.stream()
                .skip(limit)
                .forEach(e -> reasons.merge(
                        e.firstFailed().map(c -> c.condition().text()).orElse("(fits)"), 1, Integer::sum));
        out.println("    and " + (nearest.size() - limit) + " more, by the first that fails:");
        reasons.forEach((text, count) -> out.printf(
                Locale.ROOT, "      %6d  %s%n", count, text.length() > 160 ? text.substring(0, 160) + "..." : text));
    }
}
