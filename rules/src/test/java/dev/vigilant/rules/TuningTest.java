// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vigilant.alert.RuleDescription;
import dev.vigilant.alert.Severity;
import dev.vigilant.event.FileOpen;
import dev.vigilant.event.Process;
import dev.vigilant.event.ProcessExec;
import dev.vigilant.rules.ast.Problem;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TuningTest {
    private static final long DAY = 86_400 * Events.SECOND;
    private static final RuleSet RULES = Rules.sound(
            Rules.rule("etc", "$o : FileOpen( file.path str[under] \"/etc\" )", "alert( $o );"),
            Rules.rule("drop", """
                    $w : FileOpen( write, file.path str[under] "/tmp" )
                    $x : ProcessExec( file.path == $w.file.path, this after[0s,60s] $w )
                    """, "alert( $x, $w );"));

    @Test
    void disablesAndChangesSeverity() {
        RuleSet site = site("rules: {etc: {enabled: false, reason: noise}, drop: {severity: notice}}");

        assertThat(site.describe()).extracting(RuleDescription::id).containsExactly("drop");
        assertThat(site.describe()).extracting(RuleDescription::severity).containsExactly(Severity.NOTICE);
        assertThat(site.tuning().disabled()).containsExactly("etc");
        assertThat(Rules.matches(site, open(0, "sh", "/etc/passwd", 1))).isEmpty();
    }

    @Test
    void partsARuleInWhatIsToldAndWhatIsKeptBack() {
        RuleSet site = site(exception("etc", "process.name in (Shells)", "never"));

        assertThat(Rules.matches(site, open(0, "sh", "/etc/passwd", 1), open(1, "vi", "/etc/passwd", 1)))
                .containsExactly("etc!1:0", "etc:1");
        assertThat(site.describe()).extracting(RuleDescription::id).containsExactly("etc", "drop");
    }

    @Test
    void countsAnAlertWithTheFirstExceptionThatFits() {
        RuleSet site = site("exceptions:\n"
                + entry("etc", "process.name == \"sh\"", "never")
                + entry("etc", "file.path == \"/etc/passwd\"", "never"));

        assertThat(Rules.matches(
                        site,
                        open(0, "sh", "/etc/passwd", 1),
                        open(1, "vi", "/etc/passwd", 1),
                        open(2, "vi", "/etc/group", 1)))
                .containsExactly("etc!1:0", "etc!2:1", "etc:2");
    }

    @Test
    void asksOfAllEventsOfAChain() {
        FileOpen drop = open(0, "cp", "/tmp/x", 1);
        ProcessExec run = exec(1, "/tmp/x");

        // The alert is about $w, the newest event is $x.
        assertThat(Rules.matches(site(exception("drop", "process.name == \"cp\"", "never")), drop, run))
                .containsExactly("drop!1:1,0");
        assertThat(Rules.matches(
                        site(exception("drop", "process.name == \"cp\" && $x.process.name == \"x\"", "never")),
                        drop,
                        run))
                .containsExactly("drop!1:1,0");
        assertThat(Rules.matches(site(exception("drop", "$x.process.name == \"y\"", "never")), drop, run))
                .containsExactly("drop:1,0");
    }

    @Test
    void endsAnExceptionWithItsDay() {
        String day = LocalDate.ofEpochDay(Events.START / DAY).toString();
        RuleSet site = site(exception("etc", "process.name == \"sh\"", day));
        long left = DAY - Events.START % DAY;

        assertThat(Rules.matches(site, open(left - 1, "sh", "/etc/passwd", 1), open(left, "sh", "/etc/passwd", 1)))
                .containsExactly("etc!1:0", "etc:1");
        assertThat(site.tuning().expiries()).hasSize(1);
        assertThat(site.warnings()).isEmpty();
        assertThat(RULES.tuned("site.yaml", exception("etc", "process.name == \"sh\"", day), Events.START + DAY)
                        .warnings())
                .extracting(Problem::reason)
                .containsExactly("exception \"r\" of o, until " + day
                        + " has ended and no longer applies to etc: renew or remove it");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rules: {ect: {enabled: false}}|1:14|no rule has the id `ect`: did you mean `etc`?",
                "rules: {etc: {enabeld: false}}|1:24|unknown key `enabeld`: did you mean `enabled`?",
                "rules: {etc: {enabled: maybe}}|1:14|`enabled` is true or false",
                "rules: {etc: {severity: high}}|1:25|unknown severity `high`",
                "exceptions: [{rule: etc, owner: o, reason: r, expires: never}]|1:14|no `when`: add a condition",
                "exceptions: [{rule: etc, when: 'write', reason: r, expires: never}]|1:14|no `owner`: add who answers",
                "exceptions: [{rule: etc, when: 'write', owner: o, expires: never}]|1:14|no `reason`: add why",
                "exceptions: [{rule: etc, when: 'write', owner: o, reason: r}]|1:14|no `expires`: add the last day",
                "exceptions: [{rule: etc, when: write, owner: o, reason: r, expires: soon}]|1:69|is no day: write 2027-03-31",
                "exceptions: [{rule: etc, when: 'file.pth == 1', owner: o, reason: r, expires: never}]|1:33|did you mean `file.path`",
                "exceptions: [{rule: drop, when: 'this after[0s,1s] $x', owner: o, reason: r, expires: never}]|1:34|cannot be said of drop",
                "exceptions: [{when: 'write', owner: o, reason: r, expires: never}]|1:14|no `rule`",
                "limits: [{rule: etc, alerts: 5}]|1:10|add `alerts: 5` and `per: 1h`",
                "limits: [{rule: etc, alerts: 5, per: 1h, by: [file.nam]}]|1:47|did you mean `file.name`?",
                "exeptions: []|1:12|unknown key `exeptions`: did you mean `exceptions`?",
                "- rule: etc|1:1|a site file has",
                "rules: {|1:9|not YAML",
            })
    void refusesAnEntryWithItsPlaceAndARemedy(String text, String place, String reason) {
        RuleSet site = RULES.tuned("site.yaml", text, Events.START);

        assertThat(site.refused()).isNotEmpty();
        assertThat(site.refused().get(0).position()).hasToString("site.yaml:" + place);
        assertThat(site.refused().get(0).reason()).contains(reason);
        assertThat(Rules.matches(site, open(0, "sh", "/etc/passwd", 1))).containsExactly("etc:0");
    }

    private static RuleSet site(String text) {
        RuleSet site = RULES.tuned("site.yaml", text, Events.START);
        assertThat(site.refused()).isEmpty();
        return site;
    }

    private static String exception(String rule, String when, String expires) {
        return "exceptions:\n" + entry(rule, when, expires);
    }

    private static String entry(String rule, String when, String expires) {
        return "  - {rule: " + rule + ", when: '" + when + "', owner: o, reason: r, expires: " + expires + "}\n";
    }

    private static FileOpen open(long nanos, String name, String path, long flags) {
        return Events.open(Events.START + nanos, process(name), null, path, flags);
    }

    private static ProcessExec exec(long nanos, String path) {
        return Events.exec(Events.START + nanos, process("x"), null, path);
    }

    private static Process process(String name) {
        return Events.process(7, name, null);
    }

    @Test
    void hasTheSensorSenseWhatItSensedBefore() {
        RuleSet site = site(exception("etc", "process.name == \"sh\" && file.name == \"x\"", "2031-01-01"));

        assertThat(site.interests()).containsExactlyInAnyOrderElementsOf(RULES.interests());
    }

    @Test
    void leavesRulesAloneThatNobodySpeaksOf() {
        assertThat(RULES.tuned("site.yaml", "", Events.START).rules()).isEqualTo(RULES.rules());
        assertThat(List.copyOf(RULES.tuning().suppressions().keySet())).isEmpty();
    }
}
