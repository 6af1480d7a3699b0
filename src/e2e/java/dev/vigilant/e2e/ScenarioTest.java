// SPDX-FileCopyrightText: The Vigilant authors
// SPDX-License-Identifier: Apache-2.0
package dev.vigilant.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Reading of scenario files. */
class ScenarioTest {
    private static List<Scenario> parse(String yaml) {
        return Scenario.parse("some.yaml", yaml, false);
    }

    @Test
    void readsAllThatAnAttackSays() {
        Scenario scenario = parse(
                        "- {id: a-1, technique: T1, category: c, runs: container, privileged: true, docker: [-v, 'x:y'],"
                                + " min_severity: error, about: a, also: b, rule: r, needs: [calls], script: 'id; true'}")
                .get(0);
        assertThat(scenario)
                .isEqualTo(new Scenario(
                        "a-1",
                        "container",
                        true,
                        List.of("-v", "x:y"),
                        "id; true",
                        "error",
                        List.of("r"),
                        false,
                        List.of(),
                        List.of("calls"),
                        Scenario.SENSORS,
                        ""));
    }

    @Test
    void aBenignFileHasSilentScenariosOnly() {
        assertThat(Scenario.parse("benign.yaml", "- {id: b, runs: host, script: id}", true)
                        .get(0)
                        .silent())
                .isTrue();
    }

    @Test
    void refusesWhatWouldProveNothing() {
        assertThatThrownBy(() -> parse("- {id: a, runs: container, script: id}"))
                .hasMessage("some.yaml: a: min_severity: ");
        assertThatThrownBy(() -> parse("- {id: a, runs: container, script: id, min_severity: bad}"))
                .hasMessage("some.yaml: a: min_severity: bad");
        assertThatThrownBy(() -> parse("- {id: a, runs: container, min_severity: error}"))
                .hasMessage("some.yaml: a: no script");
        assertThatThrownBy(() -> parse("- {id: a, runs: replay, min_severity: error}"))
                .hasMessage("some.yaml: a: no log");
        assertThatThrownBy(() -> parse("- {id: a, runs: pod, min_severity: error}"))
                .hasMessage("some.yaml: a: runs: pod");
    }

    @Test
    void refusesMisspeltKeysAndRepeatedIds() {
        assertThatThrownBy(() -> parse("- {id: a, runs: host, script: id, silnet: true}"))
                .hasMessage("some.yaml: a: unknown key silnet");
        assertThatThrownBy(() -> parse("- {id: a, runs: host, script: id, silent: true}\n"
                        + "- {id: a, runs: host, script: ls, silent: true}"))
                .hasMessage("some.yaml: a is there twice");
        assertThatThrownBy(() -> parse("- {id: 'A b', runs: host, script: id, silent: true}"))
                .hasMessageContaining("id is not");
    }

    @Test
    void readsASentenceWithAComma() {
        assertThat(parse("- {id: a, about: this, then that, runs: host, script: id, silent: true}"))
                .hasSize(1);
    }

    @Test
    void ranksLevelsAsSyslogDoes() {
        assertThat(Scenario.atLeast("emergency", "critical")).isTrue();
        assertThat(Scenario.atLeast("warning", "warning")).isTrue();
        assertThat(Scenario.atLeast("notice", "warning")).isFalse();
        assertThat(Scenario.atLeast("", "warning")).isFalse();
    }

    @Test
    void readsAllOwnScenarios() throws Exception {
        assertThat(Scenario.own()).isNotEmpty();
    }
}
