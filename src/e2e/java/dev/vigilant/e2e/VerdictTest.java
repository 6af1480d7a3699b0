// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Matching of alerts to scenarios, on canned alerts. */
class VerdictTest {
    private static final String ID = "6e00cd562cc2d88e238dfb81d9439de7ec843ee9d0c9879d549cb1436786f975";
    private static final String OTHER = "0".repeat(64);
    private static final Instant START = Instant.parse("2026-11-24T03:00:00Z");

    private static Scenario scenario(String fields) {
        return Scenario.parse("test", "- {id: x, " + fields + "}", false).get(0);
    }

    private static Trace in(Scenario scenario) {
        return new Trace(scenario, ID, "some-name", 0, START, START.plusSeconds(2), "exit 0", "");
    }

    private static Trace onHost(Scenario scenario) {
        return new Trace(scenario, "", "", 4242, START, START.plusSeconds(2), "exit 0", "");
    }

    private static ObjectNode alert(String rule, String level) {
        ObjectNode alert = new ObjectMapper().createObjectNode();
        alert.put("@timestamp", START.plusSeconds(1).toString());
        alert.putObject("rule").put("id", rule);
        alert.putObject("log").put("level", level);
        ObjectNode process = alert.putObject("process").put("pid", 4300L).put("name", "sh");
        process.putArray("ancestors").addObject().put("pid", 4242L).put("name", "sh");
        return alert;
    }

    private static ObjectNode contained(String container, String rule, String level) {
        ObjectNode alert = alert(rule, level);
        ObjectNode node = alert.putObject("container").put("id", container).put("name", "some-name");
        node.putObject("image").put("name", DockerEngine.IMAGE);
        return alert;
    }

    private static String verdict(Trace trace, JsonNode... alerts) {
        return Verdict.of(trace, List.of(alerts)).problem();
    }

    private static final Scenario ATTACK = scenario("runs: container, script: s, min_severity: error");

    @Test
    void attackIsFlaggedByAnyRuleAtItsSeverityOrWorse() {
        assertThat(verdict(in(ATTACK), contained(ID, "a", "critical"))).isEmpty();
        assertThat(verdict(in(ATTACK), contained(ID, "a", "error"))).isEmpty();
        assertThat(verdict(in(ATTACK), contained(ID, "a", "warning"))).isEqualTo("not flagged at error or above");
        assertThat(verdict(in(ATTACK))).isEqualTo("not flagged at error or above");
    }

    @Test
    void alertOfAnotherContainerOrOfNoneIsNotTheScenarios() {
        assertThat(verdict(in(ATTACK), contained(OTHER, "a", "critical"))).startsWith("not flagged");
        assertThat(verdict(in(ATTACK), alert("a", "critical"))).startsWith("not flagged");
    }

    @Test
    void ownAttackAsksForItsRule() {
        Scenario own = scenario("runs: container, script: s, min_severity: warning, rule: mine");
        assertThat(verdict(in(own), contained(ID, "other", "critical")))
                .isEqualTo("not flagged by mine at warning or above");
        assertThat(verdict(in(own), contained(ID, "other", "critical"), contained(ID, "mine", "warning")))
                .isEmpty();
    }

    @Test
    void flaggedOnlyWhenAnAlertIsComplete() {
        ObjectNode bare = contained(ID, "a", "error");
        ((ObjectNode) bare.path("container")).remove("name");
        ((ObjectNode) bare.path("container").path("image")).put("name", "sha256:1");
        ((ObjectNode) bare.path("process")).remove("ancestors");
        ((ObjectNode) bare.path("process")).put("name", "");
        assertThat(verdict(in(ATTACK), bare))
                .isEqualTo("a lacks process.name, process.ancestors, container.name some-name, container.image.name "
                        + DockerEngine.IMAGE);
        assertThat(verdict(in(ATTACK), bare, contained(ID, "b", "error"))).isEmpty();
    }

    @Test
    void execBelongsToTheVictimDuringItsTime() {
        Trace exec = in(scenario("runs: exec, script: s, min_severity: notice"));
        assertThat(verdict(exec, contained(ID, "a", "notice"))).isEmpty();
        ObjectNode late = contained(ID, "a", "notice");
        late.put("@timestamp", START.plusSeconds(3).toString());
        assertThat(verdict(exec, late)).startsWith("not flagged");
    }

    @Test
    void hostScenarioOwnsItsShellAndItsDescendants() {
        Trace host = onHost(scenario("runs: host, script: s, min_severity: warning"));
        assertThat(verdict(host, alert("a", "warning"))).isEmpty();
        ObjectNode shell = alert("a", "warning");
        ((ObjectNode) shell.path("process"))
                .put("pid", 4242L)
                .putArray("ancestors")
                .addObject()
                .put("pid", 1L);
        assertThat(verdict(host, shell)).isEmpty();
        ObjectNode stranger = alert("a", "warning");
        ((ObjectNode) stranger.path("process"))
                .putArray("ancestors")
                .addObject()
                .put("pid", 99L);
        assertThat(verdict(host, stranger)).startsWith("not flagged");
    }

    @Test
    void benignAllowsNoticeButNotWarning() {
        Scenario benign = Scenario.parse("benign.yaml", "- {id: b, runs: container, script: s}", true)
                .get(0);
        assertThat(verdict(in(benign), contained(ID, "a", "notice"))).isEmpty();
        assertThat(verdict(in(benign), contained(ID, "a", "warning"))).isEqualTo("raised a at warning");
        assertThat(verdict(in(benign), contained(OTHER, "a", "critical"))).isEmpty();
    }

    @Test
    void silentNeighbourRefusesItsRuleAtAnyLevelAndToleratesTheAllowed() {
        Scenario neighbour = scenario("runs: container, script: s, rule: mine, silent: true, allows: [other]");
        assertThat(verdict(in(neighbour), contained(ID, "mine", "debug"))).isEqualTo("raised mine at debug");
        assertThat(verdict(in(neighbour), contained(ID, "other", "critical"))).isEmpty();
        assertThat(verdict(in(neighbour), contained(ID, "third", "warning"))).isEqualTo("raised third at warning");
    }

    @Test
    void silenceOfARefusedContainerProvesNothing() {
        Scenario neighbour = scenario("runs: container, script: s, rule: mine, silent: true");
        Trace refused = new Trace(
                neighbour, "", "n", 0, START, START, "exit 125 docker: Error response from daemon: no such device", "");
        assertThat(verdict(refused)).isEqualTo("did not run");
    }

    @Test
    void replayNeedsNeitherContainerNorAncestors() {
        Scenario replay = scenario("runs: replay, log: a.log, min_severity: error, rule: mine");
        ObjectNode alert = alert("mine", "error");
        ((ObjectNode) alert.path("process")).remove("ancestors");
        Trace trace = new Trace(replay, "", "", 0, Instant.MIN, Instant.MAX, "", "");
        assertThat(verdict(trace, alert)).isEmpty();
    }
}
